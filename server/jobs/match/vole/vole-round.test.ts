import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Learns, Side } from '@causeway/core/protocols';
import type { VoleKernel } from '@causeway/core/protocols/psi-vole';
import { DealerKernel } from '@causeway/core/protocols/psi-vole/testing';
import { openVoleKernel, systemRandom } from '@causeway/native';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../../../link/index.ts';
import { openRound } from '../match-round.ts';
import { channelPair, party as openParty, type Party, rowsOf, runTo } from '../testing/two-sides.ts';
import { VoleRound } from './vole-round.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'round-'));
});
afterAll(() => rm(folder, { recursive: true }));

const native = openVoleKernel({ threads: 2 });
afterAll(() => native?.close());

/** A kernel of no secrets, for what does not hang on the arithmetic. */
const dealer: VoleKernel = new DealerKernel({ secret: new Uint8Array(randomBytes(32)), random: systemRandom });

async function sides(
  name: string,
  [a, b]: readonly [readonly number[], readonly number[]],
  learns: readonly [Learns, Learns] = ['rows', 'rows'],
  kernels: readonly [VoleKernel, VoleKernel] = [dealer, dealer],
): Promise<[Party, Party]> {
  const one = (side: Side, ids: readonly number[], own: readonly [Learns, Learns], kernel: VoleKernel) =>
    openParty({
      open: (options) => new VoleRound(options, kernel),
      folder,
      name: `${name}/${side}`,
      side,
      ids,
      learns: own,
      random: systemRandom,
    });
  return [await one('proposer', a, learns, kernels[0]), await one('partner', b, [learns[1], learns[0]], kernels[1])];
}

const a = [5, 1, 2, 2, 0, 9, 7, 1];
const b = [2, 8, 1, 1, 0, 0, 6];
const both = (channels: readonly [Channel, Channel], [pa, pb]: readonly [Party, Party]) =>
  Promise.all([runTo(pa, channels[0]), runTo(pb, channels[1])]);

/** A kernel that does something else for a while. */
const altered = (kernel: VoleKernel, changes: Partial<VoleKernel>): VoleKernel => ({
  name: kernel.name,
  partition: (request) => kernel.partition(request),
  distinctLoads: (request) => kernel.distinctLoads(request),
  openReceiver: (options, elements) => kernel.openReceiver(options, elements),
  openSender: (options) => kernel.openSender(options),
  ...changes,
});

describe('a round by psi/vole over files', () => {
  it.each<[Learns, Learns]>([
    ['rows', 'rows'],
    ['rows', 'nothing'],
    ['nothing', 'rows'],
  ])('[F9] gives every row of a shared identifier, duplicates too: %s and %s', async (first, second) => {
    for (const [name, kernel] of [['dealer', dealer] as const, ['native', native] as const]) {
      if (!kernel) continue;
      const parties = await sides(`${first}-${second}-${name}`, [a, b], [first, second], [kernel, kernel]);
      const [ra, rb] = await both(channelPair(), parties);
      expect(ra.set).toEqual({ rowCount: 7, keyCount: 5, order: 'ascending' });
      expect(ra.exchange.transcript).toEqual(rb.exchange.transcript);
      expect(ra.exchange.peer.count).toBe(rb.set.keyCount);
      expect(ra.matchedKeys).toBe(first === 'nothing' ? undefined : 2);
      expect(rb.matchedKeys).toBe(second === 'nothing' ? undefined : 2);
      if (first === 'rows') expect(rowsOf(ra.rows, a.length)).toEqual([1, 2, 3, 7]);
      else expect(ra.rows).toBeUndefined();
      if (second === 'rows') expect(rowsOf(rb.rows, b.length)).toEqual([0, 2, 3]);
      else expect(rb.rows).toBeUndefined();
    }
  });

  it('[F31] empty lists match nothing', async () => {
    for (const [name, lists] of Object.entries({ first: [[], b], second: [a, []], neither: [[], []] } as const)) {
      const [ra, rb] = await both(channelPair(), await sides(`empty-${name}`, lists));
      expect([ra.matchedKeys, rb.matchedKeys]).toEqual([0, 0]);
      expect(ra.exchange.transcript).toEqual(rb.exchange.transcript);
    }
  });

  it('[F40, F51] goes on after a cut at each message, with the result of a run without faults', async () => {
    let isWhole = false;
    for (let cutAfter = 0; !isWhole; cutAfter++) {
      const parties = await sides(`cut-${cutAfter}`, [a, b]);
      const first = channelPair(cutAfter);
      const attempts = await Promise.allSettled([runTo(parties[0], first[0]), runTo(parties[1], first[1])]);
      isWhole = attempts.every(({ status }) => status === 'fulfilled');
      // A side that had ended serves its peer once more from its files.
      const [ra, rb] = await both(channelPair(), parties);
      expect(ra.exchange.transcript).toEqual(rb.exchange.transcript);
      expect(rowsOf(ra.rows, a.length)).toEqual([1, 2, 3, 7]);
      expect(rowsOf(rb.rows, b.length)).toEqual([0, 2, 3]);
      expect(cutAfter).toBeLessThan(30);
    }
  });

  it.skipIf(!native)(
    '[F51] many buckets are gone on with, not begun again',
    async () => {
      const ids = Array.from({ length: 460_000 }, (_, i) => i + 1);
      const lists = [ids, ids.filter((id) => id % 500 === 0)] as const;
      const parties = await sides('many', lists, ['rows', 'nothing'], [native!, native!]);
      /** Both ends, with something that happens before each message. */
      const before = (act: (close: () => void) => unknown) =>
        channelPair().map((channel) => ({
          ...channel,
          send: async (message: Uint8Array) => {
            await act(() => channel.close());
            return channel.send(message);
          },
        })) as [Channel, Channel];
      const cut = async (channels: readonly [Channel, Channel]) => {
        const attempts = await Promise.allSettled(parties.map((party, i) => runTo(party, channels[i]!)));
        expect(attempts.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      };
      const heldBuckets = async () => {
        const held = await parties[0].work.readSmall('round-0.held');
        return held ? JSON.parse(Buffer.from(held).toString()).digests.length / 64 : 0;
      };
      await cut(channelPair(6));
      // Of six buckets, as soon as four are durable.
      await cut(before(async (close) => (await heldBuckets()) >= 4 && close()));
      let sent = 0;
      const [ra, rb] = await both(
        before(() => sent++),
        parties,
      );
      // Of about 55.
      expect(sent).toBeLessThan(35);
      expect(ra.exchange.transcript).toEqual(rb.exchange.transcript);
      expect(ra.matchedKeys).toBe(920);
      expect(rowsOf(ra.rows, ids.length)).toEqual(lists[1].map((id) => id - 1));
    },
    120_000,
  );

  it('a side that has ended waits for its peer to speak, and tells it the end', async () => {
    for (const [index, role] of (['receiver', 'sender'] as const).entries()) {
      const parties = await sides(`wait-${role}`, [a, b]);
      const first = await both(channelPair(), parties);
      const channels = channelPair();
      const signal = new AbortController().signal;
      const ends = parties.map(async (each, i) => {
        const round = each.round();
        const set = (await round.prepared())!;
        const opening = i === index ? 'wait' : 'speak';
        return round.exchange(set, await round.commit(set, signal), channels[i]!, { signal, opening });
      });
      const again = await Promise.all(ends);
      expect(again.map(({ transcript }) => transcript)).toEqual(first.map(({ exchange }) => exchange.transcript));
    }
  });

  it('[F56] a stored list that was altered after it was committed to is not matched', async () => {
    const [pa, pb] = await sides('damage', [a, b]);
    const signal = new AbortController().signal;
    const round = pa.round();
    const set = await round.prepare(pa.rows.length);
    const commitment = await round.commit(set, signal);
    const file = await pa.work.open('round-0.set');
    const [byte] = await file.read(40, 1);
    await file.write(40, Uint8Array.of(byte! ^ 1));
    await file.close();
    const [ca, cb] = channelPair(8);
    const peer = runTo(pb, cb).catch(() => 'ended');
    await expect(round.exchange(set, commitment, ca, { signal, opening: 'speak' })).rejects.toMatchObject({
      code: 'stored-data-damaged',
    });
    for (;;) if ((await ca.send(new Uint8Array(1)).catch(() => 'cut')) === 'cut') break;
    expect(await peer).toBe('ended');
  });

  it('commitments to one list differ, and each stays what it was', async () => {
    const [x] = await sides('commit-x', [a, b]);
    const [y] = await sides('commit-y', [a, b]);
    const signal = new AbortController().signal;
    const commitments = [];
    for (const each of [x, x, y]) {
      const round = each.round();
      commitments.push(await round.commit((await round.prepared()) ?? (await round.prepare(7)), signal));
    }
    expect(commitments[1]).toEqual(commitments[0]);
    expect(commitments[2]).not.toEqual(commitments[0]);
  });

  it('a cut that overflows is made anew, and at the third time the job fails', async () => {
    let overflowing = 2;
    const partition: VoleKernel['partition'] = async (request) => {
      const made = await dealer.partition(request);
      if (overflowing > 0) made.binLoads[0] = 20_000;
      overflowing -= 1;
      return made;
    };
    const parties = await sides('overflow', [a, b], ['rows', 'rows'], [altered(dealer, { partition }), dealer]);
    for (let attempt = 0; attempt < 2; attempt++) {
      const [ca, cb] = channelPair(20);
      const peer = runTo(parties[1], { ...cb, receive: (how) => cb.receive({ ...how }) }).catch((error) => error);
      await expect(runTo(parties[0], ca)).rejects.toMatchObject({ name: 'LinkError', code: 'closed' });
      for (;;) if ((await ca.send(new Uint8Array(1)).catch(() => 'cut')) === 'cut') break;
      expect(await peer).toBeInstanceOf(Error);
    }
    const [ra] = await both(channelPair(), parties);
    expect(rowsOf(ra.rows, a.length)).toEqual([1, 2, 3, 7]);
    overflowing = 1;
    await parties[0].work.remove('round-0.buckets.cut');
    await parties[0].work.remove('round-0.held');
    const [ca, cb] = channelPair(20);
    const peer = runTo(parties[1], cb).catch((error) => error);
    await expect(runTo(parties[0], ca)).rejects.toMatchObject({ name: 'JobFailure', code: 'overflow' });
    for (;;) if ((await ca.send(new Uint8Array(1)).catch(() => 'cut')) === 'cut') break;
    expect(await peer).toBeInstanceOf(Error);
  });

  it('keys that could not be encoded are matched by another run', async () => {
    const once = new DealerKernel({ secret: new Uint8Array(32), random: systemRandom, notEncoded: new Set([0]) });
    const plain = new DealerKernel({ secret: new Uint8Array(32), random: systemRandom });
    let kernel: VoleKernel = once;
    const changing = altered(plain, { openReceiver: (options, elements) => kernel.openReceiver(options, elements) });
    const parties = await sides('encoded', [a, b], ['rows', 'rows'], [changing, plain]);
    const [ca, cb] = channelPair(40);
    const peer = runTo(parties[1], cb).catch((error) => error);
    await expect(runTo(parties[0], ca)).rejects.toMatchObject({ name: 'LinkError', code: 'closed' });
    for (;;) if ((await ca.send(new Uint8Array(1)).catch(() => 'cut')) === 'cut') break;
    expect(await peer).toBeInstanceOf(Error);
    kernel = plain;
    const [ra] = await both(channelPair(), parties);
    expect(rowsOf(ra.rows, a.length)).toEqual([1, 2, 3, 7]);
  });

  it('a node without the native library says what to do', async () => {
    const work = (await sides('missing', [a, b]))[0].work;
    const options = { work, index: 0 } as unknown as Parameters<typeof openRound>[1];
    expect(() => openRound('psi/vole', options)).toThrow(expect.objectContaining({ code: 'native-library-missing' }));
  });
});
