/** The console in a browser, against a real node: from an empty node's first password to a published dataset. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish, type TrialNode } from '../end-to-end/trial-network.ts';
import { hasBrowser, openPage, type WatchedPage } from './browser.ts';
import { password, TrialConsole } from './trial-console.ts';

describe.skipIf(!hasBrowser)('the console', () => {
  let trial: TrialConsole;
  let folder: string;
  let node: TrialNode;
  let partner: TrialNode;
  let browser: Browser;
  let watched: WatchedPage;

  beforeAll(async () => {
    trial = await TrialConsole.start();
    ({ folder, node, partner, browser, watched } = trial);
    await writeFile(join(folder, 'customers.csv'), customers());
  }, 120_000);

  afterAll(() => trial?.stop());

  it('lets nobody in without a password, and says what is wrong in words', async () => {
    const { page } = watched;
    await page.goto(`${node.url}/datasets`);
    await page.getByLabel('User name').fill('admin');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('User name or password is wrong');
    await trial.expectSound();
    await trial.shot('sign-in');
  });

  it('a new node’s owner sets the first password with the keyboard alone; the token is in no address', async () => {
    const { page, asked } = watched;
    const token = readFileSync(join(node.home, 'admin.token'), 'utf8').trim();
    await page.goto(node.url);
    await page.getByRole('button', { name: 'First time here?' }).press('Enter');
    await page.getByLabel('Line of admin.token').fill(token);
    await page.keyboard.press('Tab');
    await expectFocusOnOrAfter(page, 'New password');
    await page.getByLabel('New password').fill(password);
    await trial.shot('first-password');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Aurora Motors' }).waitFor();
    expect(asked.filter((url) => url.includes(token))).toEqual([]);
    await trial.expectSound();
    await trial.shot('home-new');
  });

  it('founds a network and makes an invite', async () => {
    const { page } = watched;
    await page.getByRole('button', { name: 'Found a network or join one' }).click();
    await page.getByLabel('Name of the network').fill('Harbour Alliance');
    await trial.shot('network-none');
    await page.getByRole('button', { name: 'Found it' }).click();
    await page.getByRole('heading', { name: 'Harbour Alliance' }).waitFor();
    await trial.expectSound();
    await page.getByRole('button', { name: 'Invite an organisation' }).click();
    await page.getByText('Send this line to one organisation').waitFor();
    await trial.expectSound();
    await trial.shot('invite');
    await page.keyboard.press('Escape');
  });

  it('takes a file in: looked at, masked, chosen, reported, published as shown', async () => {
    const { page } = watched;
    await page.getByRole('link', { name: 'Datasets' }).click();
    await page.getByRole('button', { name: 'Add a dataset' }).click();
    await trial.expectSound();
    await trial.shot('add');
    await page.getByLabel('Choose a file').setInputFiles(join(folder, 'customers.csv'));
    await page.getByRole('button', { name: 'Take it in' }).waitFor();
    expect(await page.getByLabel('Identifier profile: phone').inputValue()).toContain('phone');
    // No digit of anybody's number is on the page.
    expect(await page.locator('main').textContent()).not.toMatch(/1380000\d{4}/);
    await trial.expectSound();
    await trial.shot('preflight');
    await page.getByLabel('Use as: city').click();
    await page.locator('.ant-select-dropdown:visible').getByText('Attribute', { exact: true }).click();
    await page.getByRole('button', { name: 'Take it in' }).click();
    await page.getByRole('heading', { name: 'customers' }).waitFor();
    await page.getByText('Refused').first().waitFor();
    await trial.expectSound();
    await trial.shot('dataset');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Others will see exactly this').waitFor();
    const listed = page.locator('.value-list li');
    await page.getByRole('checkbox', { name: 'city' }).waitFor();
    expect(await listed.count()).toBe(0);
    await page.getByRole('checkbox', { name: 'city' }).check();
    await page.getByText('Values of city').waitFor();
    expect(await listed.allTextContents()).toEqual(['上海', '北京', '广州']);
    await trial.expectSound();
    await trial.shot('publish');
    await page.getByRole('button', { name: 'Put it on the ledger' }).click();
    await expect.poll(() => page.locator('main .state').first().textContent()).toBe('Published');
    await page.getByRole('link', { name: 'Datasets' }).click();
    await page.getByRole('link', { name: 'customers' }).waitFor();
    await trial.expectSound();
    await trial.shot('datasets');
    await page.getByRole('link', { name: 'Network' }).click();
    await page.getByRole('button', { name: 'Expand row' }).click();
    expect(await listed.allTextContents()).toEqual(['上海', '北京', '广州']);
    await trial.expectSound();
    await trial.shot('catalogue');
  });

  it('a proposal waits at home; it says who learns what, is signed, and runs to its figures', async () => {
    const { page } = watched;
    const { invite } = await node.api.network.invite();
    await partner.api.network.join({ invite });
    const ids = [{ column: 'phone', profile: 'phone' }];
    await publish(partner, { path: join(folder, 'customers.csv'), name: 'subscribers', ids });
    const terms = {
      with: 'aurora',
      mine: 'subscribers',
      theirs: 'customers',
      keys: ['phone'],
      receiver: 'both',
    } as const;
    await partner.api.agreement.proposeMatch({ ...terms, purpose: 'spring campaign' });
    await page.getByRole('link', { name: 'Home' }).click();
    await page.getByRole('link', { name: 'Approve: spring campaign' }).click();
    await page.getByText('Who learns what').waitFor();
    await expect.poll(() => page.locator('.learner').count()).toBe(2);
    await trial.expectSound();
    await trial.shot('agreement');
    await page.getByRole('button', { name: 'Sign' }).click();
    await page.getByRole('button', { name: 'Run it now' }).click();
    await page.getByRole('heading', { name: 'Match with borealis' }).waitFor();
    await page.getByRole('heading', { name: 'Stages of all sides' }).waitFor();
    await page.getByText('Match rate').waitFor();
    await trial.expectSound();
    await trial.shot('job');
  });

  it('tells a failure with its remedy', async () => {
    const { page } = watched;
    await page.goto(`${node.url}/datasets/add`);
    await page.getByText('Or take a file of the node’s own machine').click();
    await page.getByLabel('Path of the file').fill('/nowhere/at-all.csv');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('What to do');
    await trial.shot('problem');
  });

  it('speaks Chinese, in the dark, on a narrow screen, after the page is opened anew', async () => {
    const { page } = watched;
    await page.getByRole('button', { name: 'Language, appearance and time zone' }).click();
    await page.getByText('简体中文').click();
    await page.getByText('深色').click();
    for (const [address, heading] of [
      ['/', 'Aurora Motors'],
      ['/network', 'Harbour Alliance'],
      ['/datasets', '数据集'],
      ['/agreements', '协议'],
      ['/jobs', '运行'],
    ] as const) {
      await page.goto(node.url + address);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await trial.expectSound();
      await trial.shot(`zh-dark${address.replaceAll('/', '-')}`);
    }
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(node.url);
    await page.getByRole('heading', { name: 'Aurora Motors' }).waitFor();
    // No screen scrolls sideways: what is wide scrolls inside itself.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await trial.expectSound();
    await trial.shot('zh-dark-narrow');
  });

  it('an auditor reads, and is offered nothing that changes anything', async () => {
    const auditor = await openPage(browser);
    await trial.signIn('eve', ['auditor'], { address: '/datasets', watched: auditor });
    await auditor.page.getByRole('link', { name: 'customers' }).waitFor();
    expect(await auditor.page.getByRole('button', { name: 'Add a dataset' }).count()).toBe(0);
    await auditor.page.goto(`${node.url}/network`);
    await auditor.page.getByRole('heading', { name: 'Members' }).waitFor();
    expect(await auditor.page.getByRole('button', { name: 'Invite an organisation' }).count()).toBe(0);
    await trial.expectSound(auditor);
  });

  it('the first load is at most 500 kB as it travels', async () => {
    const { page } = await openPage(browser);
    const sizes: number[] = [];
    page.on('response', (response) => {
      sizes.push(Number(response.headers()['content-length'] ?? 0));
    });
    await page.goto(node.url);
    await page.getByLabel('User name').waitFor();
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(500_000);
  });
});

async function expectFocusOnOrAfter(page: WatchedPage['page'], label: string): Promise<void> {
  for (let presses = 0; presses < 3; presses++) {
    if (await page.getByLabel(label, { exact: true }).evaluate((field) => field.matches(':focus'))) return;
    await page.keyboard.press('Tab');
  }
  expect(await page.getByLabel(label, { exact: true }).evaluate((field) => field.matches(':focus'))).toBe(true);
}

/** 3,000 rows of made-up people, of whom some have no number and some one that is none. */
function customers(): string {
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const phone = i % 100 === 7 ? '' : i % 100 === 8 ? '12345' : `138${String(i * 33_331 + 17).padStart(8, '0')}`;
    return `${phone},person${i}@example.org,${['上海', '北京', '广州'][i % 3]}`;
  });
  return ['phone,email,city', ...rows].join('\n');
}
