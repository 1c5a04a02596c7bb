/** What stewards and admins do in a browser: a file sent through a stop of the node, the rules and what they would refuse, users, what budgets were spent on, the network. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { uploadPieceBytes } from '@causeway/core/api';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { found, publish, until } from '../end-to-end/trial-network.ts';
import { hasBrowser, openPage } from './browser.ts';
import { TrialConsole } from './trial-console.ts';

describe.skipIf(!hasBrowser)('managing a node in the console', () => {
  let trial: TrialConsole;
  let page: Page;
  let file: string;

  beforeAll(async () => {
    trial = await TrialConsole.start();
    ({ page } = trial.watched);
    file = join(trial.folder, '客户 =1+1.csv');
    await writeFile(file, people(2 * uploadPieceBytes + 100_000));
    await trial.signIn('ada', ['admin', 'steward', 'analyst', 'approver'], { address: '/' });
  }, 120_000);

  afterAll(() => trial?.stop());

  it('a new node shows the way, one step at a time', async () => {
    await page.getByText('From an empty node to the first match').waitFor();
    await trial.expectSound();
    await trial.shot('first-run');
    await trial.node.api.network.create({ name: 'Harbour Alliance' });
    const { invite } = await trial.node.api.network.invite();
    await trial.partner.api.network.join({ invite });
    await page.getByRole('button', { name: 'Bring in a file' }).click();
    await page.getByLabel('Choose a file').waitFor();
  });

  it('[F111] sends a file through a stop of the node, from where it was', async () => {
    let stops = 0;
    const pieces: string[] = [];
    page.on('request', (request) => {
      const piece = /\/pieces\/(\d+)\?/.exec(request.url())?.[1];
      if (piece !== undefined) pieces.push(piece);
    });
    await page.route('**/pieces/1?*', async (route) => {
      if (stops++ > 0) return route.continue();
      await trial.node.kill();
      await route.abort();
      await trial.shot('upload-waiting');
      await trial.node.start();
    });
    await page.getByLabel('Choose a file').setInputFiles(file);
    await page.getByText('The node does not answer').waitFor();
    // A node starts within seconds, and within a minute where the machine has much else to do.
    await page.getByRole('button', { name: 'Take it in' }).waitFor({ timeout: 90_000 });
    // The first piece arrived before the stop, and is not sent again.
    expect(pieces).toEqual(['0', '1', '1', '2']);
    await page.unroute('**/pieces/1?*');
    await page.getByText('99999999999').first().waitFor();
    expect(await page.locator('main').textContent()).not.toMatch(/1380000\d{4}/);
    // The stop ended requests of the page, which it may say.
    await trial.expectSound({ ...trial.watched, broke: [] });
    await trial.shot('upload-preflight');
    await page.getByLabel('Name of the dataset').fill('customers');
    await page.getByRole('button', { name: 'Take it in' }).click();
    await page.getByRole('heading', { name: 'customers' }).waitFor();
    await page.goto(`${trial.node.url}/datasets/add`);
    await page.getByLabel('Choose a file').waitFor();
    // What was taken in waits no more.
    expect((await trial.node.api.upload.list()).items).toEqual([]);
  }, 120_000);

  it('[F111] a file that was stopped is listed, gone on with when it is chosen again, and can be removed', async () => {
    await page.route('**/pieces/1?*', () => {});
    await page.getByLabel('Choose a file').setInputFiles(file);
    await page.getByText(/4\.2 MB of 8\.5 MB/).waitFor();
    await page.goto(`${trial.node.url}/datasets/add`);
    await page.unroute('**/pieces/1?*');
    await page.getByText(/4\.2 MB of 8\.5 MB are there/).waitFor();
    await trial.shot('upload-listed');
    await page.getByRole('button', { name: 'Remove: 客户 =1+1.csv' }).click();
    await expect.poll(async () => (await trial.node.api.upload.list()).items).toEqual([]);
  });

  it('rules say what they mean and what they would refuse, before they are kept', async () => {
    await trial.node.api.dataset.publish({ dataset: 'customers' });
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Shortest list').fill('9000000');
    await page.getByText('Too short to take part: customers').waitFor();
    await page.getByLabel('Smallest group').fill('100');
    await page.getByText('A count of 99 is shown as').waitFor();
    await trial.expectSound({ ...trial.watched, broke: [] });
    await trial.shot('settings-rules');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByLabel('Smallest group').fill('60');
    // Somebody else saves another rule; the screen is come back to.
    await trial.node.api.settings.update({ minimumListRows: 2000 });
    const shortest = async () => {
      await page.evaluate(`dispatchEvent(new Event('visibilitychange'))`);
      return page.getByLabel('Shortest list').inputValue();
    };
    await expect.poll(shortest).toMatch(/^2,?000$/);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });
    expect(await trial.node.api.settings.get()).toMatchObject({ minimumGroupRows: 60, minimumListRows: 2000 });
    await trial.node.api.settings.update({ minimumListRows: 1000 });
  });

  it('the organisation is called otherwise, for its partners too, but not as one of them is', async () => {
    const name = page.getByLabel('Name of the organisation');
    await name.fill('Borealis Media');
    await page.getByRole('button', { name: 'Change the name' }).click();
    await page.getByText('Another member is called so').waitFor();
    await name.fill('Aurora Motors Group');
    await trial.shot('settings-name');
    await page.getByRole('button', { name: 'Change the name' }).click();
    await page.getByRole('button', { name: 'Change the name' }).waitFor({ state: 'detached' });
    expect(await trial.node.api.node.status()).toMatchObject({ organisation: 'aurora', name: 'Aurora Motors Group' });
    const seen = async () =>
      (await trial.partner.api.network.members()).items.find(({ organisation }) => organisation === 'aurora');
    await until(async () => (await seen())?.name === 'Aurora Motors Group');
    await expect(trial.partner.api.network.rename({ name: 'Aurora Motors Group' })).rejects.toMatchObject({
      code: 'name-in-use',
    });
    await trial.expectSound({ ...trial.watched, broke: [] });
  });

  it('users are added with roles that say what they may, changed, and disabled', async () => {
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'Add a user' }).click();
    await page.getByLabel('User name').fill('eve');
    await page.getByRole('checkbox', { name: /^analyst/ }).uncheck();
    await page.getByRole('checkbox', { name: /^auditor/ }).check();
    await page.getByLabel('Password', { exact: true }).fill('a lighthouse of glass');
    await trial.expectSound({ ...trial.watched, broke: [] });
    await trial.shot('settings-user');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /eve auditor Active/ }).waitFor();
    await page.getByRole('button', { name: 'Disable: eve' }).click();
    await page.getByRole('row', { name: /eve auditor Disabled/ }).waitFor();
    await page.getByRole('button', { name: 'Enable: eve' }).click();
    await trial.shot('settings-users');
  });

  it('budgets say who spent what', async () => {
    const { node, partner, folder } = trial;
    const path = join(folder, 'people.csv');
    await writeFile(path, people(60_000));
    const ids = [{ column: 'phone', profile: 'phone' }];
    await publish(partner, { path, name: 'subscribers', ids });
    await until(async () => (await partner.api.catalogue.list()).items.length === 2);
    const { agreement } = await partner.api.agreement.proposeInsight({
      ...{ with: 'aurora', mine: 'subscribers', theirs: 'customers', key: 'phone', receiver: 'me' },
      purpose: 'who is shared',
      minimumListRows: 1000,
      minimumGroupRows: 60,
    });
    const shown = await found(() => node.api.agreement.show({ agreement }));
    await node.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
    await until(async () => (await partner.api.agreement.show({ agreement })).status === 'active');
    const { job } = await partner.api.job.run({ agreement });
    await until(async () => (await node.api.budget.list()).items.length === 1);
    await page.getByRole('link', { name: 'Privacy budgets' }).click();
    await page.getByRole('link', { name: 'who is shared' }).waitFor();
    await trial.expectSound({ ...trial.watched, broke: [] });
    await trial.shot('settings-budgets');
    await until(async () => !['queued', 'running'].includes((await partner.api.job.show({ job })).status));
  });

  it('a member has a page: its link, what it offers, what was agreed with it', async () => {
    await page.getByRole('link', { name: 'Network' }).click();
    await page.getByRole('link', { name: 'Borealis Media' }).click();
    await page.getByRole('heading', { name: 'Borealis Media', level: 1 }).waitFor();
    await page.getByText('subscribers').waitFor();
    await page.getByText('who is shared').waitFor();
    await trial.expectSound({ ...trial.watched, broke: [] });
    await trial.shot('member');
  });

  it('an auditor reads rules, users and budgets and is offered nothing to change; an analyst is told who sees users', async () => {
    const auditor = await openPage(trial.browser);
    await trial.signIn('ivy', ['auditor'], { address: '/settings', watched: auditor });
    await auditor.page.getByText('Only an admin of this node can change the rules.').waitFor();
    expect(await auditor.page.getByLabel('Shortest list').isDisabled()).toBe(true);
    await auditor.page.getByRole('link', { name: 'Users' }).click();
    await auditor.page.getByRole('row', { name: /ada/ }).waitFor();
    expect(await auditor.page.getByRole('button', { name: 'Add a user' }).count()).toBe(0);
    await auditor.page.goto(`${trial.node.url}/datasets/add`);
    await auditor.page
      .getByText(/steward/)
      .first()
      .waitFor();
    await trial.expectSound(auditor);
    const analyst = await openPage(trial.browser);
    await trial.signIn('abe', ['analyst'], { address: '/settings/users', watched: analyst });
    await analyst.page.getByText('Users are seen by admins and auditors.').waitFor();
  });

  it('in Chinese, in the dark and on a narrow screen, nothing scrolls sideways', async () => {
    await page.getByRole('button', { name: 'Language, appearance and time zone' }).click();
    await page.getByText('简体中文').click();
    await page.getByText('深色').click();
    await page.setViewportSize({ width: 390, height: 800 });
    for (const [address, heading] of [
      ['/settings', '设置'],
      ['/settings/users', '设置'],
      ['/settings/budgets', '设置'],
      ['/datasets/add', '添加数据集'],
      ['/network/borealis', 'Borealis Media'],
    ] as const) {
      await page.goto(trial.node.url + address);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await trial.expectNarrow();
      await trial.expectSound({ ...trial.watched, broke: [] });
      await trial.shot(`zh-dark-narrow${address.replaceAll('/', '-')}`);
    }
  });
});

/** Made-up people, in at least so many bytes. */
function people(bytes: number): string {
  const rows = ['phone,city'];
  for (let i = 0, length = 0; length < bytes; i++) {
    const row = `138${String(i * 331 + 17).padStart(8, '0')},${['上海', '北京', '广州'][i % 3]} district number ${i % 7}`;
    rows.push(row);
    length += new TextEncoder().encode(row).length + 1;
  }
  return rows.join('\n');
}
