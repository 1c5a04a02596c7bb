import { rm } from 'node:fs/promises';
import { SeededRandom } from '@causeway/core/random';
import { afterEach, describe, expect, it } from 'vitest';
import { type Channel, LinkError } from '../../../link/index.ts';
import { type BitSet, WorkError, type WorkFolder } from '../../work/index.ts';
import { channelPair } from '../testing/channels.ts';
import type { PublishedKey } from './ports.ts';
import { readServed } from './served-table.ts';
import { type ScopeOptions, type TestEnd, TestScope, type TestSide } from './testing/scope.ts';

const scopes: TestScope[] = [];
async function openScope(options?: ScopeOptions): Promise<TestScope> {
  const scope = await TestScope.open(options);
  scopes.push(scope);
  return scope;
}
afterEach(() => Promise.all(scopes.splice(0).map(({ folder }) => rm(folder, { recursive: true }))));

function rowsOf(bits: BitSet | undefined, bound: number): number[] {
  return Array.from({ length: bound }, (_, i) => i).filter((i) => bits?.has(i));
}

/** Both sides of a job to their ends; a side that fails ends the other one. */
async function meet(
  { client, server }: { readonly client: TestSide; readonly server: TestSide },
  [a, b]: [Channel, Channel] = channelPair(),
): Promise<{ client: PromiseSettledResult<TestEnd>; server: PromiseSettledResult<TestEnd> }> {
  const ended = (side: Promise<TestEnd>) =>
    side.catch((error: unknown) => {
      a.close();
      throw error;
    });
  const [one, other] = await Promise.allSettled([ended(client.run(a)), ended(server.run(b))]);
  return { client: one, server: other };
}

async function mustMeet(sides: { client: TestSide; server: TestSide }, channels?: [Channel, Channel]) {
  const { client, server } = await meet(sides, channels);
  // The one that failed first, and not the other that was cut off by it.
  const reasons = [client, server].flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (reasons.length > 0) throw reasons.find((reason) => !(reason instanceof LinkError)) ?? reasons[0];
  if (client.status === 'rejected' || server.status === 'rejected') throw new Error('unreachable');
  expect(client.value.exchange.transcript).toEqual(server.value.exchange.transcript);
  expect([server.value.matchedKeys, server.value.rows]).toEqual([undefined, undefined]);
  return { client: client.value, server: server.value };
}

/** The bytes that each end sends, counted. */
function countedPair(): { channels: [Channel, Channel]; sent: [number, number] } {
  const sent: [number, number] = [0, 0];
  const channels = channelPair(Number.POSITIVE_INFINITY, (message, from) => {
    sent[from] += message.length;
    return message;
  });
  return { channels, sent };
}

const lists = { client: [5, 1, 2, 2, 0, 9, 7, 1], server: [2, 8, 1, 1, 0, 0, 6] };

describe('a round over files', () => {
  it('[F9] gives every row of a shared identifier, duplicates too, to the side that learns alone', async () => {
    const scope = await openScope();
    const { client, server } = await mustMeet(await scope.job(lists));
    expect(client.set).toEqual({ rowCount: 7, keyCount: 5 });
    expect(server.set).toMatchObject({ rowCount: 5, keyCount: 4 });
    expect([client.exchange.peer.count, server.exchange.peer.count]).toEqual([4, 5]);
    expect(client.matchedKeys).toBe(2);
    expect(rowsOf(client.rows, 8)).toEqual([1, 2, 3, 7]);
    expect(client.exchange.key).toEqual(scope.published[0]);
    expect(server.exchange.key).toEqual(scope.published[0]);
  });

  it('[F31] is what a plain join gives, for 60 pairs of lists that follow each other, whatever the cut of messages', async () => {
    for (const batchRows of [1, 3, 16]) {
      const scope = await openScope({ batchRows, evaluationsOfEpoch: 512 });
      const random = new SeededRandom(`lists ${batchRows}`);
      const some = (most: number) => Array.from({ length: random.below(most) }, () => random.below(40));
      let server = some(30);
      for (let i = 0; i < 20; i++) {
        // Sometimes the same list, sometimes a part of it and more, sometimes another.
        if (random.chance(0.7))
          server = random.chance(0.2) ? some(40) : [...server.filter(() => random.chance(0.8)), ...some(6)];
        const sides = await scope.job({ client: some(30), server });
        const { client } = await mustMeet(sides);
        expect(rowsOf(client.rows, sides.client.ids.length)).toEqual(sides.client.matching(server));
      }
      expect(scope.published.length).toBeLessThan(20);
    }
  });
});

describe('a table that is kept', () => {
  const server = Array.from({ length: 200 }, (_, i) => i + 1);

  it('is shipped once: a second run over the same list brings keys, tags and ships nothing', async () => {
    const scope = await openScope();
    const first = countedPair();
    await mustMeet(await scope.job({ client: [3, 500], server }), first.channels);
    expect(scope.taggedCount).toBe(200);
    const job = await scope.job({ client: [4, 5, 600], server });
    expect(await job.server.open().prepared()).toEqual({ rowCount: 200, keyCount: 200, digest: expect.any(String) });
    const second = countedPair();
    const { client } = await mustMeet(job, second.channels);
    expect(rowsOf(client.rows, 3)).toEqual([0, 1]);
    expect(scope.taggedCount).toBe(200);
    // Two hellos, one batch of answers and the end.
    expect(second.sent[1]).toBeLessThan(700);
    expect(first.sent[1] - second.sent[1]).toBeGreaterThan(200 * 5);
  });

  it('is brought up to date by its changes: only what joined is tagged, and only what changed is shipped', async () => {
    const scope = await openScope();
    await mustMeet(await scope.job({ client: [3], server }));
    const changed = [...server.slice(3), 901, 902];
    const { channels, sent } = countedPair();
    const { client } = await mustMeet(await scope.job({ client: [3, 4, 901, 5], server: changed }), channels);
    expect(rowsOf(client.rows, 4)).toEqual([1, 2, 3]);
    expect(scope.taggedCount).toBe(202);
    expect(sent[1]).toBeLessThan(900);
    const served = await readServed(scope.tables.server);
    expect(served?.table).toMatchObject({ epoch: 1, version: 2, rows: 199 });
    expect(served?.earlier).toMatchObject([{ rows: 200, added: 2, removed: 3 }]);
  });

  it('a client that missed versions is brought through all of them; one that holds nothing gets the whole table', async () => {
    const scope = await openScope();
    await mustMeet(await scope.job({ client: [3], server }));
    let list = server;
    for (const id of [901, 902, 903]) {
      list = [...list.slice(1), id];
      const { server: serving } = await scope.job({ client: [], server: list });
      const round = serving.open();
      await round.commit(await serving.prepare(round), new AbortController().signal);
    }
    const { client } = await mustMeet(await scope.job({ client: [1, 3, 4, 901, 903], server: list }));
    expect(rowsOf(client.rows, 5)).toEqual([2, 3, 4]);
    expect((await readServed(scope.tables.server))?.table.version).toBe(4);
    await scope.tables.client.remove('held');
    const again = await mustMeet(await scope.job({ client: [903], server: list }));
    expect(rowsOf(again.client.rows, 1)).toEqual([0]);
  });

  it('ends with its key: when the evaluations do not last, or the list has outgrown its places', async () => {
    const scope = await openScope({ evaluationsOfEpoch: 40 });
    await mustMeet(await scope.job({ client: [1, 2, 3], server: [1, 2, 3] }));
    expect(await readServed(scope.tables.server)).toMatchObject({
      table: { epoch: 1, evaluationBits: 6, placeBits: 2 },
    });
    // 61 of 64 are left, and the next round may take 32.
    await mustMeet(await scope.job({ client: Array.from({ length: 30 }, (_, i) => i + 1), server: [1, 2, 3] }));
    expect(scope.published).toHaveLength(1);
    const { client } = await mustMeet(await scope.job({ client: [2, 9], server: [1, 2, 3] }));
    expect(rowsOf(client.rows, 2)).toEqual([0]);
    expect(scope.published).toHaveLength(2);
    expect((await readServed(scope.tables.server))?.table).toMatchObject({ epoch: 2, version: 1 });
    await mustMeet(await scope.job({ client: [2, 5], server: [1, 2, 3, 4, 5] }));
    expect(scope.published).toHaveLength(3);
    const keys = await Promise.all([1, 2, 3].map((epoch) => scope.tables.server.readSmall(`epoch-${epoch}.key`)));
    expect(keys.map((key) => key?.length)).toEqual([undefined, undefined, 32]);
  });

  it('two rounds at once over one list tag it once, and both end right', async () => {
    const scope = await openScope({ evaluationsOfEpoch: 512 });
    const jobs = [await scope.job({ client: [3, 300], server }), await scope.job({ client: [4, 400], server })];
    const ends = await Promise.all(jobs.map((job) => mustMeet(job)));
    for (const { client } of ends) expect(rowsOf(client.rows, 2)).toEqual([0]);
    expect(scope.taggedCount).toBe(200);
  });

  it('a round keeps the version that it began with, while another one brings the table to a newer list', async () => {
    const scope = await openScope({ evaluationsOfEpoch: 512 });
    const first = await scope.job({ client: [3, 901], server });
    const round = first.server.open();
    await round.commit(await first.server.prepare(round), new AbortController().signal);
    const changed = [...server.slice(10), 901];
    await mustMeet(await scope.job({ client: [901, 3], server: changed }));
    const { client } = await mustMeet(first);
    expect(rowsOf(client.rows, 2)).toEqual([0]);
  });

  it('[F56] that is damaged is not used, and the next run makes or fetches another', async () => {
    for (const side of ['client', 'server'] as const) {
      const scope = await openScope();
      await mustMeet(await scope.job({ client: [3], server }));
      const file = await scope.tables[side].open('epoch-1.version-1.table');
      const [byte] = await file.read(70, 1);
      await file.write(70, Uint8Array.of(byte! ^ 4));
      await file.close();
      if (side === 'server') await scope.tables.client.remove('held');
      const ends = await meet(await scope.job({ client: [3, 4], server }));
      expect(ends[side]).toMatchObject({ status: 'rejected', reason: { code: 'stored-data-damaged' } });
      const { client } = await mustMeet(await scope.job({ client: [3, 4], server }));
      expect(rowsOf(client.rows, 2)).toEqual([0, 1]);
    }
  });
});

describe('after an interruption', () => {
  const server = Array.from({ length: 40 }, (_, i) => i + 1);
  const client = Array.from({ length: 12 }, (_, i) => 30 + i);

  it('[F37, F40, F51] goes on after a cut at each message, with the result of a run without faults', async () => {
    for (let cutAfter = 0; ; cutAfter++) {
      const scope = await openScope({ batchRows: 3 });
      // A table that is there, and a change of it.
      await mustMeet(await scope.job({ client: [1], server: server.slice(5) }));
      const job = await scope.job({ client, server });
      const first = await meet(job, channelPair(cutAfter));
      const interrupted = first.client.status === 'rejected' || first.server.status === 'rejected';
      const ends = await mustMeet(job);
      expect(rowsOf(ends.client.rows, 12)).toEqual(Array.from({ length: 11 }, (_, i) => i));
      // Counted once, however often the round was taken up.
      expect(scope.spent.get(1)).toBeLessThanOrEqual(1 + 2 * 12);
      if (!interrupted) break;
      expect(cutAfter).toBeLessThan(60);
    }
  });

  it('[F51] answers that are sent again are byte for byte what they were', async () => {
    const scope = await openScope({ batchRows: 3 });
    const job = await scope.job({ client, server });
    const seen = new Map<string, string>();
    for (const cutAfter of [14, 17, 20, Number.POSITIVE_INFINITY]) {
      const channels = channelPair(cutAfter, (message, from) => {
        // Kind and number stand before and behind the run's id.
        if (from === 1 && message[0] === 4) {
          const place = Buffer.from(message.subarray(0, 22)).toString('hex');
          const text = Buffer.from(message).toString('hex');
          expect(seen.get(place) ?? text).toBe(text);
          seen.set(place, text);
        }
        return message;
      });
      await meet(job, channels);
    }
    expect(seen.size).toBe(4);
  });
});

describe('a table in the making', () => {
  /** A folder whose process dies at the n-th operation: it fails, and every later one does. */
  function dying(folder: WorkFolder, operations: number): WorkFolder {
    let left = operations;
    const watched = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(_, name) {
          const value = target[name as keyof T] as unknown;
          if (typeof value !== 'function' || name === 'path' || name === 'close')
            return typeof value === 'function' ? value.bind(target) : value;
          return async (...given: unknown[]) => {
            left -= 1;
            if (left < 0) throw new WorkError('disk-failed', 'the process was killed');
            const result = await value.apply(target, given);
            return name === 'open' ? watched(result) : result;
          };
        },
      });
    return watched(folder);
  }

  it('[F51, F53] goes on at its bucket after a kill at any operation, and nothing is tagged again but what was under way', async () => {
    const [before, after] = [Array.from({ length: 60 }, (_, i) => i + 1), Array.from({ length: 70 }, (_, i) => i + 20)];
    for (let operations = 1; ; operations += 3) {
      const scope = await openScope({ batchRows: 16 });
      await mustMeet(await scope.job({ client: [1], server: before }));
      const job = await scope.job({ client: [1, 25, 80], server: after });
      const dead = dying(scope.tables.server, operations);
      const killed = await scope.job({ client: [], server: after }, { server: { tables: dead } });
      const round = killed.server.open();
      const prepared = await killed.server.prepare(round).catch(() => undefined);
      const ended = await (prepared && round.commit(prepared, new AbortController().signal).catch(() => undefined));
      const { client } = await mustMeet(job);
      expect(rowsOf(client.rows, 3)).toEqual([1, 2]);
      expect((await readServed(scope.tables.server))?.table).toMatchObject({ epoch: 1, version: 2, rows: 70 });
      expect(scope.taggedCount).toBeLessThanOrEqual(60 + 29 + 16);
      if (ended) break;
      expect(operations).toBeLessThan(500);
    }
  });

  it('[F51] whose process dies right after its key was published goes on with that key', async () => {
    const scope = await openScope({ batchRows: 16 });
    const server = [1, 2, 3];
    const { keys } = scope.ports('server', server.join());
    const dies = {
      ...keys,
      publish: async (key: PublishedKey) => {
        await keys.publish(key, new AbortController().signal);
        throw new WorkError('disk-failed', 'the process was killed');
      },
    };
    const killed = await scope.job({ client: [], server }, { server: { keys: dies } });
    const round = killed.server.open();
    const set = await killed.server.prepare(round);
    await expect(round.commit(set, new AbortController().signal)).rejects.toThrow('killed');
    const { client } = await mustMeet(await scope.job({ client: [2], server }));
    expect(rowsOf(client.rows, 1)).toEqual([0]);
    expect([scope.published.length, scope.taggedCount]).toEqual([1, 3]);
  });
});

describe('evaluations', () => {
  it('are counted before the first is made; a round over the budget ends with nothing evaluated', async () => {
    const scope = await openScope({ evaluationsLeft: 4 });
    const { client, server } = await meet(await scope.job({ client: [1, 2, 3, 4, 5], server: [1, 2] }));
    expect(server).toMatchObject({ status: 'rejected', reason: { name: 'PolicyDenied' } });
    expect(client.status).toBe('rejected');
    expect(scope.spent.size).toBe(0);
    await mustMeet(await scope.job({ client: [1, 2, 3, 4], server: [1, 2] }));
    expect(scope.spent.get(1)).toBe(4);
  });
});

describe('a hostile partner', () => {
  const server = Array.from({ length: 20 }, (_, i) => i + 1);

  it('[F20] that answers under another key than it published gets no point', async () => {
    const scope = await openScope();
    const other = { epoch: 1, publicKey: new Uint8Array(32).fill(9) };
    const keys = { newest: async () => other, confirm: async () => other, publish: async () => {} };
    const { channels, sent } = countedPair();
    const { client } = await meet(await scope.job({ client: [1, 2], server }, { client: { keys } }), channels);
    expect(client).toMatchObject({ status: 'rejected', reason: { code: 'wrong-key' } });
    // The hello alone.
    expect(sent[0]).toBeLessThan(200);
  });

  it.each<[string, number, (message: Buffer) => void, string]>([
    ['an answer that was changed', 4, (message) => message.fill(message.subarray(86, 118), 118, 150), 'wrong-proof'],
    ['two answers in each other’s place', 4, (message) => swap(message, 86, 118), 'wrong-proof'],
    ['a proof that was changed', 4, (message) => message.fill(1, 22, 30), 'wrong-proof'],
    ['an element that is none', 4, (message) => message.fill(255, 86, 118), 'malformed-point'],
    ['a bucket with another bit', 2, (message) => (message[message.length - 2]! ^= 16), 'commitment'],
  ])('[F20, F30] with %s ends the round with nothing learned', async (_, kind, change, code) => {
    const scope = await openScope();
    const channels = channelPair(Number.POSITIVE_INFINITY, (message, from) => {
      if (from === 1 && message[0] === kind) change(Buffer.from(message.buffer));
      return message;
    });
    const job = await scope.job({ client: [1, 2, 3], server });
    const { client } = await meet(job, channels);
    expect(client).toMatchObject({ status: 'rejected', reason: { name: 'ProtocolError', code } });
    expect(await job.client.open().exchanged()).toBeUndefined();
    expect(await scope.tables.client.readSmall('held')).toBeUndefined();
  });

  it('[F30] with other points than it committed to ends the round', async () => {
    const scope = await openScope();
    const channels = channelPair(Number.POSITIVE_INFINITY, (message, from) => {
      if (from === 0 && message[0] === 3) swap(Buffer.from(message.buffer), 22, 54);
      return message;
    });
    const { server: ended } = await meet(await scope.job({ client: [1, 2, 3], server }), channels);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'commitment' } });
  });

  it('[F23, F27] that repeats an identifier to seem larger is found out by the other side', async () => {
    const scope = await openScope();
    const job = await scope.job({ client: [1, 2, 3], server });
    await job.client.prepare(job.client.open());
    const set = await job.client.work.open('round-0.set');
    await set.write(16, await set.read(0, 16));
    await set.close();
    const { server: ended } = await meet(job);
    expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'not-distinct' } });
  });
});

function swap(message: Buffer, a: number, b: number): void {
  const kept = Buffer.from(message.subarray(a, a + 32));
  message.copy(message, a, b, b + 32);
  kept.copy(message, b);
}
