/** Somebody before the console of a node, in one language: finds things by the words that stand there, as people do, and uses nothing but the screens. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { en } from '../../console/words/en/index.ts';
import { zh } from '../../console/words/zh/index.ts';
import type { TrialNode } from '../end-to-end/trial-network.ts';
import type { WatchedPage } from './browser.ts';
import { password } from './trial-console.ts';

/** The two have the same keys, but for forms of number that Chinese has not. */
const dictionaries = { en, zh: zh as typeof en };

export class Person {
  readonly node: TrialNode;
  readonly watched: WatchedPage;
  readonly words: typeof en;

  constructor(node: TrialNode, watched: WatchedPage, language: 'en' | 'zh') {
    this.node = node;
    this.watched = watched;
    this.words = dictionaries[language];
  }

  get page() {
    return this.watched.page;
  }

  press(name: string, { within }: { readonly within?: Locator } = {}): Promise<void> {
    return (within ?? this.page).getByRole('button', { name, exact: true }).click();
  }

  /** By the navigation, which is on every screen. */
  go(entry: keyof typeof en.navigation): Promise<void> {
    return this.page.locator('nav').getByRole('link', { name: this.words.navigation[entry], exact: true }).click();
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name, level: 1 });
  }

  fill(label: string, text: string): Promise<void> {
    return this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Takes one of the options of a select. */
  async choose(label: string, option: string, { at = 0 }: { readonly at?: number } = {}): Promise<void> {
    await this.page.getByRole('combobox', { name: label, exact: true }).nth(at).click();
    const options = this.page.locator('.ant-select-dropdown:visible .ant-select-item-option-content');
    await options.getByText(option, { exact: true }).click();
  }

  /** Sets the first password of a new node with the line that lies in its folder. */
  async arrive(): Promise<void> {
    const { session } = this.words;
    await this.page.goto(this.node.url);
    await this.press(session.first);
    await this.fill(session.token, readFileSync(join(this.node.home, 'admin.token'), 'utf8').trim());
    await this.fill(session.newPassword, password);
    await this.press(session.set);
    await this.page.getByRole('heading', { name: this.words.home.start }).waitFor();
  }

  /** Drops a file, says what its columns are, and publishes its description. */
  async bringIn(path: string, attributes: readonly string[]): Promise<void> {
    const { add, datasets } = this.words;
    const name = basename(path, '.csv');
    await this.page.locator('input[type=file]').setInputFiles(path);
    await this.page
      .getByText('phone')
      .or(this.page.getByLabel(`${add.profile}: mobile`))
      .first()
      .waitFor();
    for (const column of attributes) await this.choose(`${add.use}: ${column}`, add.asAttribute);
    await this.press(add.take);
    await this.heading(name).waitFor();
    await this.press(datasets.publish);
    await this.press(datasets.publishConfirm);
    await this.page.locator('main .state').getByText(this.words.status.published).waitFor();
  }

  next(): Promise<void> {
    return this.press(this.words.propose.next);
  }

  /** The last two steps of a proposal: what it is for, then what all would learn, and out. */
  async send(purpose: string): Promise<void> {
    const { propose } = this.words;
    await this.fill(propose.purpose, purpose);
    await this.next();
    await this.page.locator('.ladder, .flow-list').first().waitFor();
    await this.press(propose.send);
    await this.heading(purpose).waitFor();
  }

  /** Signs what waits at home. */
  async sign(purpose: string): Promise<void> {
    const { home, agreements } = this.words;
    await this.go('home');
    await this.page.getByRole('link', { name: home.approve.replace('{{purpose}}', purpose) }).click();
    await this.page.locator('.learner').first().waitFor();
    await this.press(agreements.sign);
    await this.page.getByRole('button', { name: agreements.sign, exact: true }).waitFor({ state: 'detached' });
  }

  /** On the agreement's screen, which shows by itself that all have signed; then on the job's, until it has ended. */
  async run(): Promise<void> {
    const { agreements, status } = this.words;
    await this.press(agreements.run);
    await this.page.locator('.screen-head .state').getByText(status.finished).waitFor({ timeout: 60_000 });
  }

  /** A figure's table, by the figure's title: a row is its cells as they are read. */
  async table(title: string): Promise<readonly (readonly string[])[]> {
    const figure = this.page.locator('.figure', { has: this.page.getByRole('heading', { name: title, exact: true }) });
    const asTable = figure.getByText(this.words.charts.table, { exact: true });
    await figure.waitFor();
    if ((await asTable.count()) > 0) await asTable.click();
    await figure.locator('.figure-table').waitFor();
    const rows = await figure.locator('.figure-table tbody tr').all();
    return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
  }

  /** What the browser saves when something is pressed. */
  async saved(press: () => Promise<void>): Promise<{ readonly name: string; readonly text: string }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), press()]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
  }
}
