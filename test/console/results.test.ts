/** What came out, in a browser: jobs, results of every kind, an audience from its rule to a file. Real nodes and real results. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRefused } from '../../console/screens/datasets/refused-list.ts';
import { operationEnd } from '../end-to-end/trial-network.ts';
import { hasBrowser } from './browser.ts';
import { TrialConsole } from './trial-console.ts';
import { openTrialResults, type TrialResults } from './trial-results.ts';

describe.skipIf(!hasBrowser)('results in the console', () => {
  let trial: TrialConsole;
  let results: TrialResults;
  let page: Page;

  beforeAll(async () => {
    results = await openTrialResults();
    const { brand, media, folder } = results.network;
    trial = await TrialConsole.before({ folder, node: brand, partner: media }, () => results.network.close());
    ({ page } = trial.watched);
    await trial.signIn('ana', ['admin', 'analyst', 'approver'], { address: '/results' });
  }, 180_000);

  afterAll(() => trial?.stop(), 60_000);

  const open = async (address: string, heading: string) => {
    await page.goto(trial.node.url + address);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  };
  const openReport = async (application: string, heading: string) => {
    const room = ['overlap', 'insight'].includes(application) ? results.peopleRoom : results.eventRoom;
    await open(`/results/rooms/${room}/${results.reports[application]!.question}`, heading);
  };
  const figure = (title: string) => page.locator('.figure', { has: page.getByRole('heading', { name: title }) });

  it('are listed with the rooms that more can be asked of', async () => {
    await page.getByRole('heading', { name: 'Rooms to ask' }).waitFor();
    for (const name of ['Match', 'Insight', 'Overlap', 'Attribution', 'Lift'])
      await page.getByRole('link', { name, exact: true }).first().waitFor();
    await trial.expectSound();
    await trial.shot('results');
  });

  it('a job shows the stages of both sides on one line of time, and what went over the wire', async () => {
    await open(`/jobs/${results.match}`, 'Match with media');
    const line = page.getByRole('table');
    await line.getByRole('columnheader', { name: 'media' }).waitFor();
    expect(await line.getByRole('row').count()).toBeGreaterThan(5);
    await page.getByText(/sent, .* received/).waitFor();
    await trial.expectSound();
    await trial.shot('job');
    await page.getByRole('button', { name: 'See the result' }).click();
    await figure('The two lists').locator('.chart svg').waitFor();
    await trial.expectSound();
    await trial.shot('result-match');
  });

  it('a thousand jobs are listed at once, and only those that can be seen are drawn; the address keeps the filters', async () => {
    // Copies of a real job: what is tried here is the list.
    await page.route('**/v1/jobs?*', async (route) => {
      const response = await route.fetch();
      const { items } = (await response.json()) as { items: { id: string; status: string }[] };
      const copies = Array.from({ length: 1000 }, (_, i) => ({
        ...items[i % items.length]!,
        id: `copy-${i}`,
        status: i % 10 === 0 ? 'failed' : 'finished',
      }));
      await route.fulfill({ response, json: { items: copies } });
    });
    await open('/jobs', 'Jobs');
    await page.getByText('1,000 of 1,000').waitFor();
    const rows = page.locator('.long-table tbody tr:not(.gap)');
    expect(await rows.count()).toBeLessThan(60);
    await page.locator('.long-table').evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
    await expect.poll(() => rows.last().getAttribute('aria-rowindex')).toBe('1001');
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByTitle('Failed', { exact: true }).click();
    await page.getByText('100 of 1,000').waitFor();
    expect(new URL(page.url()).search).toBe('?state=failed');
    await trial.expectSound();
    await trial.shot('jobs');
    await page.unroute('**/v1/jobs?*');
  });

  it('an insight shows people by segment, crossed ones as a field of colours, and what is held back as such', async () => {
    await open(`/results/jobs/${results.insight}`, 'a trial');
    await page.locator('.chart svg').first().waitFor();
    await trial.expectSound();
    await trial.shot('result-insight');
    const crossed = figure('People by interest × holdout');
    await crossed.getByText('Table', { exact: true }).click();
    expect(await crossed.getByRole('cell', { name: 'not shown' }).count()).toBeGreaterThan(0);
    await crossed.getByText(/Not shown: fewer than 50 people, the smallest group of the agreement/).waitFor();
    expect(await crossed.getByRole('cell', { name: '0', exact: true }).count()).toBe(0);
  });

  it.each([
    ['overlap', 'Overlap', 'Match rate by segment'],
    ['insight', 'Insight with index (TGI)', 'Index by interest'],
    ['reach', 'Reach and frequency', 'How often people were reached'],
    ['lift', 'Lift', 'Effect'],
    ['lifecycle', 'Lifecycle', 'Where people came from and went'],
    ['attribution', 'Attribution', 'Models compared by channel'],
  ])('%s is drawn, told in words and sound to all', async (application, heading, chief) => {
    await openReport(application, heading);
    await figure(chief).locator('.chart svg').waitFor();
    await page.getByRole('heading', { name: 'In words' }).waitFor();
    await trial.expectSound();
    await trial.shot(`result-${application}`);
  });

  it('a chart has its table beside it, and is saved as a picture, a drawing and a table with the same numbers', async () => {
    const compared = figure('Models compared by channel');
    await compared.getByText('Table', { exact: true }).click();
    const { tables } = results.reports.attribution!.report as {
      tables: { model: string; rows: { unit: string; orders: number }[] }[];
    };
    const first = tables.find(({ model }) => model === 'first')!.rows[0]!;
    const shown = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 }).format(first.orders);
    await compared
      .getByRole('row', { name: first.unit })
      .getByRole('cell', { name: shown, exact: true })
      .first()
      .waitFor();
    await trial.expectSound();
    const saved = async (kind: string) => {
      await compared.getByRole('button', { name: 'Save Models compared by channel' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: kind }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
    };
    const csv = await saved('Table (CSV)');
    expect(csv.name).toBe('attribution-channel.csv');
    expect(csv.bytes.toString()).toContain(`${first.unit},${first.orders}`);
    const svg = await saved('Drawing (SVG)');
    expect(svg.bytes.toString()).toMatch(/^<svg .*Models compared by channel/s);
    const png = await saved('Picture (PNG)');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(png.bytes.length).toBeGreaterThan(10_000);
  });

  it('on paper there are charts and tables, on white, and nothing that can be pressed', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await expect.poll(() => page.locator('.figure-table').count()).toBeGreaterThan(3);
    expect(await page.locator('.figure .chart svg').count()).toBeGreaterThan(3);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await trial.shot('result-printed');
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
  });

  it('an audience: its rule over both sides’ tags, the cost said before, its size, then its rows, its road and a file', async () => {
    await open(`/rooms/${results.peopleRoom}`, 'Who are they, and whom to reach');
    await trial.expectSound();
    await trial.shot('room');
    await page.getByRole('button', { name: 'Build an audience' }).click();
    await page.getByText('Choose a tag and its values').waitFor();
    await choose('Tag', 'interest');
    await choose('Values of interest', 'autos');
    await choose('Values of interest', 'food');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await choose('Tag', 'tier', 1);
    await choose('Values of tier', 'gold');
    await choose('Values of tier', 'platinum');
    await choose('Values of tier', 'silver');
    await page.keyboard.press('Escape');
    await page.getByText('members.interest is autos or food and tier is gold or platinum or silver').waitFor();
    await page.getByText('costs ρ 0.005').waitFor();
    await page
      .getByText(/would be left/)
      .first()
      .waitFor();
    await trial.expectSound();
    await trial.shot('builder');
    await page.getByRole('button', { name: 'Estimate the size' }).click();
    await page.getByText(/95 %: \d+ to \d+/).waitFor();
    await page.getByText('Free: it was answered before').waitFor();
    await trial.shot('builder-estimated');
    await page.getByLabel('Name of the audience').fill('June drivers');
    await page.getByRole('button', { name: 'Make the audience' }).click();
    await page.getByRole('heading', { name: 'June drivers', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Where it came from' }).waitFor();
    await page.getByRole('button', { name: 'Prepare the file' }).click();
    await page.getByText(/rows are ready/).waitFor();
    await trial.expectSound();
    await trial.shot('audience');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save the file' }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('June drivers.csv');
    expect((await readFile(await saved.path(), 'utf8')).split('\n').length).toBeGreaterThan(50);
    await page.getByRole('radio', { name: 'A file on the node’s machine' }).check();
    await page.getByLabel('Path of the file').fill('/nowhere/june.csv');
    await page.getByRole('button', { name: 'Write the file' }).click();
    await expect.poll(() => page.locator('.ant-alert-error').textContent()).toContain('Code ');
    await open('/audiences', 'Audiences');
    await page.getByRole('link', { name: 'June drivers' }).waitFor();
    await trial.expectSound();
    await trial.shot('audiences');
  });

  it('another report is asked for with its cost said before', async () => {
    await open(`/rooms/${results.peopleRoom}/report`, 'Ask for a report');
    await page
      .getByText('Free: it was answered before')
      .or(page.getByText(/costs ρ/))
      .first()
      .waitFor();
    await trial.expectSound();
    await trial.shot('report-form');
    await open(`/rooms/${results.eventRoom}/report`, 'Ask for a report');
    await page.getByText('Attribution', { exact: true }).click();
    await page.getByText('More settings').click();
    await page.getByLabel('Look-back window').fill('30');
    await page.getByLabel('Look-back of exposures').fill('7');
    await choose('Models', 'Markov, order 2');
    await page.keyboard.press('Escape');
    await page.getByText('What is asked, in full').click();
    const asked = page.locator('details pre');
    await expect.poll(() => asked.textContent()).toContain('"windowSeconds": 2592000');
    expect(JSON.parse((await asked.textContent())!)).toMatchObject({
      lookBackSeconds: { exposure: 7 * 86_400 },
      models: ['first', 'last', 'linear', 'markov-2'],
    });
    await trial.expectSound();
    await trial.shot('report-attribution');
    await page.getByText('Lifecycle', { exact: true }).click();
    await choose('Stages', 'Stages of our own');
    await page.getByLabel('Stage 4').waitFor();
    await trial.expectSound();
    await trial.shot('report-stages');
  });

  it('an audience by what people did, and by circles that are drawn to scale and listed beside', async () => {
    await open(`/rooms/${results.eventRoom}/audience`, 'Build an audience');
    await page.getByRole('button', { name: 'Add events' }).click();
    await page.getByRole('button', { name: 'Remove the condition' }).first().click();
    await page.getByLabel('how many from').fill('2');
    await page.getByLabel('last, days ago to').fill('20');
    await page.getByRole('button', { name: 'Add events' }).click();
    await choose('Event', 'orders', 1);
    await page.getByLabel('together, CNY from').fill('500');
    await page
      .getByText(/2 exposures .* at most 20 days ago and at least 1 orders .*, of at least 500.00 CNY together/)
      .waitFor();
    await page
      .getByText(/costs ρ|Free/)
      .first()
      .waitFor();
    await trial.expectSound();
    await trial.shot('builder-events');
    await open(`/rooms/${results.peopleRoom}/audience`, 'Build an audience');
    await page.getByRole('button', { name: 'Add a place' }).click();
    await page.getByRole('button', { name: 'Remove the condition' }).first().click();
    await page.getByText('Say what the coordinates of your points mean').waitFor();
    await choose('What coordinates mean', 'GCJ-02: most maps of mainland China');
    await page.getByLabel(/^Points:/).fill('31.2304, 121.4737\n121.47, 31.23\n30.2741, 120.1551');
    await page.getByRole('button', { name: 'Add the points' }).click();
    await page.getByText(/Line 2: .*swapped/).waitFor();
    await page.getByRole('img', { name: 'Drawing of 2 points with circles of 5 km' }).waitFor();
    expect(await page.getByRole('table', { name: '2 points' }).getByRole('row').count()).toBe(3);
    await page.getByText(/members.home within 5,000 m of/).waitFor();
    await page
      .getByText(/costs ρ|Free/)
      .first()
      .waitFor();
    await trial.expectSound();
    await trial.shot('builder-places');
    await page.getByRole('button', { name: 'Remove point 1' }).click();
    await page.getByRole('img', { name: 'Drawing of 1 points' }).waitFor();
  });

  it('a question in SQL: refused with the column and whose rule, then priced, asked, drawn, and free the next time', async () => {
    await open(`/rooms/${results.peopleRoom}/question`, 'Ask in SQL');
    const text = page.getByLabel('Question', { exact: true });
    await page.getByText(/rows at most/).waitFor();
    await text.fill('SELECT home, count(DISTINCT person) FROM members GROUP BY home');
    await page
      .getByText(/members\.home/)
      .last()
      .waitFor();
    await expect
      .poll(() => page.locator('main .ant-alert-warning').textContent())
      .toMatch(/organisation media.*column members\.home/);
    expect(await page.getByRole('button', { name: 'Ask', exact: true }).isDisabled()).toBe(true);
    await trial.expectSound();
    await trial.shot('question-refused');
    await text.fill('SELECT ');
    await page.getByRole('button', { name: 'Put members.interest into the question' }).click();
    await page.keyboard.type(', count(DISTINCT person) FROM members GROUP BY interest');
    await page.getByText(/: ± .* \(95 %\)/).waitFor();
    await page.getByText(/costs ρ/).waitFor();
    await trial.shot('question-preview');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await figure('Answer').locator('.chart svg').waitFor();
    await page.getByText('Free: it was answered before').waitFor();
    await page.getByRole('button', { name: /^Show it: SELECT interest/ }).waitFor();
    await trial.expectSound();
    await trial.shot('question-answered');
  });

  it('a hundred thousand refused rows are read to the last, and only those that can be seen are drawn', async () => {
    const { brand, folder } = results.network;
    const path = join(folder, 'refused.csv');
    const [good, bad] = [1_000, 100_000];
    const rows = [
      ...Array.from({ length: good }, (_, i) => `+86138${String(i * 33_331 + 17).padStart(8, '0')}`),
      ...Array.from({ length: bad }, (_, i) => `n${i}`),
    ];
    await writeFile(path, `mobile\n${rows.join('\n')}\n`);
    const ids = [{ column: 'mobile', profile: 'phone' }];
    await operationEnd(brand, await brand.api.dataset.add({ path, name: 'refused', ids, attributes: [] }));
    await open('/datasets/refused', 'refused');
    await page.getByRole('button', { name: 'Show them one by one' }).click();
    const list = page.locator('.long-table');
    await list.getByRole('row').nth(2).waitFor();
    expect(await list.locator('table').getAttribute('aria-rowcount')).toBe(String(bad + 1));
    const drawn = list.locator('tbody tr:not(.gap)');
    await list.evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
    await expect.poll(() => drawn.last().getAttribute('aria-rowindex')).toBe(String(bad + 1));
    const kept = await allRefused('refused', (request) => brand.api.dataset.refused(request));
    await drawn
      .last()
      .getByText(new Intl.NumberFormat('en-GB').format(kept.at(-1)!.row), { exact: true })
      .waitFor();
    expect(await drawn.count()).toBeLessThan(60);
    await trial.expectSound();
    await trial.shot('dataset-refused');
  });

  it('traffic and retargeting are asked for by their fields; a pattern that cannot run is refused where it is typed', async () => {
    await open(`/rooms/${results.eventRoom}/report`, 'Ask for a report');
    await page.getByText('Retargeting size', { exact: true }).click();
    await page.getByLabel('Leave out who saw at least so many exposures').fill('5');
    await page.getByLabel('Exposures of the last').fill('20');
    await page.getByText(/costs ρ/).waitFor();
    await trial.expectSound();
    await trial.shot('report-retarget');
    await page.getByText('Traffic check', { exact: true }).click();
    await page.getByText('Free and exact: it is about your own rows alone').waitFor();
    const crawlers = page.getByLabel('List of crawlers');
    await crawlers.fill('Googlebot\n(?=x)bot');
    await page.getByText('Pattern 2 cannot be used').waitFor();
    await crawlers.fill('Googlebot');
    await page.getByText('Patterns: 1').waitFor();
    await trial.expectSound();
    await trial.shot('report-traffic');
    await page.getByRole('button', { name: 'Make the report' }).click();
    await page.getByRole('heading', { name: 'Traffic check', level: 1 }).waitFor();
  });

  it('in Chinese, in the dark, on a narrow screen: nothing scrolls sideways', async () => {
    await page.getByRole('button', { name: 'Language, appearance and time zone' }).click();
    await page.getByText('简体中文').click();
    await page.getByText('深色').click();
    for (const [application, heading] of [
      ['attribution', '归因'],
      ['insight', 'TGI 洞察'],
    ] as const) {
      await openReport(application, heading);
      await page.locator('.chart svg').first().waitFor();
      await trial.expectSound();
      await trial.shot(`zh-dark-${application}`);
    }
    await page.setViewportSize({ width: 390, height: 800 });
    for (const address of [
      '/results',
      `/jobs/${results.match}`,
      `/rooms/${results.peopleRoom}/audience`,
      `/rooms/${results.peopleRoom}/question`,
      `/rooms/${results.eventRoom}/report`,
      '/audiences',
      '/jobs',
    ]) {
      await page.goto(trial.node.url + address);
      await page.locator('h1').waitFor();
      await trial.expectNarrow();
      await trial.expectSound();
      await trial.shot(`zh-narrow${address.replaceAll(/\/(job-)?[0-9a-f-]{8,}|\//g, '-')}`);
    }
    await openReport('attribution', '归因');
    await page.locator('.chart svg').first().waitFor();
    await trial.expectNarrow();
    await trial.shot('zh-narrow-attribution');
  });

  async function choose(field: string, option: string, at = 0): Promise<void> {
    await page.getByRole('combobox', { name: field, exact: true }).nth(at).click();
    await page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)')
      .getByTitle(option, { exact: true })
      .click();
  }
});
