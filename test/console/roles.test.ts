/** Every role on every screen, and every screen with the keyboard alone and at 200 %: drawn from the table of screens and that of routes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Role, roles, routes } from '@causeway/core/api';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../console/words/en/index.ts';
import type { TrialNode } from '../end-to-end/trial-network.ts';
import { hasBrowser, openPage } from './browser.ts';
import { rolesFor, type Screen, screens } from './screen-table.ts';
import { TrialConsole } from './trial-console.ts';

const router = readFileSync(fileURLToPath(new URL('../../console/app/router.tsx', import.meta.url)), 'utf8');
const paths = [...router.matchAll(/^\s*path: '([^']+)'/gm)].map((match) => match[1]!);
const byPath = screens.map((screen) => [screen.path, screen] as const);
const mayOpen = (role: Role, screen: Screen) => rolesFor(screen).includes(role);

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
    '%s: opens what the table says, is offered what the table says, and is told of the rest',
    async (role) => {
      const watched = await openPage(trial.browser);
      const { page } = watched;
      await trial.signIn(`user-${role}`, [role], { watched });
      for (const screen of screens) {
        // By its address where the role may not open it; the others as links open them, which is quicker.
        if (mayOpen(role, screen)) await go(page, screen);
        else await open(page, screen);
        await settled(page);
        const told = page.locator('main').getByText(en.problem.titles.forbidden, { exact: true });
        expect([screen.path, await told.count()]).toEqual([screen.path, mayOpen(role, screen) ? 0 : 1]);
        for (const { route, word } of screen.actions) {
          const allowed = routes[route].roles;
          const may = allowed === 'public' || (allowed as readonly Role[]).includes(role);
          const button = page.locator('main').getByRole('button', { name: wordOf(word), exact: true });
          expect([screen.path, route, await button.count()]).toEqual([screen.path, route, may ? 1 : 0]);
        }
      }
      await page.context().close();
    },
  );

  describe('for somebody with all roles', () => {
    let page: Page;
    beforeAll(async () => {
      const watched = await openPage(trial.browser);
      await trial.signIn('everything', [...roles], { watched });
      ({ page } = watched);
    });

    it.each(byPath)('%s: the keyboard reaches everything, and shows where it is', async (_, screen) => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await go(page, screen);
      // The first stop of all, also where a screen has put the focus into a field.
      expect(await page.evaluate('document.querySelector("a[href], button, input").className')).toBe('skip');
      await page.locator('a.skip').focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('main:focus').count()).toBe(1);
      const wanted = await settled(page);
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

    it.each(byPath)('%s: at 200 % and on a narrow screen nothing scrolls sideways', async (_, screen) => {
      // Half of 1280 is what a page is given at 200 %.
      await page.setViewportSize({ width: 640, height: 400 });
      await go(page, screen);
      for (const width of [640, 390]) {
        await page.setViewportSize({ width, height: 400 });
        await settled(page);
        expect([screen.path, width, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual(
          [screen.path, width, true],
        );
      }
    });
  });

  /** What the keyboard has to reach, once the screen has drawn all that it asks for. */
  async function settled(page: Page): Promise<number> {
    for (let before = -1; ; ) {
      const wanted = await page.evaluate<number>(markReachable);
      if (wanted === before) return wanted;
      before = wanted;
      await page.waitForTimeout(200);
    }
  }

  /** As a link of the page goes: the heading that stood there before is not the screen's. */
  async function go(page: Page, { path }: Screen): Promise<void> {
    if (new URL(page.url()).pathname === path) return;
    await page.evaluate(`for (const heading of document.querySelectorAll('main h1')) heading.dataset.left = ''`);
    await page.evaluate(`history.pushState({}, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`);
    await page.waitForURL(node.url + path);
    await page.locator('main h1:not([data-left])').waitFor();
  }

  async function open(page: Page, { path }: Screen): Promise<void> {
    await page.goto(node.url + path);
    await page.locator('main h1').waitFor();
  }
});

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
