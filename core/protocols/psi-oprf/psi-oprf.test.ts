import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesToHex, compareBytes, concatBytes } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { BatchKernel } from '../../group/index.ts';
import { SeededRandom } from '../../random/index.ts';
import {
  answerPoints,
  batchCount,
  blindKeys,
  bucketCount,
  type Coding,
  decodeBucket,
  discloseClient,
  discloseServer,
  drawKey,
  type EarlierVersion,
  encodeBucket,
  findInBucket,
  type HeldTable,
  OprfClient,
  OprfServer,
  openAnswers,
  rowsInBatch,
  type Shipment,
  shapeFor,
  type Table,
  tableCoding,
  tagBytes,
  tagKeys,
} from './index.ts';
import { decodeMessage } from './messages.ts';
import { clientOptions, run, serverOptions } from './testing/roles.ts';

const kernel = new BatchKernel();

function keyOfId(id: number): Uint8Array {
  return sha256(Uint8Array.of(id >> 8, id & 255)).slice(0, 16);
}

function joinKeys(ids: readonly number[]): Uint8Array {
  return concatBytes(...ids.map(keyOfId));
}

function rowsOf(packed: Uint8Array, width: number): Uint8Array[] {
  return Array.from({ length: packed.length / width }, (_, i) => packed.subarray(i * width, (i + 1) * width));
}

function coded(tags: readonly Uint8Array[], coding: Coding) {
  const sorted = [...tags].sort(compareBytes);
  const prefixBits = Math.max(0, coding.placeBits - coding.bucketBits);
  const bucketOf = (tag: Uint8Array) => Math.floor((((tag[0]! << 8) | tag[1]!) * 2 ** prefixBits) / 2 ** 16);
  const buckets = Array.from({ length: bucketCount(coding) }, (_, index) =>
    encodeBucket(concatBytes(...sorted.filter((tag) => bucketOf(tag) === index)), coding, index),
  );
  return { buckets, root: sha256(concatBytes(...buckets.map(({ bytes }) => bytes))) };
}

/** A server's versions of one table, in memory. */
async function publish(versions: readonly (readonly number[])[], seed: string, rowsInMessage: number) {
  const key = drawKey(kernel, new SeededRandom(seed));
  const shape = {
    placeBits: Math.max(...versions.map((ids) => shapeFor({ rows: ids.length, evaluations: 1 }).placeBits)),
    evaluationBits: 10,
  };
  const coding = tableCoding(shape, rowsInMessage);
  const tagsOf = async (ids: readonly number[]) =>
    rowsOf(await tagKeys(kernel, { keys: joinKeys(ids), secretKey: key.secretKey, coding }), tagBytes(coding));
  const lists = await Promise.all(versions.map(async (ids) => coded(await tagsOf(ids), coding)));
  const without = (ids: readonly number[], others: readonly number[]) => ids.filter((id) => !others.includes(id));
  const table = (at: number): Table => ({
    ...shape,
    epoch: 3,
    version: at + 1,
    rows: versions[at]!.length,
    publicKey: key.publicKey,
    root: lists[at]!.root,
  });
  const last = versions.length - 1;
  const earlier: EarlierVersion[] = versions.slice(0, last).map((ids, i) => ({
    rows: ids.length,
    root: lists[i]!.root,
    added: without(versions[i + 1]!, ids).length,
    removed: without(ids, versions[i + 1]!).length,
  }));
  /** The buckets of a shipment, in order. */
  const ship = async (shipment: Shipment) => {
    const parts = await Promise.all(
      shipment.parts.map(async ({ list, version, coding: own }) => {
        const [before, after] = [versions[version - 2] ?? [], versions[version - 1]!];
        const ids = list === 'all' ? after : list === 'added' ? without(after, before) : without(before, after);
        return coded(await tagsOf(ids), own).buckets;
      }),
    );
    return parts.flat();
  };
  return { key, coding, table: table(last), tableAt: table, listAt: (at: number) => lists[at]!, earlier, ship };
}

type Published = Awaited<ReturnType<typeof publish>>;

interface Client {
  readonly ids: readonly number[];
  /** The version that it has kept, from 0; undefined for none. */
  readonly holds?: number | undefined;
}

/** The whole exchange in memory; returns what the client finds, and all that each side received. */
async function exchange(published: Published, client: Client, batchRows: number, seed: string) {
  const random = new SeededRandom(`${seed}/run`);
  const blind = kernel.randomScalar(random);
  const keys = joinKeys(client.ids);
  const points = await blindKeys(kernel, { keys, blind });
  const held: HeldTable | undefined =
    client.holds === undefined
      ? undefined
      : { ...published.tableAt(client.holds), root: published.listAt(client.holds).root };
  const a = new OprfClient(
    clientOptions({
      own: { count: client.ids.length, root: sha256(points), kernel: 'wasm' },
      table: held,
      batchRows,
      peerCount: { min: 0, max: 1000 },
    }),
  );
  const b = new OprfServer(
    serverOptions({
      own: { table: published.table, earlier: published.earlier, kernel: 'wasm' },
      peerCount: { min: 0, max: 1000 },
      batchRows,
    }),
  );
  const received: Record<'client' | 'server', Uint8Array[]> = { client: [], server: [] };
  const toClient = (message: Uint8Array) => {
    received.client.push(message);
    return a.receive(message);
  };
  const toServer = (message: Uint8Array) => {
    received.server.push(message);
    return b.receive(message);
  };
  const agreed = b.hello();
  toServer(a.hello());
  const met = toClient(agreed);
  if (met.kind !== 'agreed') throw new Error('expected the hello');
  a.pin({ epoch: 3, publicKey: published.key.publicKey });
  let tags =
    client.holds === undefined || met.shipment.from === 'nothing'
      ? []
      : published
          .listAt(client.holds)
          .buckets.flatMap((bucket) => rowsOf(decodeBucket(bucket, published.coding), tagBytes(published.coding)));
  for (const [index, bucket] of (await published.ship(met.shipment)).entries()) {
    const event = toClient(b.bucket(index, bucket));
    if (event.kind !== 'bucket') throw new Error('expected a bucket');
    const came = rowsOf(decodeBucket(event.bucket, event.part.coding), tagBytes(published.coding));
    const names = new Set(came.map(bytesToHex));
    tags = event.part.list === 'removed' ? tags.filter((tag) => !names.has(bytesToHex(tag))) : [...tags, ...came];
  }
  const table = coded(tags, published.coding);
  expect(table.root).toEqual(published.table.root);
  const found = new Set<number>();
  for (let index = 0; index < batchCount(client.ids.length, batchRows); index++) {
    const rows = rowsInBatch(client.ids.length, index, batchRows);
    const from = index * batchRows;
    const asked = toServer(a.points(index, points.subarray(32 * from, 32 * (from + rows))));
    if (asked.kind !== 'points') throw new Error('expected points');
    const answered = await answerPoints(kernel, { points: asked.points, key: published.key, random });
    const event = toClient(b.answers(index, answered));
    if (event.kind !== 'answers') throw new Error('expected answers');
    const opened = await openAnswers(kernel, {
      keys: keys.subarray(16 * from, 16 * (from + rows)),
      points: points.subarray(32 * from, 32 * (from + rows)),
      answers: event.answers,
      proof: event.proof,
      publicKey: a.publicKey,
      blind,
      coding: published.coding,
    });
    for (const [i, tag] of rowsOf(opened, tagBytes(published.coding)).entries())
      if (
        table.buckets.some(
          (bucket) =>
            findInBucketOf(tag, bucket.index, published.coding) &&
            findInBucket(bucket, published.coding, tag).length > 0,
        )
      )
        found.add(client.ids[from + i]!);
  }
  expect([a.holdsAll, b.holdsAll]).toEqual([true, true]);
  const digest = sha256(Uint8Array.of(7));
  expect(toServer(a.done(digest))).toEqual({ kind: 'done', transcript: digest });
  expect(toClient(b.done(digest))).toEqual({ kind: 'done', transcript: digest });
  return { found: [...found].sort((x, y) => x - y), received, shipment: met.shipment };
}

function findInBucketOf(tag: Uint8Array, index: number, { placeBits, bucketBits }: Coding): boolean {
  const prefixBits = Math.max(0, placeBits - bucketBits);
  return Math.floor((((tag[0]! << 8) | tag[1]!) * 2 ** prefixBits) / 2 ** 16) === index;
}

describe('psi/oprf against the plain intersection', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 24 });

  it('[F31] finds what is in both lists, whatever their sizes and the cut of the messages: 300 shapes', async () => {
    await fc.assert(
      fc.asyncProperty(ids, ids, fc.constantFrom(1, 2, 3, 5, 16), fc.string(), async (x, y, batchRows, seed) => {
        const published = await publish([y], seed, batchRows);
        const { found } = await exchange(published, { ids: x }, batchRows, seed);
        expect(found).toEqual(x.filter((id) => y.includes(id)).sort((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });

  it('a client that kept an earlier version is brought to the present one by what joined and left since', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(ids, { minLength: 2, maxLength: 4 }),
        ids,
        fc.nat(3),
        fc.constantFrom(1, 3, 16),
        fc.string(),
        async (versions, x, holds, batchRows, seed) => {
          const published = await publish(versions, seed, batchRows);
          const kept = Math.min(holds, versions.length - 1);
          const { found, shipment } = await exchange(published, { ids: x, holds: kept }, batchRows, seed);
          expect(found).toEqual(x.filter((id) => versions.at(-1)!.includes(id)).sort((a, b) => a - b));
          if (kept === versions.length - 1) expect(shipment.bucketCount).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the transcript is what the disclosure declares', async () => {
    const [clientIds, tableIds] = [[1, 2, 3, 4, 5], Array.from({ length: 29 }, (_, i) => i + 3)];
    const published = await publish([tableIds], 'disclosure', 4);
    const { received } = await exchange(published, { ids: clientIds }, 4, 'disclosure');
    const bytesOf = (side: 'client' | 'server') => {
      const sums: Record<string, number> = {};
      for (const bytes of received[side]) {
        const message = decodeMessage(bytes, { run, side: side === 'client' ? 'partner' : 'proposer' });
        const rows =
          message.type === 'bucket'
            ? message.bytes
            : message.type === 'points'
              ? message.points
              : message.type === 'answers'
                ? message.answers
                : undefined;
        if (rows) sums[message.type] = (sums[message.type] ?? 0) + rows.length;
      }
      return sums;
    };
    const declared = (disclosed: typeof client, sizes: { own: number; partner: number }) =>
      Object.fromEntries(
        disclosed.receives.map(({ message, bytesPerRow, rowsOf: whose }) => [message, bytesPerRow * sizes[whose]]),
      );
    const client = discloseClient(published.table, tableIds.length);
    const got = bytesOf('client');
    const said = declared(client, { own: 5, partner: 29 });
    expect(Object.keys(got).sort()).toEqual(Object.keys(said).sort());
    expect(got.answers).toBe(said.answers);
    // Each of the two parts of a bucket is rounded up to whole bytes.
    expect(got.bucket).toBeGreaterThanOrEqual(said.bucket!);
    expect(got.bucket! - said.bucket!).toBeLessThan(2 * bucketCount(published.coding));
    expect(bytesOf('server')).toEqual(declared(discloseServer(), { own: 29, partner: 5 }));
  });

  it('a table is sorted by tag: its order says nothing of the list that it was made of', async () => {
    const [one, other] = [
      await publish([[1, 2, 3, 4, 5, 6]], 'order', 2),
      await publish([[6, 5, 4, 3, 2, 1]], 'order', 2),
    ];
    expect(one.table.root).toEqual(other.table.root);
  });

  it('[F25] one list in two runs gives points that have nothing in common, and under two keys another table', async () => {
    const [one, other] = await Promise.all(['x', 'y'].map((seed) => publish([[1, 2]], seed, 4)));
    expect(one!.table.root).not.toEqual(other!.table.root);
    const points = async (seed: string) => {
      const { received } = await exchange(one!, { ids: [1, 2] }, 4, seed);
      return received.server.flatMap((bytes) => {
        const message = decodeMessage(bytes, { run, side: 'proposer' });
        return message.type === 'points' ? rowsOf(message.points, 32).map(bytesToHex) : [];
      });
    };
    const [first, second] = [await points('first'), await points('second')];
    expect(new Set([...first, ...second]).size).toBe(4);
  });
});
