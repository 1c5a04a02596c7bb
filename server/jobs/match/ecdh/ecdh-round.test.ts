import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Learns, Side } from '@causeway/core/protocols';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelPair, party as openParty, rowsOf, runTo } from '../testing/two-sides.ts';
import { EcdhRound } from './ecdh-round.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'round-'));
});
afterAll(() => rm(folder, { recursive: true }));

const party = (name: string, side: Side, ids: readonly number[], learns: [Learns, Learns]) =>
  openParty({ open: (options) => new EcdhRound(options), folder, name, side, ids, learns });

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
