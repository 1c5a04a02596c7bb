/**
 * psi/ecdh without a network: each side in a thread of its own, with one thread of arithmetic and its files on disk.
 *
 *   node bench/psi-ecdh.ts [--rows 1000000] [--learns both] [--runs 3] [--save]
 *
 * Half of each list is shared. `--learns` is `both`, or `one`. Seconds go from two lists of distinct keys to the rows of each; processor
 * seconds, which neighbours on the machine change less, are those of both sides together. `--save` keeps them in
 * bench/results/psi-ecdh.json.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, MessageChannel, type MessagePort, Worker, workerData } from 'node:worker_threads';
import { openKernel, systemRandom } from '../native/index.ts';
import { openRound } from '../server/jobs/match/match-round.ts';
import { openWorkFolder } from '../server/jobs/work/index.ts';
import { portChannel } from './port-channel.ts';
import { keepAmong, machine, spread } from './report.ts';
import { bring, keyBytes } from './rounds.ts';

type Side = 'proposer' | 'partner';
type Learns = 'both' | 'one';

interface Part {
  readonly side: Side;
  readonly learns: Learns;
  readonly folder: string;
  /** Packed, 16 bytes each. */
  readonly keys: Uint8Array;
  readonly channel: MessagePort;
  readonly host: MessagePort;
}

const learnsOf = (side: Side, learns: Learns) => (learns === 'both' || side === 'proposer' ? 'rows' : 'nothing');

if (isMainThread) await main();
else await runSide(workerData as Part);

/** Says when it is ready, begins when it is told to, and says what it learned. */
async function runSide({ side, learns, folder, keys, channel, host }: Part): Promise<void> {
  const kernel = await openKernel({ threads: 1 });
  const peer = side === 'proposer' ? 'partner' : 'proposer';
  const round = openRound('psi/ecdh', {
    work: await openWorkFolder(folder, { durable: 'no' }),
    kernel,
    sorter: kernel,
    random: systemRandom,
    index: 0,
    binding: { network: 'bench', agreement: 'a', job: 'job', profile: 'phone' },
    plan: new Uint8Array(32),
    side,
    learns: { own: learnsOf(side, learns), peer: learnsOf(peer, learns) },
    peerCount: { min: 1, max: keys.length / keyBytes },
    rowBound: keys.length / keyBytes,
    silenceMs: 600_000,
    onProgress: () => {},
  });
  await bring(round, folder, keys);
  const set = await round.prepare(keys.length / keyBytes);
  host.postMessage({ kernel: kernel.name });
  await once(host, 'message');
  const { signal } = new AbortController();
  const carried = portChannel(channel);
  const commitment = await round.commit(set, signal);
  const exchange = await round.exchange(set, commitment, carried, { signal, opening: 'speak' });
  const { matchedKeys } = await round.join(set, exchange);
  host.postMessage({ matchedKeys, sentBytes: carried.sentBytes });
  await kernel.close();
  channel.close();
  host.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string', default: '1000000' },
      learns: { type: 'string', default: 'both' },
      runs: { type: 'string', default: '3' },
      save: { type: 'boolean', default: false },
    },
  });
  const rows = Number(values.rows);
  const learns: Learns = values.learns === 'both' ? 'both' : 'one';
  const runs: Awaited<ReturnType<typeof run>>[] = [];
  for (let i = 0; i < Number(values.runs); i++) runs.push(await run(rows, learns));
  const result = {
    machine: machine(),
    rows,
    learns,
    kernel: runs[0]!.kernel,
    seconds: spread(runs.map(({ seconds }) => seconds)),
    processorSeconds: { both: spread(runs.map(({ processorSeconds }) => processorSeconds)) },
    bytesPerRow: Number((runs[0]!.bytes / rows).toFixed(2)),
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.save) keepAmong('psi-ecdh', result, (of) => [of.rows, of.learns]);
}

async function run(rows: number, learns: Learns) {
  const shared = rows >> 1;
  const own = new Uint8Array(randomBytes(rows * keyBytes));
  const other = new Uint8Array(randomBytes(rows * keyBytes));
  other.set(own.subarray(own.length - shared * keyBytes));
  const folder = await mkdtemp(join(tmpdir(), 'causeway-bench-ecdh-'));
  const { port1, port2 } = new MessageChannel();
  const begin = (side: Side, keys: Uint8Array, channel: MessagePort) => {
    const { port1: host, port2: there } = new MessageChannel();
    const part: Part = { side, learns, folder: join(folder, side), keys, channel, host: there };
    const worker = new Worker(new URL(import.meta.url), { workerData: part, transferList: [channel, there] });
    const said = async () => {
      const [message] = (await Promise.race([
        once(host, 'message'),
        once(worker, 'error').then(([e]) => {
          throw e;
        }),
      ])) as [object];
      return message as { kernel: string; matchedKeys: number | undefined; sentBytes: number };
    };
    return { side, worker, host, said };
  };
  try {
    const sides = [begin('proposer', own, port1), begin('partner', other, port2)];
    const [ready] = await Promise.all(sides.map(({ said }) => said()));
    const cpu = process.cpuUsage();
    const startedMs = performance.now();
    for (const { host } of sides) host.postMessage('begin');
    const ends = await Promise.all(sides.map(({ said }) => said()));
    const seconds = (performance.now() - startedMs) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    for (const [i, { side }] of sides.entries()) {
      const expected = learnsOf(side, learns) === 'rows' ? shared : undefined;
      if (ends[i]!.matchedKeys !== expected) throw new Error(`${side}: ${ends[i]!.matchedKeys}, and not ${expected}`);
    }
    const bytes = ends.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
    return { kernel: ready!.kernel, seconds, processorSeconds: (user + system) / 1e6, bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
