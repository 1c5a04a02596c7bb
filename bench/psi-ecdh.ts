/**
 * psi/ecdh without a network: both sides in one process, each with one thread of arithmetic and its files on disk.
 *
 *   node bench/psi-ecdh.ts [--rows 1000000] [--learns both] [--runs 3] [--save]
 *
 * Half of each list is shared. `--learns` is `both`, or `one`. Seconds go from two lists of distinct keys to the rows of each; those of the
 * processor, which neighbours on the machine change less, are told for each side's arithmetic and for the rest. `--save` keeps them in
 * bench/results/psi-ecdh.json.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemRandom } from '../native/index.ts';
import { openRound } from '../server/jobs/match/match-round.ts';
import { openWorkFolder } from '../server/jobs/work/index.ts';
import { keepAmong, machine, spread } from './report.ts';
import { exchanged, keyBytes, measured, openTimedKernel, prepared } from './rounds.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    learns: { type: 'string', default: 'both' },
    runs: { type: 'string', default: '3' },
    save: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const shared = rows >> 1;
const learns = values.learns === 'both' ? 'both' : 'one';
const sides = ['proposer', 'partner'] as const;
type Party = (typeof sides)[number];

const timed = { proposer: await openTimedKernel(), partner: await openTimedKernel() };
const lists: Readonly<Record<Party, Uint8Array>> = {
  proposer: new Uint8Array(randomBytes(rows * keyBytes)),
  partner: new Uint8Array(randomBytes(rows * keyBytes)),
};
lists.partner.set(lists.proposer.subarray(lists.proposer.length - shared * keyBytes));
const learnsOf = (side: Party) => (learns === 'both' || side === 'proposer' ? 'rows' : 'nothing');
const signal = new AbortController().signal;

async function run() {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-bench-ecdh-'));
  try {
    const open = async (side: Party, peer: Party) => {
      const round = openRound('psi/ecdh', {
        work: await openWorkFolder(join(folder, side)),
        kernel: timed[side].kernel,
        sorter: timed[side].kernel,
        random: systemRandom,
        index: 0,
        binding: { network: 'bench', agreement: 'a', job: 'job', profile: 'phone' },
        plan: new Uint8Array(32),
        side,
        learns: { own: learnsOf(side), peer: learnsOf(peer) },
        peerCount: { min: 1, max: rows },
        rowBound: rows,
        silenceMs: 600_000,
        onProgress: () => {},
      });
      return { round, set: await prepared(round, join(folder, side), lists[side]) };
    };
    const rounds = [await open('proposer', 'partner'), await open('partner', 'proposer')] as const;
    const { result, took } = await measured(timed, async () => {
      const committed = rounds.map(async ({ round, set }) => ({
        round,
        set,
        commitment: await round.commit(set, signal),
      }));
      return exchanged([await committed[0]!, await committed[1]!], signal);
    });
    for (const [i, side] of sides.entries()) {
      const expected = learnsOf(side) === 'rows' ? shared : undefined;
      const { matchedKeys } = result.results[i]!;
      if (matchedKeys !== expected) throw new Error(`${side}: ${matchedKeys} matched, and not ${expected}`);
    }
    return { bytes: result.bytes, took };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const runs: Awaited<ReturnType<typeof run>>[] = [];
for (let i = 0; i < Number(values.runs); i++) runs.push(await run());
const result = {
  machine: machine(),
  rows,
  learns,
  kernel: timed.proposer.kernel.name,
  seconds: spread(runs.map(({ took }) => took.seconds)),
  processorSeconds: {
    proposer: spread(runs.map(({ took }) => took.arithmetic.proposer)),
    partner: spread(runs.map(({ took }) => took.arithmetic.partner)),
    rest: spread(runs.map(({ took }) => took.rest)),
  },
  bytesPerRow: Number((runs[0]!.bytes / rows).toFixed(2)),
  residentMib: Math.round(process.resourceUsage().maxRSS / 1024),
  listMib: Math.round((2 * rows * keyBytes) / 2 ** 20),
};
console.log(JSON.stringify(result, null, 2));
for (const side of sides) await timed[side].kernel.close();
if (values.save) keepAmong('psi-ecdh', result, (of) => [of.rows, of.learns]);
