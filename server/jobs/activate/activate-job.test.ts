import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeActivate } from '@causeway/core/applications/activate';
import { base64ToBytes, bytesToBase64 } from '@causeway/core/bytes';
import { BatchKernel, elementBytes } from '@causeway/core/group';
import { labelBytes, openCampaign } from '@causeway/core/protocols/opja';
import { hashPrefix, hashToGroupDst, publisherIdText } from '@causeway/core/protocols/pair';
import { tagBytes } from '@causeway/core/protocols/psi-ecdh';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { labelCipher } from '../../opja/label-cipher.ts';
import { aes128Gcm } from '../sealed/index.ts';
import {
  ActivateParties,
  type Kind,
  lists,
  type Obstacles,
  type Party,
  parties,
  publisherKeys,
  receiver,
  shared,
  termsOf,
} from './testing/activate-parties.ts';

let folder: string;
let run: ActivateParties;
let runs = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-activate-jobs-'));
});
afterEach(() => run.network.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds: readonly Kind[] = ['pair', 'opja'];
const other = (party: Party): Party => (party === 'brand' ? 'media' : 'brand');

async function opened(kind: Kind, changes: Parameters<typeof termsOf>[1] = {}, silenceMs?: number): Promise<void> {
  run = await ActivateParties.open(join(folder, String(++runs)), termsOf(kind, changes), silenceMs);
}

async function both(obstacles: Partial<Record<Party, Obstacles>> = {}) {
  const running = await Promise.all(parties.map((party) => run.run(party, obstacles[party])));
  return Promise.all(running.map(({ end }) => codeOf(end)));
}

/** Code of the failure or pause that ends a run. */
const codeOf = (end: Promise<unknown>) =>
  end.then(
    () => 'finished',
    ({ name, code }: { name: string; code: string }) => `${name} ${code}`,
  );

/** The plain computation: a person's id under keys of the publisher. */
async function plainId(person: number, at: 0 | 1): Promise<string> {
  const { hashKey, scalar } = publisherKeys[at];
  const keys = new SeededRandom(`id ${person}`).bytes(16);
  const how = { prefix: hashPrefix(hashKey), dst: hashToGroupDst, scalar };
  return publisherIdText(await new BatchKernel().blind({ keys, ...how }));
}

async function expectMade(kind: Kind): Promise<void> {
  expect(run.network.state).toMatchObject({ status: 'finished', failures: [] });
  expect([...run.rows.keys()].toSorted()).toEqual([...lists.media.keys()]);
  const { outcome, counts } = run.results.get('brand')!;
  expect(run.results.get('media')!.outcome).toEqual(outcome);
  expect(counts).toMatchObject({ matchedKeys: shared.length, matchedRows: undefined });
  if (kind === 'pair') {
    const plain = await Promise.all(lists.media.map(async (id) => [await plainId(id, 0), await plainId(id, 1)]));
    expect([...lists.media.keys()].map((row) => run.rows.get(row))).toEqual(plain);
    const ids = Array.from({ length: run.ids.length / elementBytes }, (_, i) =>
      bytesToBase64(run.ids.subarray(i * elementBytes, (i + 1) * elementBytes)),
    );
    expect(ids.toSorted()).toEqual((await Promise.all(shared.map((id) => plainId(id, 0)))).toSorted());
    return;
  }
  if (outcome.made.kind !== 'opja') throw new Error('expected labels');
  const cipher = labelCipher(outcome.made.campaign, openCampaign(outcome.made.campaign, receiver, aes128Gcm));
  const said = [...lists.media.keys()].map((row) => cipher.open(base64ToBytes(run.rows.get(row)![0]!))[0]);
  expect(said).toEqual(lists.media.map((id) => (shared.includes(id) ? 'matched' : 'unmatched')));
  expect(run.rows.get(7)).toEqual(run.rows.get(0));
}

/** Runs the job at one party up to a stage, where it is killed. */
async function killedAt(victim: Party, stage: string): Promise<void> {
  const reached = Promise.withResolvers<void>();
  let isDead = false;
  const at = (name: string) => {
    if (name !== stage || isDead) return;
    isDead = true;
    run.network.kill(victim);
    reached.resolve();
  };
  await run.run(victim, { at });
  await reached.promise;
}

const stages = ['prepare', 'commit', 'exchange', 'make', 'settle', 'release'];
const places = kinds.flatMap((kind) =>
  parties.flatMap((party) => stages.map((stage) => [kind, party, stage] as const)),
);

describe('an activation', () => {
  it.each(kinds)('of %s gives what the plain computation gives, to each side its own', async (kind) => {
    await opened(kind);
    expect(await both()).toEqual(['finished', 'finished']);
    await expectMade(kind);
    expect([...run.released.values()]).toEqual([1, 1]);
  });

  it.each(places)('[F51] of %s goes on after %s was killed when it began to %s', async (kind, victim, stage) => {
    await opened(kind);
    const { end: partner } = await run.run(other(victim));
    await killedAt(victim, stage);
    const { end } = await run.run(victim);
    expect(await Promise.all([end, partner].map(codeOf))).toEqual(['finished', 'finished']);
    await expectMade(kind);
  });

  it.each(kinds.flatMap((kind) => parties.map((party) => [kind, party] as const)))(
    '[F51] of %s comes to its end at %s, killed after it had signed, when the other side is gone',
    async (kind, victim) => {
      await opened(kind);
      const { end: partner } = await run.run(other(victim));
      await killedAt(victim, 'release');
      await partner;
      run.network.kill(other(victim));
      await rm(run.network.folderOf(other(victim)), { recursive: true });
      await (await run.run(victim)).end;
      await expectMade(kind);
    },
  );

  it.each(kinds)('[F54] of %s ends where the other side never comes back', async (kind) => {
    await opened(kind, {}, 300);
    const { end } = await run.run('brand');
    await killedAt('media', 'exchange');
    expect(await codeOf(end)).toBe('JobFailure partner-silent');
    expect(run.network.state.status).toBe('failed');
  });

  it.each(kinds)('of %s ends without a result where fewer people than agreed are in both lists', async (kind) => {
    await opened(kind, { limits: { ...termsOf(kind).limits, minimumGroupRows: shared.length + 1 } });
    expect(await both()).toEqual(['JobFailure group-below-minimum', 'JobFailure group-below-minimum']);
    expect([run.rows.size, run.ids.length, run.released.size]).toEqual([0, 0, 0]);
    // Not one label was sent.
    expect(run.came.media.filter(({ about }) => about === 'labels')).toEqual([]);
  });

  it.each([['below its minimum', { minimumListRows: 10 }, 'JobFailure list-below-minimum']] as const)(
    '[F27] ends before anything is sent with a list %s',
    async (_, limits, code) => {
      await opened('pair', { limits: { ...termsOf('pair').limits, ...limits } });
      expect(await both()).toEqual([code, code]);
      expect([...run.came.brand, ...run.came.media]).toEqual([]);
    },
  );

  it('ends where the receiver’s key cannot be had, before anything is sent', async () => {
    const { JobFailure } = await import('../life/index.ts');
    await opened('opja');
    const labelKeys = () => Promise.reject(new JobFailure('key-record-missing', 'no record'));
    expect(await both({ brand: { ports: { labelKeys } } })).toEqual([
      'JobFailure key-record-missing',
      'JobFailure key-record-missing',
    ]);
    expect(run.came.media).toEqual([]);
  });
});

/** What a party received: of the exchange of points by message, of the rest by message too, each with its bytes. */
function received(party: Party): Record<string, number> {
  const bytes: Record<string, number> = {};
  const add = (name: string, length: number) => {
    bytes[name] = (bytes[name] ?? 0) + length;
  };
  for (const { about, bytes: message } of run.came[party]) {
    if (about !== 'points') {
      const said = decodeActivate(message);
      add(said.type, said.type === 'chunk' ? said.labels.length : said.type === 'hash-key' ? said.hashKey.length : 0);
      continue;
    }
    add(nameOfPoints(message), pointsBytes(message));
  }
  return bytes;
}

const pointKinds = ['hello', 'points', 'tags', 'done'] as const;
/** Kind, side and run stand before every message, an index before points and tags. */
const envelopeBytes = 1 + 1 + 16;
const nameOfPoints = (message: Uint8Array) => pointKinds[message[0]!]!;
const pointsBytes = (message: Uint8Array) =>
  ['points', 'tags'].includes(nameOfPoints(message)) ? message.length - envelopeBytes - 4 : 0;

describe('what each side receives is what the statement says', () => {
  const [own, theirs] = [lists.brand.length, new Set(lists.media).size];
  const tag = tagBytes({ own, peer: theirs });

  it('of PAIR: the advertiser all ids in secret order and sorted tags, the publisher blinded points and sorted tags', async () => {
    await opened('pair');
    await both();
    expect(received('brand')).toEqual({ 'hash-key': 32, hello: 0, points: theirs * 32, tags: own * tag, done: 0 });
    expect(received('media')).toEqual({ ask: 0, hello: 0, points: own * 32, tags: theirs * tag, done: 0 });
    for (const party of parties) expectSortedTags(party, tag);
  });

  it('of OPJA: the advertiser no more than points and sorted tags, the publisher points, and labels that are all alike', async () => {
    await opened('opja');
    await both();
    expect(received('brand')).toEqual({
      hello: 0,
      points: theirs * 32,
      tags: own * tag,
      done: 0,
      held: 0,
      received: 0,
    });
    expect(received('media')).toEqual({ hello: 0, points: own * 32, done: 0, manifest: 0, chunk: theirs * labelBytes });
    expectSortedTags('brand', tag);
  });

  /** Their order says nothing of which own rows they were taken of. */
  function expectSortedTags(party: Party, bytes: number): void {
    const messages = run.came[party].filter(
      ({ about, bytes: of }) => about === 'points' && nameOfPoints(of) === 'tags',
    );
    const tags = messages.flatMap(({ bytes: message }) => {
      const packed = Buffer.from(message.subarray(envelopeBytes + 4));
      return Array.from({ length: packed.length / bytes }, (_, i) =>
        packed.toString('hex', i * bytes, (i + 1) * bytes),
      );
    });
    expect(tags.length).toBeGreaterThan(1);
    expect(tags).toEqual(tags.toSorted());
  }

  it('and two runs of OPJA have nothing in common, of one list twice', async () => {
    const content = async () => {
      await opened('opja', { nonce: String(runs % 10).repeat(32) });
      await both();
      // What is said of the labels names the domains that were agreed on.
      const isManifest = ({ about, bytes }: { about: string; bytes: Uint8Array }) =>
        about === 'labels' && bytes[0] === 2;
      const seen = parties.flatMap((party) => run.came[party]).filter((came) => !isManifest(came));
      await run.network.close();
      return new Set(seen.flatMap(({ bytes }) => pieces(bytes)));
    };
    const pieces = (bytes: Uint8Array) =>
      Array.from({ length: Math.floor((bytes.length - 22) / 32) }, (_, i) =>
        Buffer.from(bytes.subarray(22 + i * 32, 22 + (i + 1) * 32)).toString('hex'),
      );
    const [first, second] = [await content(), await content()];
    expect(first.size).toBeGreaterThan(10);
    expect([...first].filter((piece) => second.has(piece))).toEqual([]);
  });
});

describe('a hostile side ends the run', () => {
  const flip = (at: number) => (message: Uint8Array) => {
    message[at]! ^= 1;
    return message;
  };
  const on = (about: string, kind: number, change: (message: Uint8Array) => Uint8Array) =>
    ({
      carry: (message: Uint8Array, over: string) => (over === about && message[0] === kind ? change(message) : message),
    }) as const;

  it.each<[string, Kind, Party, Obstacles, string]>([
    ['a hash key of another length', 'pair', 'media', on('key', 1, (bytes) => bytes.subarray(1)), 'malformed-message'],
    ['an answer to nothing', 'pair', 'media', on('key', 1, () => Uint8Array.of(0)), 'wrong-order'],
    [
      'a point that is none',
      'pair',
      'media',
      on('points', 1, (bytes) => bytes.fill(255, envelopeBytes + 4)),
      'malformed-point',
    ],
    [
      'the identity',
      'opja',
      'brand',
      on('points', 1, (bytes) => bytes.fill(0, envelopeBytes + 4, envelopeBytes + 36)),
      'malformed-point',
    ],
    ['a list that it did not commit to', 'opja', 'media', on('points', 0, flip(envelopeBytes + 50)), 'commitment'],
    ['tags that are cut off', 'pair', 'media', on('points', 2, (bytes) => bytes.subarray(0, -1)), 'wrong-count'],
    [
      'labels of another match',
      'opja',
      'brand',
      on('labels', 2, (bytes) => replaced(bytes, 'match.example', 'other.example')),
      'wrong-plan',
    ],
    [
      'fewer labels than identifiers',
      'opja',
      'brand',
      on('labels', 2, (bytes) => replaced(bytes, '"count":7', '"count":6')),
      'wrong-count',
    ],
    ['a label that is not in its digest', 'opja', 'brand', on('labels', 4, flip(5 + 4 + labelBytes - 1)), 'commitment'],
    ['a nonce that says something', 'opja', 'brand', on('labels', 4, flip(5 + 4 + labelBytes)), 'wrong-order'],
    ['a claim to hold labels', 'opja', 'media', on('labels', 3, () => Uint8Array.of(3, 0, 0, 1, 0)), 'wrong-count'],
  ])('[F22] with %s', async (_, kind, villain, obstacles, code) => {
    await opened(kind);
    const ends = await both({ [villain]: obstacles });
    expect(ends).toEqual([`JobFailure ${code}`, `JobFailure ${code}`]);
    expect([...run.released.keys()]).toEqual([]);
    expect(run.network.state.status).toBe('failed');
  });

  it('with a hash key that is not the one that it used: the two do not sign one outcome', async () => {
    await opened('pair', { limits: { ...termsOf('pair').limits } });
    const ends = await both({ media: on('key', 1, flip(5)) });
    expect(ends.every((end) => /group-below-minimum|transcript/.test(end))).toBe(true);
    expect([...run.released.keys()]).toEqual([]);
  });

  /** In JSON, of the same length. */
  function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toContain(from);
    return new Uint8Array(Buffer.from(text.replace(from, to), 'latin1'));
  }
});
