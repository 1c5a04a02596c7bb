/** Every role on every screen, and every screen with the keyboard alone and at 200 %: drawn from the table of screens and that of routes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Role, type RouteName, roles, routes } from '@causeway/core/api';
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../console/words/en/index.ts';
import { pause, type TrialNode } from '../end-to-end/trial-network.ts';
import { hasBrowser, openPage } from './browser.ts';
import { rolesFor, type Screen, screens } from './screen-table.ts';
import { TrialConsole } from './trial-console.ts';

const router = readFileSync(fileURLToPath(new URL('../../console/app/router.tsx', import.meta.url)), 'utf8');
const paths = [...router.matchAll(/^\s*path: '([^']+)'/gm)].map((match) => match[1]!);
const byPath = screens.map((screen) => [screen.path, screen] as const);
const mayOpen = (role: Role, screen: Screen) => rolesFor(screen).includes(role);
const mayCall = (role: Role, route: RouteName) => {
  const allowed: readonly Role[] | 'public' = routes[route].roles;
  return allowed === 'public' || allowed.includes(role);
};
const problem = {
  type: 'urn:causeway:problem:internal',
  title: 'x',
  status: 500,
  code: 'internal',
  detail: 'a disk is gone',
};
const failure = { status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) };
const asksNothing = new Set(['/datasets/add']);
const twoFrames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))';

describe('the table of screens', () => {
  it('has every address of the router that is not of one thing', () => {
    expect(screens.map(({ path }) => path).sort()).toEqual(paths.filter((path) => !path.includes('$')).sort());
  });

  it('has a screen that not everybody may open, and an action that not everybody may do: canary', () => {
    expect(screens.some((screen) => roles.some((role) => !mayOpen(role, screen)))).toBe(true);
    expect(screens.flatMap(({ actions }) => actions).length).toBeGreaterThan(2);
  });
});

describe.skipIf(!hasBrowser)('[F107] every screen', () => {
  let trial: TrialConsole;
  let node: TrialNode;

  beforeAll(async () => {
    trial = await TrialConsole.start();
    ({ node } = trial);
    await node.api.network.create({ name: 'Harbour Alliance' });
  }, 120_000);

  afterAll(() => trial?.stop());

  it.each(roles)(
    '%s: opens what the table says, is offered what the table says, is told of the rest, and where the node fails of that',
    async (role) => {
      const watched = await openPage(trial.browser);
      const { page } = watched;
      const idle = watchRequests(page);
      await trial.signIn(`user-${role}`, [role], { watched });
      for (const screen of screens) {
        await go(page, screen);
        await settled(page, idle);
        expect([screen.path, await toldOff(page)]).toEqual([screen.path, mayOpen(role, screen) ? 0 : 1]);
        for (const { route, word } of screen.actions) {
          const button = page.locator('main').getByRole('button', { name: wordOf(word), exact: true });
          expect([screen.path, route, await button.count()]).toEqual([
            screen.path,
            route,
            mayCall(role, route) ? 1 : 0,
          ]);
        }
      }
      // A node that fails, and an address that is opened by itself: nothing that was read before is left.
      await page.route(/\/v1\/(?!session)/, (route) => route.fulfill(failure));
      const refused = screens.find((screen) => !mayOpen(role, screen));
      await page.goto(node.url + (refused?.path ?? '/'));
      await page.locator('main h1').waitFor();
      await settled(page, idle);
      if (refused !== undefined) expect([refused.path, await toldOff(page)]).toEqual([refused.path, 1]);
      for (const screen of screens) {
        await go(page, screen);
        await settled(page, idle);
        const said = await page.locator('main').getByText(en.problem.titles.internal, { exact: true }).count();
        // Who may not be there is told that, whatever the node does; a form that asks the node nothing can be filled in.
        const isQuiet = (await toldOff(page)) > 0 || asksNothing.has(screen.path);
        expect([screen.path, isQuiet || said > 0]).toEqual([screen.path, true]);
        for (const { route, word } of screen.actions) {
          const button = page.locator('main').getByRole('button', { name: wordOf(word), exact: true });
          if (!mayCall(role, route))
            expect([screen.path, route, await button.count()]).toEqual([screen.path, route, 0]);
        }
      }
      await page.context().close();
    },
  );

  describe('for somebody with all roles', () => {
    let page: Page;
    let idle: () => Promise<void>;
    beforeAll(async () => {
      const watched = await openPage(trial.browser);
      ({ page } = watched);
      idle = watchRequests(page);
      await trial.signIn('everything', [...roles], { watched });
    });

    it.each(byPath)('%s: the keyboard reaches everything, and shows where it is', async (_, screen) => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await go(page, screen);
      // The first stop of all, also where a screen has put the focus into a field.
      expect(await page.evaluate('document.querySelector("a[href], button, input").className')).toBe('skip');
      await page.locator('a.skip').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('main:focus').count()).toBe(1);
      const wanted = await settled(page, idle);
      const reached = new Set<string>();
      for (let presses = 0; presses < wanted + 5; presses++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate<{ id: string; isNamed: boolean; isShown: boolean } | null>(focused);
        if (at === null) break;
        expect([screen.path, at.id, at.isNamed, at.isShown]).toEqual([screen.path, at.id, true, true]);
        reached.add(at.id);
      }
      expect([screen.path, reached.size]).toEqual([screen.path, wanted]);
    });

    it('[F111] on a slow and broken network: says that it waits, does once what is pressed twice, and goes on by itself', async () => {
      await go(page, screens.find(({ path }) => path === '/network')!);
      const network = await page.context().newCDPSession(page);
      const slow = { offline: false, latency: 400, downloadThroughput: 180_000, uploadThroughput: 84_000 };
      await network.send('Network.emulateNetworkConditions', slow);
      const invites: string[] = [];
      page.on('request', (request) => request.url().endsWith('/v1/network/invites') && invites.push(request.method()));
      const invite = page.getByRole('button', { name: en.network.makeInvite });
      await invite.dblclick();
      await page.getByText(/Send this line/).waitFor();
      expect(invites).toEqual(['POST']);
      await page.keyboard.press('Escape');
      // Answers that stay away until somebody has seen that they are waited for.
      const waiting = page.locator('main .ant-spin-spinning');
      const waits = async (path: string, asks: RegExp, title: string, way: () => Promise<unknown>) => {
        const seen = Promise.withResolvers<void>();
        await page.route(asks, async (route) => {
          await seen.promise;
          await route.continue();
        });
        await way();
        await page.waitForURL(node.url + path);
        await waiting.waitFor();
        seen.resolve();
        await page.getByRole('heading', { name: title, level: 1 }).waitFor();
        await waiting.waitFor({ state: 'detached' });
        await page.unroute(asks);
      };
      // What was read before is forgotten.
      await page.reload();
      const link = page.getByRole('link', { name: en.navigation.audiences, exact: true });
      await waits('/audiences', /\/v1\/audiences/, en.audiences.title, () => link.click());
      await waits('/datasets', /\/v1\/datasets/, en.datasets.title, () => page.goto(`${node.url}/datasets`));
      await network.send('Network.emulateNetworkConditions', { ...slow, offline: true });
      const silence = page.getByRole('status').getByText(en.problem.titles.unreachable);
      await silence.waitFor();
      expect(await page.getByRole('heading', { name: en.datasets.title, level: 1 }).count()).toBe(1);
      await network.send('Network.emulateNetworkConditions', {
        ...slow,
        offline: false,
        latency: 0,
        downloadThroughput: -1,
      });
      await silence.waitFor({ state: 'detached' });
      await network.detach();
    });

    it.each(byPath)('%s: at 200 % and on a narrow screen nothing scrolls sideways', async (_, screen) => {
      // Half of 1280 is what a page is given at 200 %.
      await page.setViewportSize({ width: 640, height: 400 });
      await go(page, screen);
      for (const width of [640, 390]) {
        await page.setViewportSize({ width, height: 400 });
        await settled(page, idle);
        expect([screen.path, width, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual(
          [screen.path, width, true],
        );
      }
    });
  });

  /** What the keyboard has to reach, once the screen has drawn all that it asks for. */
  async function settled(page: Page, idle: () => Promise<void>): Promise<number> {
    for (let before = -1; ; ) {
      await idle();
      await page.evaluate(twoFrames);
      const isWaiting = await page.locator('main .ant-spin-spinning').count();
      const wanted = await page.evaluate<number>(markReachable);
      if (wanted === before && isWaiting === 0) return wanted;
      before = wanted;
    }
  }

  /** How often the screen says that it is not for this user. */
  const toldOff = (page: Page) => page.locator('main').getByText(en.problem.titles.forbidden, { exact: true }).count();

  /** As a link of the page goes: the heading that stood there before is not the screen's. */
  async function go(page: Page, { path }: Screen): Promise<void> {
    if (new URL(page.url()).pathname === path) return page.locator('main h1').waitFor();
    await page.evaluate(`for (const heading of document.querySelectorAll('main h1')) heading.dataset.left = ''`);
    await page.evaluate(`history.pushState({}, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`);
    await page.waitForURL(node.url + path);
    await page.locator('main h1:not([data-left])').waitFor();
  }
});

/** Resolves once all that the page has asked for has come; what goes on for ever, such as a job's events, is not waited for. */
function watchRequests(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  page.on('request', (request) => request.resourceType() !== 'eventsource' && open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return async () => {
    while (open.size > 0) await pause(5);
  };
}

function wordOf(key: string): string {
  const [area, name] = key.split('.') as [keyof typeof en, string];
  return (en[area] as Readonly<Record<string, string>>)[name]!;
}

/** Numbers what the keyboard has to reach inside of the screen; a group of radio buttons is one stop. */
const markReachable = `(() => {
  const groups = new Set();
  const wanted = [...document.querySelectorAll('main a[href], main button, main input, main select, main textarea, main summary, main [tabindex="0"]')]
    .filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility())
    .filter((element) => element.type !== 'radio' || (!groups.has(element.name) && groups.add(element.name)));
  wanted.forEach((element, i) => { element.dataset.stop = String(i); });
  return wanted.length;
})()`;

/** Where the focus is, if it is inside of the screen: whether it has a name, and whether one sees it. */
const focused = `(() => {
  const element = document.activeElement;
  if (!element || !element.closest('main') || element.tagName === 'MAIN') return null;
  const name = element.ariaLabel || element.getAttribute('aria-labelledby') || element.textContent.trim() || (element.labels && element.labels.length > 0) || element.title || element.placeholder;
  const style = getComputedStyle(element);
  const around = element.closest('label, .ant-select, .ant-input-number, .ant-input-affix-wrapper') ?? element;
  const isShown = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || getComputedStyle(around).boxShadow !== 'none' || getComputedStyle(around).outlineStyle !== 'none' || element.matches('input[type=radio], input[type=checkbox]');
  return { id: element.dataset.stop ?? element.outerHTML.slice(0, 80), isNamed: Boolean(name), isShown };
})()`;
