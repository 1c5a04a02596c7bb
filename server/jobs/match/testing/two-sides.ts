/** Two sides of a round over files, in one process and over a channel in memory: for the tests of each protocol's round. */
import { join } from 'node:path';
import { plainRowSorter } from '@causeway/core/bytes';
import { BatchKernel } from '@causeway/core/group';
import type { Learns, Side } from '@causeway/core/protocols';
import { type RandomSource, SeededRandom } from '@causeway/core/random';
import type { Channel } from '../../../link/index.ts';
import { type BitSet, bytesOf, openWorkFolder, type WorkFolder } from '../../work/index.ts';
import type { KeySet } from '../key-set.ts';
import type { ExchangeResult, MatchRound, RoundOptions, RoundResult } from '../match-round.ts';

export { channelPair } from './channels.ts';

export interface Party {
  readonly work: WorkFolder;
  readonly round: () => MatchRound;
  readonly rows: readonly number[];
}

export interface PartyOptions {
  readonly open: (options: RoundOptions) => MatchRound;
  readonly folder: string;
  /** Its first part names the job, which both sides have in common. */
  readonly name: string;
  readonly side: Side;
  /** Row i carries the identifier ids[i], or none for 0. */
  readonly ids: readonly number[];
  /** What this side learns, and the other one. */
  readonly learns: readonly [Learns, Learns];
  readonly random?: RandomSource;
}

export async function party({ open, folder, name, side, ids, learns, random }: PartyOptions): Promise<Party> {
  const work = await openWorkFolder(join(folder, name));
  const carrying = ids.flatMap((id, row) => (id === 0 ? [] : [{ id, row }]));
  const keys = new Uint8Array(carrying.length * 16);
  for (const [i, { id }] of carrying.entries()) keys.set(new SeededRandom(`id ${id}`).bytes(16), i * 16);
  const round = () =>
    open({
      work,
      kernel: new BatchKernel(),
      sorter: plainRowSorter,
      random: random ?? new SeededRandom(name),
      index: 0,
      binding: { network: 'n', agreement: 'a', job: name.split('/')[0]!, profile: 'phone' },
      plan: new Uint8Array(32),
      side,
      learns: { own: learns[0], peer: learns[1] },
      peerCount: { min: 0, max: 1_000_000 },
      rowBound: ids.length,
      silenceMs: 10_000,
      onProgress: () => {},
    });
  const files = round().keyFiles;
  const [keysFile, rowsFile] = [await work.open(files.keys), await work.open(files.rows)];
  await keysFile.write(0, keys);
  await rowsFile.write(0, bytesOf(Uint32Array.from(carrying, ({ row }) => row)));
  await Promise.all([keysFile.close(), rowsFile.close()]);
  return { work, round, rows: carrying.map(({ row }) => row) };
}

/** Runs one side's round from its files to its end; again after an interruption. */
export async function runTo(
  side: Party,
  channel: Channel,
): Promise<RoundResult & { set: KeySet; exchange: ExchangeResult }> {
  const round = side.round();
  const signal = new AbortController().signal;
  const set = (await round.prepared()) ?? (await round.prepare(side.rows.length));
  const root = await round.commit(set, signal);
  const exchange = await round.exchange(set, root, channel, { signal, opening: 'speak' });
  return { set, exchange, ...(await round.join(set, exchange)) };
}

export function rowsOf(bits: BitSet | undefined, bound: number): number[] {
  return Array.from({ length: bound }, (_, i) => i).filter((i) => bits?.has(i));
}
