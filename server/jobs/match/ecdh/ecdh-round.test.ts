import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainRowSorter } from '@causeway/core/bytes';
import { BatchKernel } from '@causeway/core/group';
import type { Learns } from '@causeway/core/protocols';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../../../link/index.ts';
import { type BitSet, bytesOf, openWorkFolder, type WorkFolder } from '../../work/index.ts';
import type { KeySet } from '../key-set.ts';
import type { ExchangeResult, RoundResult } from '../match-round.ts';
import { channelPair } from '../testing/channels.ts';
import { EcdhRound } from './ecdh-round.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'round-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Party {
  readonly work: WorkFolder;
  readonly round: () => EcdhRound;
  readonly rows: readonly number[];
}

/** A party whose row i carries the identifier ids[i], or none for 0. */
async function party(
  name: string,
  side: 'proposer' | 'partner',
  ids: readonly number[],
  learns: [Learns, Learns],
): Promise<Party> {
  const work = await openWorkFolder(join(folder, name));
  const carrying = ids.flatMap((id, row) => (id === 0 ? [] : [{ id, row }]));
  const keys = new Uint8Array(carrying.length * 16);
  for (const [i, { id }] of carrying.entries()) keys.set(new SeededRandom(`id ${id}`).bytes(16), i * 16);
  const round = () =>
    new EcdhRound({
      work,
      kernel: new BatchKernel(),
      sorter: plainRowSorter,
      random: new SeededRandom(name),
      index: 0,
      binding: { network: 'n', agreement: 'a', job: name.split('/')[0]!, profile: 'phone' },
      plan: new Uint8Array(32),
      side,
      learns: { own: learns[0], peer: learns[1] },
      peerCount: { min: 0, max: 10_000 },
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

async function runTo(side: Party, channel: Channel): Promise<RoundResult & { set: KeySet; exchange: ExchangeResult }> {
  const round = side.round();
  const signal = new AbortController().signal;
  const set = (await round.prepared()) ?? (await round.prepare(side.rows.length));
  const root = await round.commit(set, signal);
  const exchange = await round.exchange(set, root, channel, { signal, opening: 'speak' });
  return { set, exchange, ...(await round.join(set, exchange)) };
}

function rowsOf(bits: BitSet | undefined, bound: number): number[] {
  return Array.from({ length: bound }, (_, i) => i).filter((i) => bits?.has(i));
}

describe('a round over files', () => {
  const a = [5, 1, 2, 2, 0, 9, 7, 1];
  const b = [2, 8, 1, 1, 0, 0, 6];

  it.each<[Learns, Learns]>([
    ['rows', 'rows'],
    ['rows', 'nothing'],
    ['nothing', 'rows'],
    ['count', 'count'],
  ])('[F9] gives every row of a shared identifier, duplicates too: %s and %s', async (first, second) => {
    const name = `${first}-${second}`;
    const [pa, pb] = [
      await party(`${name}/a`, 'proposer', a, [first, second]),
      await party(`${name}/b`, 'partner', b, [second, first]),
    ];
    const [ca, cb] = channelPair();
    const [ra, rb] = await Promise.all([runTo(pa, ca), runTo(pb, cb)]);
    expect(ra.set).toEqual({ rowCount: 7, keyCount: 5 });
    expect(ra.exchange.transcript).toEqual(rb.exchange.transcript);
    expect(ra.matchedKeys).toBe(first === 'nothing' ? undefined : 2);
    expect(rb.matchedKeys).toBe(second === 'nothing' ? undefined : 2);
    if (first === 'rows') expect(rowsOf(ra.rows, a.length)).toEqual([1, 2, 3, 7]);
    else expect(ra.rows).toBeUndefined();
    if (second === 'rows') expect(rowsOf(rb.rows, b.length)).toEqual([0, 2, 3]);
    else expect(rb.rows).toBeUndefined();
  });

  it('[F31] empty lists match nothing', async () => {
    const [pa, pb] = [
      await party('empty/a', 'proposer', [], ['rows', 'rows']),
      await party('empty/b', 'partner', b, ['rows', 'rows']),
    ];
    const [ca, cb] = channelPair();
    const [ra, rb] = await Promise.all([runTo(pa, ca), runTo(pb, cb)]);
    expect([ra.matchedKeys, rb.matchedKeys]).toEqual([0, 0]);
  });

  it('[F40, F51] goes on after a cut at each message, with the result of a run without faults', async () => {
    for (let cutAfter = 0; cutAfter < 9; cutAfter++) {
      const name = `cut-${cutAfter}`;
      const [pa, pb] = [
        await party(`${name}/a`, 'proposer', a, ['rows', 'rows']),
        await party(`${name}/b`, 'partner', b, ['rows', 'rows']),
      ];
      const first = channelPair(cutAfter);
      const attempts = await Promise.allSettled([runTo(pa, first[0]), runTo(pb, first[1])]);
      const second = channelPair();
      // A side that had ended serves its peer once more from its files.
      const [ra, rb] = await Promise.all([runTo(pa, second[0]), runTo(pb, second[1])]);
      expect(attempts.some(({ status }) => status === 'rejected')).toBe(cutAfter < 8);
      expect(rowsOf(ra.rows, a.length)).toEqual([1, 2, 3, 7]);
      expect(rowsOf(rb.rows, b.length)).toEqual([0, 2, 3]);
    }
  });

  it('[F56] stored points that were altered are not sent', async () => {
    const [pa, pb] = [
      await party('damage/a', 'proposer', a, ['rows', 'rows']),
      await party('damage/b', 'partner', b, ['rows', 'rows']),
    ];
    const signal = new AbortController().signal;
    const set = await pa.round().prepare(pa.rows.length);
    const root = await pa.round().commit(set, signal);
    const file = await pa.work.open('round-0.points');
    const [byte] = await file.read(40, 1);
    await file.write(40, Uint8Array.of(byte! ^ 1));
    await file.close();
    const [ca, cb] = channelPair();
    const ended = new AbortController();
    const peer = runTo(pb, { ...cb, receive: (options) => cb.receive({ ...options, signal: ended.signal }) }).catch(
      () => 'ended',
    );
    await expect(pa.round().exchange(set, root, ca, { signal, opening: 'speak' })).rejects.toMatchObject({
      code: 'stored-data-damaged',
    });
    ended.abort();
    await ca.send(new Uint8Array(1)).catch(() => {});
    expect(await peer).toBe('ended');
  });

  it('the secret order of two runs over one list differs', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => i + 1);
    const [x, y] = [
      await party('order-x/a', 'proposer', ids, ['rows', 'rows']),
      await party('order-y/a', 'proposer', ids, ['rows', 'rows']),
    ];
    const sets = await Promise.all(
      [x, y].map(async ({ round, work, rows }) => {
        await round().prepare(rows.length);
        const file = await work.open('round-0.set');
        return file.read(0, 640).finally(() => file.close());
      }),
    );
    expect(Buffer.from(sets[0]!).equals(Buffer.from(sets[1]!))).toBe(false);
    const sorted = sets.map((set) =>
      Array.from({ length: 40 }, (_, i) => Buffer.from(set.subarray(i * 16, i * 16 + 16)).toString('hex')).sort(),
    );
    expect(sorted[0]).toEqual(sorted[1]);
  });
});
