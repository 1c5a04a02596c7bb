import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementBytes } from '../../group/index.ts';
import { discloseClient, discloseServer, hashPrefix, pseudonymContext, runId, unblindingScalar } from './index.ts';
import {
  blinded,
  type Contributor,
  contributor,
  exchange,
  multiplied,
  pseudonymise,
  pseudonyms,
  rowsOf,
} from './testing/contributors.ts';

const binding = { network: 'n', agreement: 'a', job: 'j', profile: 'phone' };
const lists = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 14 });

function three(seed: string): [Contributor, Contributor, Contributor] {
  return [contributor('brand', seed), contributor('media', seed), contributor('shop', seed)];
}

describe('pseudonyms', () => {
  it('are equal exactly where identifiers are, for two contributors and for three, whoever holds keys', async () => {
    await fc.assert(
      fc.asyncProperty(lists, lists, lists, fc.integer({ min: 1, max: 3 }), async (a, b, c, holderCount) => {
        const all = three(`${a}|${b}`);
        const holders = all.slice(0, holderCount);
        const ids = [a, b, c];
        const given = await Promise.all(all.map((owner, i) => pseudonymise(ids[i]!, owner, holders, binding)));
        const byId = new Map<number, string>();
        for (const [i, list] of ids.entries()) {
          for (const [row, id] of list.entries()) {
            expect(given[i]![row]).toBe(byId.get(id) ?? given[i]![row]);
            byId.set(id, given[i]![row]!);
          }
        }
        expect(new Set(byId.values()).size).toBe(byId.size);
      }),
      { numRuns: 25 },
    );
  });

  it('[F25] of two epochs, forms or networks share nothing, with the same keys even', async () => {
    const [brand, media] = three('epochs');
    const ids = [1, 2, 3, 4, 5];
    const bindings = [
      binding,
      { ...binding, job: 'k' },
      { ...binding, profile: 'email' },
      { ...binding, network: 'm' },
      { ...binding, agreement: 'b' },
    ];
    const runs = await Promise.all(bindings.map((bound) => pseudonymise(ids, brand, [brand, media], bound)));
    expect(new Set(runs.flat()).size).toBe(ids.length * bindings.length);
    // Neither does what crosses the wire.
    const wires = await Promise.all(bindings.map((bound) => blinded(ids, brand.blind, bound)));
    expect(new Set(wires.flat().map(String)).size).toBe(ids.length * bindings.length);
  });

  it('[F25] of two runs with fresh keys share nothing, though the identifiers are the same', async () => {
    const ids = [1, 2, 3, 4, 5];
    const runs = await Promise.all(
      ['first', 'second'].map(async (seed) => {
        const [brand, media] = three(seed);
        return pseudonymise(ids, brand, [brand, media], binding);
      }),
    );
    expect(new Set(runs.flat()).size).toBe(2 * ids.length);
  });

  it('bind network, agreement, epoch and form without a way to shift a letter from one to the next', () => {
    const shifted = { ...binding, network: 'na', agreement: '' };
    expect(hashPrefix(shifted)).not.toEqual(hashPrefix(binding));
    expect(pseudonymContext(shifted)).not.toEqual(pseudonymContext(binding));
    const named = ([client, list, server]: readonly [string, string, string]) =>
      runId(binding, { client, list, server });
    expect(named(['ab', 'x', 'c'])).not.toEqual(named(['a', 'bx', 'c']));
    expect(named(['a', 'x', 'c'])).not.toEqual(named(['a', 'y', 'c']));
  });
});

describe('what a side receives', () => {
  it('is what the disclosure says, byte for byte', async () => {
    const [brand, media] = three('disclosed');
    const points = await blinded([1, 2, 3, 4, 5, 6, 7], brand.blind, binding);
    await exchange(points, { client: brand, server: media }, binding);
    const headerBytes = 18 + 4;
    const rows = (inbox: readonly Uint8Array[], kind: number) =>
      inbox.filter((bytes) => bytes[0] === kind).reduce((sum, bytes) => sum + bytes.length - headerBytes, 0);
    const [answers, received] = [discloseClient().receives[0]!, discloseServer().receives[0]!];
    expect(rows(brand.inbox, 3)).toBe(7 * answers.bytesPerRow);
    expect(rows(media.inbox, 2)).toBe(7 * received.bytesPerRow);
    // A hello and a done beside them: nothing else.
    expect(brand.inbox.map((bytes) => bytes[0])).toEqual([1, 3, 3, 4]);
    expect(media.inbox.map((bytes) => bytes[0])).toEqual([0, 2, 2, 4]);
  });

  it('stands in an order that does not follow from that of the rows', async () => {
    const [brand, media] = three('order');
    const received = async (ids: readonly number[]) => {
      media.inbox.length = 0;
      await exchange(await blinded(ids, brand.blind, binding), { client: brand, server: media }, binding);
      return media.inbox.filter((bytes) => bytes[0] === 2).flatMap((bytes) => rowsOf(bytes.slice(22), elementBytes));
    };
    expect(await received([1, 2, 3, 4, 5, 6])).toEqual(await received([6, 1, 5, 2, 4, 3]));
  });

  it('lets a server find nobody: what it saw of a list under its own key is no pseudonym that it knows', async () => {
    const [brand, media] = three('server');
    const ids = [1, 2, 3, 4];
    const seen = await blinded(ids, brand.blind, binding);
    const own = await pseudonymise(ids, media, [brand, media], binding);
    const guesses = await Promise.all(
      [media.key, unblindingScalar(media), media.blind].map((scalar) => pseudonyms(seen, scalar, binding)),
    );
    expect(guesses.flat().filter((guess) => own.includes(guess))).toEqual([]);
  });
});

describe('the shortcut with two multiplications', () => {
  it('is an attack: without a blinding of its own, a list is intersected by whoever answers it', async () => {
    const [brand, media] = three('shortcut');
    const brandIds = [1, 2, 3, 4, 5, 6];
    const mediaIds = [4, 5, 6, 7, 8];
    // The brand sends k_A·H(a) in place of r_A·H(a); what comes back, k_B·k_A·H(a), would be its point under both keys at once.
    const sent = await blinded(brandIds, brand.key, binding);
    const theirs = await pseudonyms(sent, media.key, binding);
    const own = await pseudonymise(mediaIds, media, [brand, media], binding);
    expect(own.filter((pseudonym) => theirs.includes(pseudonym)).length).toBe(3);
    // With the blinding, the same computation finds none of them.
    const safe = await pseudonyms(await blinded(brandIds, brand.blind, binding), media.key, binding);
    expect(own.filter((pseudonym) => safe.includes(pseudonym))).toEqual([]);
  });
});

describe('colluding with the room', () => {
  it('a contributor cannot test a guessed identifier with its own key alone', async () => {
    const [brand, media] = three('guess');
    const inRoom = await pseudonymise([1, 2, 3], brand, [brand, media], binding);
    const guesses = await Promise.all(
      [media.key, media.blind].map(async (scalar) =>
        pseudonyms(await blinded([1, 2, 3], scalar, binding), media.key, binding),
      ),
    );
    expect(guesses.flat().filter((guess) => inRoom.includes(guess))).toEqual([]);
    // It takes the other's answers, each of which that side counts.
    const answered = await multiplied(await blinded([1], media.blind, binding), brand.key);
    expect(await pseudonyms(answered, unblindingScalar(media), binding)).toEqual([inRoom[0]]);
  });
});
