/** Rounds of a match without a network: both sides in one process, each with one thread of arithmetic and its files on disk. */
import { openKernel } from '../native/index.ts';
import type { MatchRound } from '../server/jobs/match/match-round.ts';
import { channelPair } from '../server/jobs/match/testing/channels.ts';
import { bytesOf, openWorkFolder } from '../server/jobs/work/index.ts';
import { openTimed, type Timed } from './kernel-thread.ts';

export const keyBytes = 16;

export const openTimedKernel = () => openTimed(() => openKernel({ threads: 1 }));

/** What a piece of work took. */
export interface Took<Party extends string> {
  readonly seconds: number;
  /** Processor seconds of each party's arithmetic. */
  readonly arithmetic: Readonly<Record<Party, number>>;
  /** Everything else, of both sides. */
  readonly rest: number;
}

export async function measured<Party extends string, Result>(
  parties: Readonly<Record<Party, Timed<unknown>>>,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly took: Took<Party> }> {
  const names = Object.keys(parties) as Party[];
  const before = names.map((name) => parties[name].seconds());
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const own = names.map((name, i) => parties[name].seconds() - before[i]!);
  const arithmetic = Object.fromEntries(names.map((name, i) => [name, own[i]!])) as Record<Party, number>;
  const rest = (user + system) / 1e6 - own.reduce((sum, each) => sum + each, 0);
  return { result, took: { seconds, arithmetic, rest } };
}

/** Puts a list where its round looks for it, as the engine does. @param keys 16 bytes a row. */
export async function bring(round: MatchRound, folder: string, keys: Uint8Array): Promise<void> {
  const work = await openWorkFolder(folder);
  const count = keys.length / keyBytes;
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  const files = { keys, rows: bytesOf(rows) };
  for (const part of ['keys', 'rows'] as const) {
    const file = await work.open(round.keyFiles[part]);
    await file.write(0, files[part]);
    await file.close();
  }
}

export interface CommittedRound {
  readonly round: MatchRound;
  readonly set: Awaited<ReturnType<MatchRound['prepare']>>;
  readonly commitment: Uint8Array;
}

/** From hello to rows. @returns what each side learned, and the bytes that both sent. */
export async function exchanged(sides: readonly [CommittedRound, CommittedRound], signal: AbortSignal) {
  let bytes = 0;
  const channels = channelPair(Number.POSITIVE_INFINITY, (message) => {
    bytes += message.length;
    return message;
  });
  const ends = sides.map(async ({ round, set, commitment }, i) => {
    const exchange = await round.exchange(set, commitment, channels[i as 0 | 1], { signal, opening: 'speak' });
    return round.join(set, exchange);
  });
  return { results: await Promise.all(ends), bytes };
}
