/**
 * psi/oprf without a network: both sides in one process, each with one thread of arithmetic and its files on disk.
 *
 *   node bench/psi-oprf.ts [--table 10000000] [--rows 100000] [--change 100000] [--runs 5] [--save]
 *
 * The table is prepared and shipped once; then the client's list, half of which is in it, is matched again and again; then a part of the
 * large list changes. Seconds are the median of the runs, and their range; those of the processor, which neighbours on the machine change
 * less, are told for each side's arithmetic and for the rest. `--save` keeps them in bench/results/psi-oprf.json.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemRandom } from '../native/index.ts';
import { openRound } from '../server/jobs/match/match-round.ts';
import { TestScope } from '../server/jobs/match/oprf/testing/scope.ts';
import { openWorkFolder } from '../server/jobs/work/index.ts';
import { keepAmong, machine, spread } from './report.ts';
import { exchanged as bothExchanged, bring, keyBytes, measured, openTimedKernel } from './rounds.ts';

const { values } = parseArgs({
  options: {
    table: { type: 'string', default: '10000000' },
    rows: { type: 'string', default: '100000' },
    change: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '5' },
    save: { type: 'boolean', default: false },
  },
});
const [tableRows, rows, change] = [Number(values.table), Number(values.rows), Number(values.change)];
type Party = 'client' | 'server';
const parties: readonly Party[] = ['client', 'server'];

const timed = { client: await openTimedKernel(), server: await openTimedKernel() };
const measure = <Result>(work: () => Promise<Result>) => measured(timed, work);
type Took = Awaited<ReturnType<typeof measure>>['took'];
const scope = await TestScope.open({ evaluationsOfEpoch: 2 ** 20 });
const signal = new AbortController().signal;

interface List {
  readonly source: string;
  readonly keys: Uint8Array;
}

let jobCount = 0;

/** A job whose rounds are committed, each to its list, one after the other: what that took is told of each. */
async function committed(lists: Readonly<Record<Party, List>>) {
  const job = `job-${jobCount++}`;
  const side = async (of: Party) => {
    const { source, keys } = lists[of];
    await mkdir(join(scope.folder, job), { recursive: true });
    const round = openRound('psi/oprf', {
      work: await openWorkFolder(join(scope.folder, job, of)),
      kernel: timed[of].kernel,
      sorter: timed[of].kernel,
      random: systemRandom,
      index: 0,
      binding: { network: 'bench', agreement: 'a', job, profile: 'phone' },
      plan: new Uint8Array(32),
      side: of === 'client' ? 'proposer' : 'partner',
      learns: of === 'client' ? { own: 'rows', peer: 'nothing' } : { own: 'nothing', peer: 'rows' },
      peerCount: { min: 1, max: of === 'client' ? 2 ** 30 : rows },
      rowBound: keys.length / keyBytes,
      silenceMs: 600_000,
      oprf: async () => scope.ports(of, source),
      onProgress: () => {},
    });
    await bring(round, join(scope.folder, job, of), keys);
    const { result, took } = await measure(async () => {
      const set = await round.prepare(keys.length / keyBytes);
      return { round, set, commitment: await round.commit(set, signal) };
    });
    return { ...result, took };
  };
  return { folder: join(scope.folder, job), client: await side('client'), server: await side('server') };
}

/** From hello to rows. */
async function exchanged({ client, server, folder }: Awaited<ReturnType<typeof committed>>, expected: number) {
  const { result, took } = await measure(() => bothExchanged([client, server], signal));
  const { bytes, results } = result;
  if (results[0]?.matchedKeys !== expected) throw new Error(`${results[0]?.matchedKeys} matched, and not ${expected}`);
  await rm(folder, { recursive: true });
  return { took, bytes };
}

const processor = (all: readonly Took[]) => ({
  client: spread(all.map(({ arithmetic }) => arithmetic.client)),
  server: spread(all.map(({ arithmetic }) => arithmetic.server)),
  rest: spread(all.map(({ rest }) => rest)),
});

const large = { source: 'first', keys: new Uint8Array(randomBytes(tableRows * keyBytes)) };
const small = { source: 'small', keys: new Uint8Array(randomBytes(rows * keyBytes)) };
const shared = rows >> 1;
small.keys.set(large.keys.subarray(large.keys.length - shared * keyBytes));

const first = await committed({ client: small, server: large });
const preparing = first.server.took;
const shipped = await exchanged(first, shared);
console.log(`prepared in ${preparing.seconds.toFixed(1)} s, shipped in ${shipped.took.seconds.toFixed(1)} s`);

const runs: { readonly blinding: Took; readonly took: Took; readonly bytes: number }[] = [];
for (let i = 0; i < Number(values.runs); i++) {
  const job = await committed({ client: small, server: large });
  runs.push({ blinding: job.client.took, ...(await exchanged(job, shared)) });
}

const changed = { source: 'second', keys: large.keys.slice() };
changed.keys.set(randomBytes(change * keyBytes));
const second = await committed({ client: small, server: changed });
const delta = await exchanged(second, shared);
const online = runs[0]!;

const result = {
  machine: machine(),
  tableRows,
  rows,
  kernel: timed.server.kernel.name,
  preparation: {
    seconds: Number(preparing.seconds.toFixed(1)),
    processorSeconds: {
      arithmetic: Number(preparing.arithmetic.server.toFixed(1)),
      rest: Number(preparing.rest.toFixed(1)),
    },
    rowsPerSecondAndCore: Math.round(tableRows / (preparing.arithmetic.server + preparing.rest)),
  },
  table: {
    bytesPerRow: Number(((shipped.bytes - online.bytes) / tableRows).toFixed(3)),
    seconds: Number(shipped.took.seconds.toFixed(1)),
  },
  run: {
    /** From the list to its rows: blinding, exchange, look-up. */
    seconds: spread(runs.map(({ blinding, took }) => blinding.seconds + took.seconds)),
    afterBlinding: spread(runs.map(({ took }) => took.seconds)),
    processorSeconds: {
      blinding: processor(runs.map(({ blinding }) => blinding)),
      ...processor(runs.map(({ took }) => took)),
    },
    bytesPerRow: Number((online.bytes / rows).toFixed(2)),
  },
  change: {
    joined: change,
    left: change,
    preparationSeconds: Number(second.server.took.seconds.toFixed(1)),
    preparationProcessorSeconds: Number((second.server.took.arithmetic.server + second.server.took.rest).toFixed(1)),
    bytesPerIdentifier: Number(((delta.bytes - online.bytes) / (2 * change)).toFixed(2)),
  },
  residentMib: Math.round(process.resourceUsage().maxRSS / 1024),
};
console.log(JSON.stringify(result, null, 2));
for (const party of parties) await timed[party].kernel.close();
await rm(scope.folder, { recursive: true });
if (values.save) keepAmong('psi-oprf', result, (of) => [of.tableRows, of.rows]);
