/**
 * The console as a person waits for it: screens opened cold, in a browser that has kept nothing, until what was asked for stands there.
 *
 *   node bench/console.ts [--jobs 1000] [--runs 7] [--save]
 *
 * The node and its match are real; the list of jobs is that match as often as was asked for, put into the node's answer on its way to the page. Browser
 * and node share the machine's cores. Bytes are those of the sign-in, as they travel. `--save` keeps the figures in bench/results/console.json.
 */
import { parseArgs } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { openBrowser, openPage } from '../test/console/browser.ts';
import { buildConsole, password } from '../test/console/trial-console.ts';
import { agreeOnMatch, jobEnd, openTrialNetwork, publish } from '../test/end-to-end/trial-network.ts';
import { writePhones } from './phones.ts';
import { keep, machine, spread } from './report.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '7' },
    save: { type: 'boolean', default: false },
  },
});
const jobs = Number(values.jobs);
const runs = Number(values.runs);

buildConsole();
const network = await openTrialNetwork();
const browser = await openBrowser();
try {
  const { brand, media, folder } = network;
  const ids = [{ column: 'mobile', profile: 'phone' }];
  for (const [node, name, from] of [
    [brand, 'customers', 0],
    [media, 'members', 1000],
  ] as const) {
    const path = `${folder}/${name}.csv`;
    writePhones(path, { from, rows: 5000 });
    await publish(node, { path, name, ids });
  }
  const match = { mine: 'customers', theirs: 'members', keys: ['phone'], receiver: 'me' } as const;
  const { job } = await brand.api.job.run({ agreement: await agreeOnMatch(network, match) });
  const { status } = await jobEnd(brand, job);
  if (status !== 'finished') throw new Error(`the match has ${status}`);

  await brand.api.user.create({ name: 'bench', password, roles: ['admin', 'steward', 'analyst', 'approver'] });
  const { page, asked } = await openPage(browser);
  await page.goto(brand.url);
  await page.getByLabel('User name').fill('bench');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'brand', level: 1 }).waitFor();
  const storageState = await page.context().storageState();
  await page.context().close();
  if (asked.some((url) => !url.startsWith(brand.url))) throw new Error('something was asked of another origin');

  /** Seconds from the address to `shown`, in a browser that was never here but for the session's cookie. */
  const opened = async (address: string, shown: string): Promise<number> => {
    const cold = await openPage(browser, { storageState });
    if (address === '/jobs') await manyJobs(cold.page.context());
    const started = performance.now();
    await cold.page.goto(brand.url + address);
    await cold.page.getByText(shown, { exact: true }).first().waitFor();
    const seconds = (performance.now() - started) / 1000;
    await cold.page.context().close();
    return seconds;
  };
  const screens = {
    home: ['/', 'Recent results'],
    datasets: ['/datasets', 'customers'],
    jobs: ['/jobs', `${jobs.toLocaleString('en')} of ${jobs.toLocaleString('en')}`],
    results: ['/results', 'All results'],
    result: [`/results/jobs/${job}`, 'The two lists'],
  } as const;
  const seconds: Record<string, ReturnType<typeof spread>> = {};
  for (const [name, [address, shown]] of Object.entries(screens)) {
    const taken: number[] = [];
    for (let run = 0; run < runs; run++) taken.push(await opened(address, shown));
    seconds[name] = spread(taken);
  }
  const result = { machine: machine(), browser: browser.version(), jobs, firstLoadBytes: await firstLoad(), seconds };
  console.log(JSON.stringify(result, null, 2));
  if (values.save) keep('console', result);
} finally {
  await browser.close();
  await network.close();
}

/** The node's own list, with its job as often as was asked for. */
async function manyJobs(context: BrowserContext): Promise<void> {
  await context.route('**/v1/jobs?*', async (route) => {
    const response = await route.fetch();
    const { items } = (await response.json()) as { items: readonly { readonly id: string }[] };
    const copies = Array.from({ length: jobs }, (_, i) => ({ ...items[i % items.length]!, id: `copy-${i}` }));
    await route.fulfill({ response, json: { items: copies } });
  });
}

/** Bytes that travel until a person can sign in. */
async function firstLoad(): Promise<number> {
  const { page } = await openPage(browser);
  let bytes = 0;
  page.on('response', (response) => {
    bytes += Number(response.headers()['content-length'] ?? 0);
  });
  await page.goto(network.brand.url);
  await page.getByLabel('User name').waitFor();
  await page.context().close();
  return bytes;
}
