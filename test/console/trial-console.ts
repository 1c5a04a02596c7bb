/** What every test of the console starts from: two empty nodes, a browser before the first one's page, and what holds on each screen. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { emptyNode, type TrialNode } from '../end-to-end/trial-network.ts';
import { openBrowser, openPage, seriousFaults, type WatchedPage } from './browser.ts';
import { picturesOfTour, tourFolder } from './tour.ts';

const buildScript = fileURLToPath(new URL('../../console/build.js', import.meta.url));
/** Pictures are kept where CAUSEWAY_PICTURES names a folder; with CAUSEWAY_TOUR, those of the guided tour beside its page. */
const pictures = process.env.CAUSEWAY_TOUR === undefined ? process.env.CAUSEWAY_PICTURES : tourFolder;
const wanted = process.env.CAUSEWAY_TOUR === undefined ? undefined : new Set(picturesOfTour());

const sticksOut = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.tagName + '.' + one.getAttribute('class')).slice(0, 8)`;

export const password = 'a causeway of islands';

/** Builds the console unless it is built: nodes read it when they start. */
export function buildConsole(): void {
  execFileSync(process.execPath, [buildScript, '--strict'], { stdio: 'inherit' });
}

export class TrialConsole {
  readonly folder: string;
  readonly node: TrialNode;
  readonly partner: TrialNode;
  readonly browser: Browser;
  readonly watched: WatchedPage;
  readonly #close: () => Promise<void>;

  private constructor(
    parts: Pick<TrialConsole, 'folder' | 'node' | 'partner' | 'browser' | 'watched'>,
    close: () => Promise<void>,
  ) {
    this.#close = close;
    this.folder = parts.folder;
    this.node = parts.node;
    this.partner = parts.partner;
    this.browser = parts.browser;
    this.watched = parts.watched;
  }

  /** Builds the console unless it is built, and starts both nodes; nobody has signed in yet. */
  static async start(): Promise<TrialConsole> {
    const folder = await mkdtemp(join(tmpdir(), 'causeway-console-'));
    const node = await emptyNode(folder, 'aurora', { org: 'Aurora Motors' });
    const partner = await emptyNode(folder, 'borealis', { org: 'Borealis Media' });
    buildConsole();
    await Promise.all([node.start(), partner.start()]);
    return TrialConsole.before({ folder, node, partner }, async () => {
      await Promise.all([node.stop(), partner.stop()]);
      await rm(folder, { recursive: true, force: true });
    });
  }

  /** Opens a browser before nodes that run already, with the console built. @param close ends them. */
  static async before(
    nodes: Pick<TrialConsole, 'folder' | 'node' | 'partner'>,
    close: () => Promise<void>,
  ): Promise<TrialConsole> {
    const browser = await openBrowser();
    return new TrialConsole({ ...nodes, browser, watched: await openPage(browser) }, close);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.#close();
  }

  /** Opens `address` of the first node as `name`, who exists from here on and has `roles`. */
  async signIn(
    name: string,
    roles: readonly ('admin' | 'steward' | 'analyst' | 'approver' | 'auditor')[],
    { address = '/', watched = this.watched }: { address?: string; watched?: WatchedPage } = {},
  ): Promise<void> {
    await this.node.api.user.create({ name, password, roles: [...roles] });
    const { page } = watched;
    await page.goto(this.node.url + address);
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
  }

  /** Keeps a picture of the page, where pictures are wanted. */
  async shot(name: string, { page } = this.watched): Promise<void> {
    if (pictures === undefined || wanted?.has(name) === false) return;
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }

  /** Nothing scrolls sideways: what is wide scrolls inside itself. Names what sticks out. */
  async expectNarrow({ page } = this.watched): Promise<void> {
    await expect.poll(() => page.evaluate(sticksOut)).toEqual([]);
  }

  /** A screen that can be used by all: nothing serious found, nothing broken, nothing asked of anybody else. */
  async expectSound({ page, broke, asked } = this.watched): Promise<void> {
    expect(await seriousFaults(page)).toEqual([]);
    expect(broke).toEqual([]);
    expect(
      asked.filter((url) => !url.startsWith(this.node.url) && !url.startsWith('blob:') && !url.startsWith('data:')),
    ).toEqual([]);
  }
}
