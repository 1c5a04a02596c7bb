/** A match in a browser tab: a real browser, a real node, and a proxy between them that sees every byte. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyEvidence } from '@causeway/core/applications/agreement';
import type { GuestReceiver } from '@causeway/core/applications/guest';
import { digestText } from '@causeway/core/identifiers';
import { keyContext, matchKey } from '@causeway/core/protocols';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkbook, plainRow } from '../../server/engine/testing/workbook.ts';
import { jobEnd, publish, type TrialNode, until } from '../end-to-end/trial-network.ts';
import { hasBrowser, openBrowser, openPage, type WatchedPage } from './browser.ts';
import { RecordingProxy } from './recording-proxy.ts';
import { TrialConsole } from './trial-console.ts';

const phone = (i: number) => `138${String((i * 48_271) % 100_000_000).padStart(8, '0')}`;
const host = Array.from({ length: 3000 }, (_, i) => phone(i * 3));
const guest = Array.from({ length: 1500 }, (_, i) => phone(i));
const shared = guest.filter((number) => host.includes(number));

describe.skipIf(!hasBrowser)('a match in a browser tab', () => {
  let trial: TrialConsole;
  let node: TrialNode;
  let proxy: RecordingProxy;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  let file: string;

  beforeAll(async () => {
    trial = await TrialConsole.start();
    node = trial.node;
    proxy = await RecordingProxy.start();
    browser = await openBrowser({ proxy: proxy.url });
    watched = await openPage(browser, { acceptDownloads: true });
    page = watched.page;
    await node.api.network.create({ name: 'Harbour Alliance' });
    await writeFile(join(trial.folder, 'customers.csv'), `phone\n${host.join('\n')}\n`);
    const ids = [{ column: 'phone', profile: 'phone' }];
    await publish(node, { path: join(trial.folder, 'customers.csv'), name: 'customers', ids });
    file = join(trial.folder, 'bakery.xlsx');
    await writeFile(file, bakery());
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await trial?.stop();
  });

  const invite = async (more: { receiver?: GuestReceiver } = {}) => {
    const asked = { label: 'Corner bakery', dataset: 'customers', key: 'phone', purpose: 'Shared customers' };
    return node.api.guest.invite({ ...asked, ...more });
  };

  it('shows who learns what, asks, runs, and saves the rows of the plain intersection', async () => {
    const { path } = await invite();
    await page.goto(node.url + path);
    await page.getByRole('heading', { name: 'Shared customers' }).waitFor();
    expect(page.url()).toBe(`${node.url}/guest`);
    await trial.expectSound(watched);
    await trial.shot('guest-invite', watched);
    // What reads a workbook is not loaded before there is one.
    expect(loadedWorkbookReader()).toBe(false);
    await page.getByLabel('Drop your list here, or choose it').setInputFiles(file);
    // Its first sheet has rows, but nothing that could be matched.
    await page.getByText('No column of this sheet holds the identifier').waitFor();
    expect(loadedWorkbookReader()).toBe(true);
    await trial.expectSound(watched);
    await page.getByRole('radio', { name: 'Customers' }).press('Space');
    await page.getByText('handset (phone)').waitFor();
    await page.getByText('bakery.xlsx: 1,501 rows.').waitFor();
    await trial.shot('guest-file', watched);
    await page.getByRole('button', { name: 'Show who learns what' }).press('Enter');
    await page.getByText('1,500 different identifiers in 1,500 rows take part.').waitFor();
    // The same picture as the console's, from where the guest stands.
    await page.getByRole('img', { name: /What crosses between the parties/ }).waitFor();
    expect(await page.locator('.learner-head').first().textContent()).toBe('Corner bakery learns');
    expect(await page.locator('.learner').count()).toBe(2);
    await trial.expectSound(watched);
    await trial.shot('guest-consent', watched);
    await page.getByRole('button', { name: 'I agree: run the match' }).press('Enter');
    await page.getByRole('heading', { name: 'The match has ended' }).waitFor();
    await trial.expectSound(watched);
    await trial.shot('guest-result', watched);
    const rows = (await download('Save matched rows')).replace('\ufeff', '').trim().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',')[1])).toEqual(shared);
    // A name that a spreadsheet would run is text.
    expect(rows.every((row) => row.startsWith("'=person "))).toBe(true);
    expect(verifyEvidence(JSON.parse(await download('Save the evidence'))).ok).toBe(true);
  });

  const loadedWorkbookReader = () => proxy.exchanges.some(({ url }) => url.includes('/read-workbook-'));

  async function download(button: string): Promise<string> {
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ]);
    return readFile(await saved.path(), 'utf8');
  }

  it('sends no identifier, and no plain hash of one: nothing but blinded values leaves the tab', async () => {
    const sent = Buffer.concat(proxy.exchanges.map((exchange) => exchange.sent));
    const [{ terms }] = await latestTerms();
    const context = keyContext(terms.network as string, 'phone');
    // The points went through here: 32 bytes for each of 1,500 identifiers.
    expect(sent.length).toBeGreaterThan(1500 * 32);
    expect(
      tracesOf(
        guest.filter((_, i) => i % 10 === 0),
        context,
        sent,
      ),
    ).toEqual([]);
    expect(sent.includes('=person')).toBe(false);
    expect(sent.includes('handset')).toBe(false);
    expect(watched.asked.filter((url) => !url.startsWith(node.url) && !url.startsWith('blob:'))).toEqual([]);
    // The secret of the link is in no address, and in no header.
    expect(proxy.exchanges.filter(({ url }) => /v1\.[A-Za-z0-9_-]{43}/.test(url))).toEqual([]);
  });

  it('the search for traces finds what it looks for: canary', () => {
    const context = keyContext('harbour', 'phone');
    const [number] = guest;
    const planted = [
      Buffer.from(`{"x":"+86${number}"}`),
      Buffer.from(createHash('md5').update(number!).digest('hex').toUpperCase()),
      createHash('sha256').update(`+86${number}`).digest(),
      Buffer.from(createHash('sha256').update(number!).digest('base64')),
      Buffer.from(matchKey(context, number!)),
    ];
    for (const bytes of planted) expect(tracesOf([number!], context, bytes)).toHaveLength(1);
  });

  async function latestTerms() {
    const { items } = await node.api.agreement.list();
    return [await node.api.agreement.show({ agreement: items[0]!.id })] as const;
  }

  it('a link that was used, or revoked, opens nothing, and says so', async () => {
    const { path, invite: made } = await invite();
    await node.api.guest.revoke({ invite: made.id });
    await page.goto('about:blank');
    await page.goto(node.url + path);
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('This invite is unknown, used, revoked');
    await trial.expectSound(watched);
    await trial.shot('guest-revoked', watched);
  });

  it('under four eyes a link opens once a second person has confirmed the invite', async () => {
    await node.api.settings.update({ fourEyes: true });
    const { path } = await invite();
    await node.api.settings.update({ fourEyes: false });
    const second = await openPage(trial.browser);
    await trial.signIn('bo', ['approver'], { address: '/guests', watched: second });
    await second.page.getByText('Waits for your approver').first().waitFor();
    await trial.expectSound(second);
    await trial.shot('guests-waiting', second);
    await second.page.getByRole('button', { name: 'Confirm the invite of Corner bakery' }).click();
    await second.page.getByText('confirmed by bo').waitFor();
    await second.page.close();
    await page.goto('about:blank');
    await page.goto(node.url + path);
    await page.getByRole('heading', { name: 'Shared customers' }).waitFor();
  });

  it('a tab that is closed in the middle ends the run and leaves nothing behind', async () => {
    const { path, invite: made } = await invite({ receiver: 'both' });
    const long = join(trial.folder, 'long.csv');
    await writeFile(long, `mobile\n${Array.from({ length: 60_000 }, (_, i) => phone(i)).join('\n')}\n`);
    const closing = await openPage(browser);
    await closing.page.goto(node.url + path);
    await closing.page.getByLabel('Drop your list here, or choose it').setInputFiles(long);
    await closing.page.getByRole('button', { name: 'Show who learns what' }).click();
    await closing.page.getByRole('button', { name: 'I agree: run the match' }).click();
    await closing.page.getByText('Blinding your list').waitFor();
    await until(async () => (await runsOf(made.id)).length === 1);
    await closing.page.close();
    const { job } = (await runsOf(made.id))[0]!;
    expect(await jobEnd(node, job)).toMatchObject({ status: 'failed', error: { code: 'guest-gone' } });
    expect((await node.api.audience.list()).items).toEqual([]);
    await expect.poll(() => existsSync(join(node.home, 'jobs', job))).toBe(false);
    expect(existsSync(join(node.home, 'evidence', `${job}.json`))).toBe(false);
  });

  const runsOf = async (id: string) => (await node.api.guest.list()).items.find((item) => item.id === id)?.runs ?? [];

  it('says what is wrong with a file, in Chinese, in the dark, on a narrow screen', async () => {
    const { path } = await invite();
    const narrow = await openPage(browser, {
      locale: 'zh-CN',
      colorScheme: 'dark',
      viewport: { width: 390, height: 800 },
    });
    await narrow.page.goto(node.url + path);
    const broken = join(trial.folder, 'broken.csv');
    await writeFile(broken, 'mobile,name\n13800000000\n');
    await narrow.page.getByLabel('将名单拖到此处，或点击选择').setInputFiles(broken);
    await expect.poll(() => narrow.page.getByRole('alert').textContent()).toContain('第 2 行的单元格数与首行不同');
    expect(await narrow.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await trial.expectSound(narrow);
    await trial.shot('guest-zh-dark-narrow', narrow);
  });
});

/** A shop's one spreadsheet: a page of notes, and its customers, whose numbers a spreadsheet keeps as numbers. */
function bakery(): Buffer {
  const customers = guest.map((number, i) => plainRow(i + 2, [`=person ${i}`, Number(number)]));
  const nobody = plainRow(guest.length + 2, ['nobody', 12_345]);
  return makeWorkbook({
    sheets: [
      { name: 'Notes', rows: plainRow(1, ['Opening hours']) + plainRow(2, ['Tuesday to Sunday']) },
      { name: 'Customers', rows: [plainRow(1, ['name', 'handset']), ...customers, nobody].join('') },
    ],
  });
}

/** Every way in which a number could stand somewhere without being blinded. @returns which of them was found. */
function tracesOf(numbers: readonly string[], context: string, bytes: Buffer): string[] {
  return numbers.flatMap((number) => {
    const texts = [number, `+86${number}`, `86${number}`];
    const hashes = texts.flatMap((text) => [
      ...['md5', 'sha1', 'sha256', 'sha512'].map((name) => createHash(name).update(text).digest()),
      Buffer.from(digestText(['sm3'], text), 'hex'),
    ]);
    const keys = texts.map((text) => Buffer.from(matchKey(context, text)));
    const found =
      texts.some((text) => bytes.includes(text)) ||
      [...hashes, ...keys].some(
        (hash) =>
          // Its beginning is enough: what was cut shorter is found too.
          bytes.includes(hash.subarray(0, 8)) ||
          bytes.includes(hash.toString('hex').slice(0, 16)) ||
          bytes.includes(hash.toString('hex').toUpperCase().slice(0, 16)) ||
          bytes.includes(hash.toString('base64').slice(0, 10)),
      );
    return found ? [number] : [];
  });
}
