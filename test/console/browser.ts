/** Debian's Chromium, driven by Playwright's library: a page that writes down what it asked for, what it broke and what it was refused. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Where a system keeps it; nothing is downloaded. */
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

export const hasBrowser = executablePath !== undefined;

/** @param options.proxy address of a proxy that everything goes through, also what goes to this machine. */
export function openBrowser({ proxy }: { readonly proxy?: string } = {}): Promise<Browser> {
  if (executablePath === undefined) throw new Error('no Chromium is installed');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    ...(proxy === undefined ? {} : { proxy: { server: proxy, bypass: '<-loopback>' } }),
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Addresses of all requests, in order. */
  readonly asked: readonly string[];
  /** What the page wrote as an error, broken policies among it. */
  readonly broke: readonly string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const asked: string[] = [];
  const broke: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => broke.push(error.message));
  page.on('console', (message) => {
    // That a request was refused is what some tests are about; they look at what the page says of it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) broke.push(message.text());
  });
  await page.addInitScript({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  return { page, asked, broke };
}

/** @returns what axe finds serious or worse on the page as it stands: rule and element. */
export async function seriousFaults(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}
