/** Proposals in a browser, between real nodes: from the catalogue to what all sign, seen before it is sent, and signed with what is new since the last time. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyNode, found, publish, type TrialNode, until } from '../end-to-end/trial-network.ts';
import { hasBrowser, openPage } from './browser.ts';
import { TrialConsole } from './trial-console.ts';

describe.skipIf(!hasBrowser)('proposing in the console', () => {
  let trial: TrialConsole;
  let keeper: TrialNode;
  let page: Page;
  let activation: string;

  beforeAll(async () => {
    trial = await TrialConsole.start();
    const { node, partner, folder } = trial;
    ({ page } = trial.watched);
    keeper = await emptyNode(folder, 'harbour', { org: 'Harbour Trust' });
    await keeper.start();
    await keeper.api.network.create({ name: 'Harbour Alliance' });
    for (const one of [node, partner]) {
      const { invite } = await keeper.api.network.invite();
      await one.api.network.join({ invite });
    }
    const path = join(folder, 'people.csv');
    await writeFile(path, people());
    const ids = [
      { column: 'phone', profile: 'phone' },
      { column: 'email', profile: 'email' },
    ];
    const attributes = ['city', 'spend'].map((column) => ({ column, grade: 'internal' as const }));
    await publish(node, { path, name: 'customers', ids, attributes });
    await publish(partner, { path, name: 'subscribers', ids: ids.slice(0, 1), attributes, values: ['city'] });
    await until(async () => (await node.api.catalogue.list()).items.length === 2);
    await trial.signIn('ana', ['analyst', 'approver', 'steward'], { address: '/propose' });
  }, 120_000);

  afterAll(async () => {
    await Promise.all([keeper?.stop(), trial?.stop()]);
  });

  const next = () => page.getByRole('button', { name: 'Next' }).click();

  it('[F105] a match: chosen from the catalogue, seen as a picture before it is sent, then waiting for the partner', async () => {
    await page.getByRole('link', { name: 'Reach shared people where they visit' }).waitFor();
    await trial.expectSound();
    await trial.shot('propose');
    await page.getByRole('link', { name: 'Which of our customers do they have too?' }).click();
    await choose(page, 'Partner', 'Borealis Media');
    await choose(page, 'Our dataset', 'customers');
    await choose(page, 'Their dataset', 'subscribers');
    // Only what both have can be chosen, and the first of it is.
    expect(await page.getByRole('checkbox', { name: 'phone' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'email' }).count()).toBe(0);
    await trial.expectSound();
    await trial.shot('propose-who');
    await next();
    await page.getByRole('radio', { name: /^Both do/ }).check();
    await trial.shot('propose-terms');
    await next();
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.getByLabel('What it is for').fill('Spring reach');
    await trial.expectSound();
    await trial.shot('propose-limits');
    await next();
    await page.getByRole('img', { name: /What crosses between the parties/ }).waitFor();
    // Points both ways, and tags both ways, for both learn.
    expect(await page.locator('.ladder .arrow').count()).toBe(4);
    expect((await trial.partner.api.agreement.list()).items).toEqual([]);
    await trial.expectSound();
    await trial.shot('propose-preview');
    await page.getByLabel('Keep it as a template called').fill('reach');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByText('Kept as reach.').waitFor();
    await page.getByRole('button', { name: 'Send the proposal' }).click();
    await page.getByRole('heading', { name: 'Spring reach' }).waitFor();
    await page.getByText('It waits for Borealis Media.').waitFor();
    await trial.expectSound();
    await trial.shot('agreement-waits');
    const [proposed] = (await trial.node.api.agreement.list()).items;
    const shown = await found(() => trial.partner.api.agreement.show({ agreement: proposed!.id }));
    await trial.partner.api.agreement.approve({ agreement: proposed!.id, disclosure: shown.disclosure.digest });
  });

  it('a draft survives the back button, another page and a reload', async () => {
    await page.goto(`${trial.node.url}/propose/match`);
    await choose(page, 'Partner', 'Borealis Media');
    await choose(page, 'Our dataset', 'customers');
    await choose(page, 'Their dataset', 'subscribers');
    await next();
    await page.getByRole('radio', { name: /^Nobody/ }).check();
    await page.goBack();
    await page.getByLabel('Their dataset').waitFor();
    await page.reload();
    await next();
    expect(await page.getByRole('radio', { name: /^Nobody/ }).isChecked()).toBe(true);
  });

  it('a template begins at the preview, with what was kept', async () => {
    await page.goto(`${trial.node.url}/propose`);
    await page.getByRole('button', { name: 'Use it: reach' }).click();
    await page.getByRole('img', { name: /What crosses between the parties/ }).waitFor();
    await page.getByRole('button', { name: /Purpose and limits/ }).click();
    expect(await page.getByLabel('What it is for').inputValue()).toBe('Spring reach');
  });

  it('an insight that tells the partner about our people shows what it takes of their budget', async () => {
    await page.goto(`${trial.node.url}/propose/insight`);
    await choose(page, 'Partner', 'Borealis Media');
    await choose(page, 'Our dataset', 'customers');
    await choose(page, 'Their dataset', 'subscribers');
    await next();
    // Of the partner's column the values are there that it has published, without how many people have them.
    await page.getByRole('button', { name: 'Add a table' }).click();
    await page.getByText('Choose from those that the partner has published, or type.').waitFor();
    await page.getByRole('combobox', { name: 'Values' }).click();
    expect(await offeredIn(page)).toEqual(['上海', '北京', '广州']);
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: /^Borealis Media does/ }).check();
    await page.getByRole('button', { name: 'Add a table' }).click();
    // Of our own column the values that many rows have are there to be chosen.
    await page.getByRole('button', { name: 'Take all 3 that are listed' }).click();
    await page.getByRole('button', { name: 'Add a sum' }).click();
    await page.getByLabel('Unit').fill('CNY');
    await trial.expectSound();
    await trial.shot('propose-insight');
    await next();
    await page.getByLabel('What it is for').fill('who is shared');
    await next();
    await page.getByRole('heading', { name: 'Privacy budget' }).waitFor();
    expect(await page.locator('.budget').textContent()).toMatch(/towards Borealis Media.*0% now, \d+% with this/);
    await trial.expectSound();
    await trial.shot('propose-insight-preview');
  });

  it('a room: three parties, rules from the catalogue, and its picture', async () => {
    await page.goto(`${trial.node.url}/propose/room`);
    await choose(page, 'Aurora Motors (we)', 'customers');
    await choose(page, 'Borealis Media', 'subscribers');
    await page.getByRole('checkbox', { name: 'city' }).first().check();
    await page.getByLabel('Values that may be asked about: city').fill('上海,北京,广州,');
    // Columns of the partner are listed below our own.
    await page.getByRole('checkbox', { name: 'city' }).last().check();
    await page.getByLabel('Values that may be asked about: city').last().click();
    expect(await offeredIn(page)).toEqual(['上海', '北京', '广州']);
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'city' }).last().uncheck();
    await page.getByRole('checkbox', { name: 'spend' }).last().check();
    await page.getByRole('button', { name: 'Expand row' }).first().click();
    await page.getByLabel('Smallest group: city').fill('80');
    await page.getByRole('checkbox', { name: 'phone' }).check();
    await choose(page, 'Who keeps the room', 'Harbour Trust');
    await trial.expectSound();
    await trial.shot('propose-room');
    await next();
    await page.getByRole('checkbox', { name: 'A receiver may be told' }).check();
    await trial.expectSound();
    await trial.shot('propose-room-terms');
    await next();
    await page.getByLabel('What it is for').fill('reach of the spring campaign');
    await next();
    await page.getByRole('img', { name: /What crosses between the parties/ }).waitFor();
    const cost = page.getByRole('heading', { name: 'Cost', exact: true }).locator('..');
    expect(await cost.textContent()).toMatch(/\d.*join\/spine · Reckoned with the kernels here/);
    await trial.expectSound();
    await trial.shot('propose-room-preview');
    await page.getByRole('button', { name: 'Send the proposal' }).click();
    await page.getByRole('heading', { name: 'reach of the spring campaign' }).waitFor();
    const agreement = new URL(page.url()).pathname.split('/').at(-1)!;
    await found(() => keeper.api.agreement.show({ agreement }));
    await keeper.api.agreement.reject({ agreement, reason: 'not <i>this</i> month' });
    await page.getByText('not <i>this</i> month').waitFor();
    await page.getByText('Harbour Trust, rejecting it').waitFor();
    await trial.expectSound();
    await trial.shot('agreement-rejected');
  });

  it('labels for bid requests: keys in DNS seen before it is sent, what the partner’s rules say, and the file for the platform', async () => {
    const keyOf = async ({ api }: TrialNode) => (await api.activation.newKey({})).keys[0]!.publicKey;
    const opjaKeys = [`match.aurora.example=${await keyOf(trial.node)}`, `dsp.example=${await keyOf(keeper)}`];
    await trial.node.api.settings.update({ opjaKeys: opjaKeys.slice(0, 1) });
    await page.goto(`${trial.node.url}/propose/activate`);
    await choose(page, 'Partner', 'Borealis Media');
    await choose(page, 'Our dataset', 'customers');
    await choose(page, 'Their dataset', 'subscribers');
    await next();
    await page.getByRole('radio', { name: /^OPJA/ }).check();
    await page.getByLabel('Domain of the matching system').fill('match.aurora.example');
    await page.getByText('a key of this node is among those found').waitFor();
    await trial.node.api.settings.update({ opjaKeys });
    await page.getByLabel('Domain of whoever opens the labels').fill('dsp.example');
    await page.getByText('Published: one key found.').waitFor();
    await trial.expectSound();
    await trial.shot('propose-activate');
    await next();
    expect(await page.getByLabel('Days', { exact: true }).inputValue()).toBe('90');
    await page.getByLabel('What it is for').fill('customers at Borealis');
    await next();
    await page.getByRole('img', { name: /What crosses between the parties/ }).waitFor();
    const cost = page.getByRole('heading', { name: 'Cost', exact: true }).locator('..');
    expect(await cost.textContent()).toMatch(/\d.*opja · Reckoned with the kernels here/);
    await trial.expectSound();
    await trial.shot('propose-activate-preview');
    await page.getByRole('button', { name: 'Send the proposal' }).click();
    const rules = page.getByRole('heading', { name: 'What the partners’ rules say' }).locator('..');
    await expect.poll(() => rules.textContent()).toContain('Borealis Media');
    const agreement = new URL(page.url()).pathname.split('/').at(-1)!;
    const shown = await found(() => trial.partner.api.agreement.show({ agreement }));
    await page.getByRole('button', { name: 'Ask again' }).click();
    await rules.getByText('All allowed').waitFor();
    await trial.expectSound();
    await trial.shot('agreement-activate');
    await trial.partner.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
    await page.getByRole('button', { name: 'Run it now' }).click();
    await page.getByRole('button', { name: 'See the result' }).click();
    await page.getByRole('heading', { name: 'What this run left here' }).waitFor();
    await page.getByLabel('Path of the file').fill(join(trial.folder, 'campaign.json'));
    await page.getByRole('button', { name: 'Write the file' }).click();
    await page.getByText('The campaign is written').waitFor();
    await trial.expectSound();
    await trial.shot('result-activate');
    activation = agreement;
  });

  it('who signs reads what is new since the last agreement of its kind', async () => {
    const terms = { mine: 'subscribers', theirs: 'customers', keys: ['phone'], receiver: 'both', uses: 3 } as const;
    const { agreement } = await trial.partner.api.agreement.proposeMatch({
      ...terms,
      with: 'aurora',
      purpose: 'again <b>now</b>',
    });
    await found(() => trial.node.api.agreement.show({ agreement }));
    await page.goto(`${trial.node.url}/agreements/${agreement}`);
    await page.getByRole('heading', { name: 'again <b>now</b>' }).waitFor();
    await page.getByRole('row', { name: 'limits usesMax 1 3' }).waitFor();
    await trial.expectSound();
    await trial.shot('agreement-sign');
    await page.getByRole('button', { name: 'Sign' }).click();
    await page.getByRole('button', { name: 'Run it now' }).waitFor();
    await page.getByRole('button', { name: 'End this agreement' }).click();
    await page.getByRole('button', { name: 'End it for all' }).click();
    await expect.poll(() => page.locator('main .state').first().textContent()).toBe('Ended');
  });

  it('where four eyes are set, whoever proposed cannot approve, and the partner sees nothing before', async () => {
    await trial.node.api.settings.update({ fourEyes: true });
    await page.goto(`${trial.node.url}/propose`);
    await page.getByRole('button', { name: 'Use it: reach' }).click();
    await page.getByRole('button', { name: 'Give it to our approver' }).click();
    await page.getByText('You proposed it yourself').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await trial.expectSound();
    await trial.shot('agreement-four-eyes');
    const other = await openPage(trial.browser);
    await trial.signIn('bo', ['approver'], { address: new URL(page.url()).pathname, watched: other });
    await other.page.getByRole('button', { name: 'Approve' }).click();
    await other.page.getByText('It waits for Borealis Media.').waitFor();
    await trial.node.api.settings.update({ fourEyes: false });
  });

  it('in Chinese, in the dark and on a narrow screen nothing scrolls sideways, and the picture is a list', async () => {
    await page.goto(`${trial.node.url}/propose`);
    await page.getByRole('button', { name: 'Language, appearance and time zone' }).click();
    await page.getByText('简体中文').click();
    await page.getByText('深色').click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '使用: reach' }).click();
    await page.getByRole('img', { name: /各方之间依次传输/ }).waitFor();
    await trial.expectSound();
    await trial.shot('zh-dark-propose-preview');
    await page.setViewportSize({ width: 390, height: 800 });
    await page.locator('.flow-list').waitFor();
    await trial.expectNarrow();
    await trial.expectSound();
    await trial.shot('zh-dark-narrow-preview');
    await page.goto(`${trial.node.url}/agreements/${activation}`);
    await page.locator('.flow-list').waitFor();
    await trial.expectNarrow();
    await trial.shot('zh-dark-narrow-activate');
    await page.goto(`${trial.node.url}/propose/room`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await trial.expectNarrow();
    await trial.shot('zh-dark-narrow-room');
  });
});

/** Opens a select by its label and takes one of its options. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page
    .locator('.ant-select-dropdown:visible .ant-select-item-option-content')
    .getByText(option, { exact: true })
    .click();
}

/** What the open list offers. */
async function offeredIn(page: Page): Promise<readonly string[]> {
  const options = page.locator('.ant-select-dropdown:visible .ant-select-item-option-content');
  await options.first().waitFor();
  return (await options.allTextContents()).map((text) => text.trim());
}

/** 1,500 made-up people. */
function people(): string {
  const rows = Array.from({ length: 1500 }, (_, i) =>
    [
      `138${String(i * 33_331 + 17).padStart(8, '0')}`,
      `p${i}@example.org`,
      ['上海', '北京', '广州'][i % 3],
      i % 900,
    ].join(),
  );
  return ['phone,email,city,spend', ...rows].join('\n');
}
