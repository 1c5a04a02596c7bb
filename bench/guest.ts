/**
 * A match in a browser tab: a real browser on the page of a real node, from the guest's consent to its result.
 *
 *   node bench/guest.ts [--guest 100000] [--host 1000000] [--runs 1] [--save]
 *
 * Half of the guest's list is shared. Browser and node share the machine's cores; the page runs as many threads as there are cores.
 * Processor seconds, which neighbours on the machine change less, are those of both together.
 * `--save` keeps the figures in bench/results/guest.json.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBrowser, openPage } from '../test/console/browser.ts';
import { emptyNode, publish } from '../test/end-to-end/trial-network.ts';
import { writePhones } from './phones.ts';
import { treeProcessorSeconds } from './process-tree.ts';
import { keepAmong, machine, spread } from './report.ts';

const { values } = parseArgs({
  options: {
    guest: { type: 'string', default: '100000' },
    host: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '1' },
    save: { type: 'boolean', default: false },
  },
});
const rows = { guest: Number(values.guest), host: Number(values.host) };
/** Longer than anybody waits: a run that takes it has failed. */
const patienceMs = 15 * 60_000;

execFileSync(process.execPath, [fileURLToPath(new URL('../console/build.js', import.meta.url)), '--strict']);
const folder = await mkdtemp(join(tmpdir(), 'causeway-bench-guest-'));
const node = await emptyNode(folder, 'host');
const browser = await openBrowser();
try {
  await node.start();
  await node.api.network.create({ name: 'Bench' });
  const [lists, own] = [join(folder, 'host.csv'), join(folder, 'guest.csv')];
  writePhones(lists, { from: 0, rows: rows.host });
  writePhones(own, { from: rows.host - rows.guest / 2, rows: rows.guest });
  await publish(node, { path: lists, name: 'customers', ids: [{ column: 'mobile', profile: 'phone' }] });
  const seconds: number[] = [];
  const processor: number[] = [];
  for (let run = 0; run < Number(values.runs); run++) {
    const asked = { label: 'bench', dataset: 'customers', key: 'phone', purpose: 'bench', rowsMax: 2 * rows.guest };
    const { path } = await node.api.guest.invite(asked);
    const { page } = await openPage(browser);
    await page.goto(node.url + path);
    await page.getByLabel('Drop your list here, or choose it').setInputFiles(own);
    await page.getByRole('button', { name: 'Show who learns what' }).click();
    const agree = page.getByRole('button', { name: 'I agree: run the match' });
    await agree.waitFor({ timeout: patienceMs });
    const before = treeProcessorSeconds(process.pid);
    const started = performance.now();
    await agree.click();
    await page.getByRole('heading', { name: 'The match has ended' }).waitFor({ timeout: patienceMs });
    seconds.push((performance.now() - started) / 1000);
    processor.push(treeProcessorSeconds(process.pid) - before);
    const matched = await page.locator('.guest-figure').last().textContent();
    if (Number(matched?.replaceAll(',', '')) !== rows.guest / 2) throw new Error(`wrong result: ${matched}`);
    await page.context().close();
  }
  const result = {
    machine: machine(),
    browser: browser.version(),
    rows: { ...rows, shared: rows.guest / 2 },
    kernels: { guest: 'wasm', host: (await node.api.node.status()).kernel },
    seconds: spread(seconds),
    processorSeconds: spread(processor),
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.save) keepAmong('guest', result, (of) => [of.rows.guest, of.rows.host]);
} finally {
  await browser.close();
  await node.stop();
  await rm(folder, { recursive: true, force: true });
}
