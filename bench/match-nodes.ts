/**
 * A match through two nodes, as a user runs it: time, bytes on the wire, and memory of each node's processes; and a node at rest.
 *
 *   node bench/match-nodes.ts [--rows 1000000] [--runs 1] [--save]
 *
 * Lists of phones, half of them shared; both sides learn. Results go to bench/results/match-nodes.json.
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { agreeOnMatch, jobEnd, openTrialNetwork, pause, publish } from '../test/end-to-end/trial-network.ts';
import { writePhones } from './phones.ts';
import { treeBytes, watchTree } from './process-tree.ts';
import { keep, machine, spread } from './report.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '1' },
    save: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);

const network = await openTrialNetwork();
try {
  const readyFrom = performance.now();
  await network.media.stop();
  const restart = performance.now();
  await network.media.start();
  const upSeconds = (performance.now() - restart) / 1000;
  await pause(Math.max(0, 3000 - (performance.now() - readyFrom)));
  const idle = { brand: treeBytes(network.brand.pid), media: treeBytes(network.media.pid) };
  for (const [node, name, from] of [
    [network.brand, 'crm', 0],
    [network.media, 'users', rows / 2],
  ] as const) {
    const path = join(network.folder, `${name}.csv`);
    await writePhones(path, { from, rows });
    await publish(node, { path, name, ids: [{ column: 'mobile', profile: 'phone' }] });
  }
  const seconds: number[] = [];
  const peaks: { brand: number; media: number }[] = [];
  let bytes = 0;
  for (let run = 0; run < Number(values.runs); run++) {
    const agreement = await agreeOnMatch(network, { mine: 'crm', theirs: 'users', keys: ['phone'], receiver: 'both' });
    const watches = { brand: watchTree(network.brand.pid), media: watchTree(network.media.pid) };
    const started = performance.now();
    const { job } = await network.brand.api.job.run({ agreement });
    const [a, b] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
    seconds.push((performance.now() - started) / 1000);
    peaks.push({ brand: watches.brand.stop().peakBytes, media: watches.media.stop().peakBytes });
    if (a.counts?.matched !== rows / 2 || b.counts?.matched !== rows / 2)
      throw new Error(`wrong result: ${JSON.stringify([a.counts, b.counts, a.error])}`);
    bytes = (await network.brand.api.agreement.show({ agreement })).plan?.bytesAbout ?? 0;
  }
  const result = {
    machine: machine(),
    rows: { brand: rows, media: rows, shared: rows / 2 },
    kernel: (await network.brand.api.node.status()).kernel,
    seconds: spread(seconds),
    peakMib: {
      brand: mib(Math.max(...peaks.map(({ brand }) => brand))),
      media: mib(Math.max(...peaks.map(({ media }) => media))),
    },
    idleMib: { brand: mib(idle.brand), media: mib(idle.media) },
    upSeconds: Math.round(upSeconds * 100) / 100,
    bytesPlanned: bytes,
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.save) keep('match-nodes', result);
} finally {
  await network.close();
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
