/**
 * A match through two nodes, as a user runs it: time, bytes on the wire, and memory of each node's processes; and a node at rest.
 *
 *   node bench/match-nodes.ts [--rows 1000000] [--runs 1] [--protocol psi/ecdh] [--save]
 *
 * Lists of phones, half of them shared; both sides learn. Results go to bench/results/match-nodes.json.
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MatchProtocol } from '@causeway/core/protocols';
import { agreeOnMatch, jobEnd, openTrialNetwork, pause, publish } from '../test/end-to-end/trial-network.ts';
import { writePhones } from './phones.ts';
import { treeBytes, watchTree } from './process-tree.ts';
import { keepAmong, machine, spread } from './report.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '1' },
    protocol: { type: 'string', default: 'psi/ecdh' },
    save: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const protocol = values.protocol as MatchProtocol;

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
  let planned: { readonly seconds: number; readonly bytes: number } | undefined;
  for (let run = 0; run < Number(values.runs); run++) {
    const agreement = await agreeOnMatch(network, {
      mine: 'crm',
      theirs: 'users',
      keys: ['phone'],
      receiver: 'both',
      protocol,
    });
    const { plan } = await network.brand.api.agreement.show({ agreement });
    planned = plan && { seconds: plan.secondsAbout, bytes: plan.bytesAbout };
    const watches = { brand: watchTree(network.brand.pid), media: watchTree(network.media.pid) };
    const started = performance.now();
    const { job } = await network.brand.api.job.run({ agreement });
    const [a, b] = [await jobEnd(network.brand, job), await jobEnd(network.media, job)];
    seconds.push((performance.now() - started) / 1000);
    peaks.push({ brand: watches.brand.stop().peakBytes, media: watches.media.stop().peakBytes });
    if (a.counts?.matched !== rows / 2 || b.counts?.matched !== rows / 2)
      throw new Error(`wrong result: ${JSON.stringify([a.counts, b.counts, a.error])}`);
  }
  const result = {
    machine: machine(),
    protocol: protocol as string,
    rows: { brand: rows, media: rows, shared: rows / 2 },
    kernel: (await network.brand.api.node.status()).kernel,
    seconds: spread(seconds),
    peakMib: {
      brand: mib(Math.max(...peaks.map(({ brand }) => brand))),
      media: mib(Math.max(...peaks.map(({ media }) => media))),
    },
    idleMib: { brand: mib(idle.brand), media: mib(idle.media) },
    upSeconds: Math.round(upSeconds * 100) / 100,
    planned,
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.save) keepAmong('match-nodes', result, (of) => [of.rows.brand, of.protocol, of.kernel]);
} finally {
  await network.close();
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
