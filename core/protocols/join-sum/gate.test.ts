import { describe, expect, it } from 'vitest';
import { concatBytes, equalBytes } from '../../bytes/index.ts';
import { sign, verify } from '../../crypto/index.ts';
import { BatchKernel, ristretto255 as group } from '../../group/index.ts';
import { SeededRandom } from '../../random/index.ts';
import { addCiphertexts, encrypt, open, pointOf, product, scalarOf } from './elgamal.ts';
import {
  drawPlaces,
  edgeOf,
  findLie,
  gateRange,
  isLie,
  placeDigests,
  readVerdicts,
  testRound,
  verdictMessage,
} from './gate.ts';
import { decodeMessage, encodeMessage, type Message } from './messages.ts';
import { canaryCounts, type SumPlan } from './plan.ts';
import { ReferenceSumKernel } from './reference-kernel.ts';
import { rowScalar } from './run-seed.ts';
import { drawDecoys } from './sender-list.ts';
import { newLogs, play, receiverKeys, run } from './testing/both-roles.ts';
import { keysOf, plan, sampleOf } from './testing/sample.ts';

const random = new SeededRandom('gate');
const kernel = new ReferenceSumKernel();
const secretKey = group.randomScalar(random);
const publicKey = group.multiplyBase(secretKey);
const range = gateRange({ ...plan, minimumGroupRows: 4 });

describe('the gate', () => {
  it.each([0, 3, 4, 5, 1000])('says of %d whether it is below 4, and nothing else', async (value) => {
    const round = { sums: encrypt(publicKey, BigInt(value), group.randomScalar(random)), counts: Uint16Array.of(4) };
    const tests = await testRound({ ...round, seeds: random.bytes(32) }, range, { kernel, publicKey });
    const verdicts = await readVerdicts(tests, range, { kernel: new BatchKernel(), secretKey });
    expect([...verdicts]).toEqual([value < 4 ? 1 : 0]);
  });

  it('with a fresh Enc(0) in every test a guess of the rows does not tell the value; without it, it does', async () => {
    // The receiver knows the randomness of its ciphertexts, and guesses right which rows are in the cell.
    const randomness = Array.from({ length: 9 }, () => group.randomScalar(random));
    const sum = randomness.map((r) => encrypt(publicKey, 1n, r)).reduce(addCiphertexts);
    const r = randomness.reduce((a, b) => group.scalar.add(a, b));
    const seed = random.bytes(32);
    const guess = (test: Uint8Array, j: number) => {
      // ρG, if the first half is ρ·rG; then ρ(v − j)G is the second half less x·first.
      const blind = product(group.scalar.invert(r), test.subarray(0, 32));
      const blinded = open(secretKey, test);
      for (let v = 0; v < 20; v++) {
        if (v !== j && equalBytes(blinded, product(scalarOf(BigInt(v - j)), blind))) return v;
      }
      return undefined;
    };
    const bare = (j: number) => {
      const rho = rowScalar(seed, 2 * j);
      return concatBytes(
        product(rho, sum.subarray(0, 32)),
        product(rho, group.subtract(sum.subarray(32), pointOf(BigInt(j)))),
      );
    };
    expect([0, 1, 2, 3].map((j) => guess(bare(j), j))).toEqual([9, 9, 9, 9]);
    const ours = await kernel.gateTests({
      publicKey,
      sums: sum,
      low: 0,
      counts: Uint16Array.of(4),
      length: 4,
      seeds: seed,
    });
    const guesses = [0, 1, 2, 3].map((j) => guess(ours.subarray(64 * j, 64 * j + 64), j));
    expect(guesses).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('tests of one place ascend, so which of them is 0 says nothing of the value; others are refused', async () => {
    const place = { sums: encrypt(publicKey, 2n, group.randomScalar(random)), counts: Uint16Array.of(4) };
    const tests = await testRound({ ...place, seeds: random.bytes(32) }, range, { kernel, publicKey });
    const swapped = concatBytes(tests.subarray(64, 128), tests.subarray(0, 64), tests.subarray(128));
    const read = (bytes: Uint8Array) => readVerdicts(bytes, range, { kernel: new BatchKernel(), secretKey });
    await expect(read(swapped)).rejects.toMatchObject({ code: 'not-distinct' });
    const zeros = [1, 2].map((i) => encrypt(publicKey, 0n, rowScalar(random.bytes(32), i)));
    const twice = [...zeros, ...[3, 4].map((i) => encrypt(publicKey, 7n, rowScalar(random.bytes(32), i)))];
    twice.sort((a, b) => (Buffer.compare(a, b) < 0 ? -1 : 1));
    await expect(read(concatBytes(...twice))).rejects.toMatchObject({ code: 'not-distinct' });
  });
});

describe('canaries', () => {
  /** Places of a round with `small` figures below the minimum; the receiver lies about some of what is small. */
  const caught = (small: number, lies: (smallPlaces: number[], draw: SeededRandom) => number[], seeds: number) => {
    let count = 0;
    for (let i = 0; i < seeds; i++) {
      const draw = new SeededRandom(`lie/${small}/${i}`);
      const places = drawPlaces(new Array<number>(small).fill(0), range, draw).map(({ tested }) => tested);
      const truth = places.map((place) => (place.kind === 'canary' ? place.isSmall : true));
      const smallPlaces = [...places.keys()].filter((at) => truth[at]);
      const verdicts = Uint8Array.from(truth, Number);
      for (const at of lies(smallPlaces, draw)) verdicts[at] = 0;
      if (findLie({ places }, verdicts) !== undefined) count += 1;
    }
    return count / seeds;
  };
  const oneOf = (smallPlaces: number[], draw: SeededRandom) => [smallPlaces[draw.below(smallPlaces.length)]!];

  it.each([1, 8, 64])('one lie among %d small figures is caught at the rate that is stated', (small) => {
    const stated = canaryCounts(small).inside / (canaryCounts(small).inside + small);
    const deviation = Math.sqrt((stated * (1 - stated)) / 2000);
    expect(Math.abs(caught(small, oneOf, 2000) - stated)).toBeLessThan(4 * deviation);
  });

  it('lying about all of them is caught always', () => {
    expect(caught(8, (all) => all, 300)).toBe(1);
  });

  it('an honest receiver is never accused', () => {
    expect(caught(8, () => [], 300)).toBe(0);
  });
});

describe('a lie', () => {
  const sample = sampleOf({ groups: [[1, 2, 3]], ids: [2, 3, 4] }, plan, 'lie');
  const sides = { plan, groups: sample.groups.map(keysOf), rows: sample.rows, batchRows: 4000 };
  const signedAnew = (
    message: Uint8Array,
    flip: (verdicts: Uint8Array) => void,
    { tests, publicKey }: { readonly tests: Uint8Array; readonly publicKey: Uint8Array },
  ) => {
    const decoded = decodeMessage(message, { run, side: 'proposer' }, 1);
    if (decoded.type !== 'verdicts') throw new Error('expected verdicts');
    const verdicts = decoded.verdicts.slice();
    flip(verdicts);
    const digests = placeDigests(tests, gateRange(plan));
    const signature = sign(verdictMessage(run, 0, { publicKey, digests, verdicts }), receiverKeys);
    return encodeMessage({ ...decoded, verdicts, signature }, { run, side: 'proposer' });
  };

  it('ends the run with nothing released, and convinces a third party by the canary’s opening and the signature', async () => {
    const logs = newLogs();
    let hello: Message | undefined;
    const played = await play(sides, logs, (message, to, index) => {
      if (to === 'sender' && index < 0) hello = decodeMessage(message, { run, side: 'proposer' }, 1);
      if (to === 'receiver' || message[0] !== 8) return [message];
      const gate = logs.heard.receiver.map((bytes) => decodeMessage(bytes, { run, side: 'partner' }, 1));
      const tests = concatBytes(...gate.flatMap((m) => (m.type === 'gate' ? [m.tests] : [])));
      if (hello?.type !== 'hello') throw new Error('expected hello');
      const publicKey = hello.opening.slice(0, 32);
      return [signedAnew(message, (verdicts) => verdicts.fill(0), { tests, publicKey })];
    });
    expect(played.sender).toMatchObject({ status: 'rejected', reason: { code: 'verdict-lie' } });
    expect(played.receiver.status).toBe('rejected');
    const [lie] = played.lies;
    if (hello?.type !== 'hello') throw new Error('expected hello');
    expect(lie!.publicKey).toEqual(hello.opening.slice(0, 32));
    const bound = gateRange(plan);
    expect(verify(lie!.signature, verdictMessage(run, lie!.round, lie!), receiverKeys.publicKey)).toBe(true);
    expect(await isLie(lie!, bound, kernel)).toBe(true);
    // Of tests under another key the receiver has signed nothing.
    const elsewhere = { ...lie!, publicKey: group.multiplyBase(group.randomScalar(random)) };
    expect(verify(lie!.signature, verdictMessage(run, lie!.round, elsewhere), receiverKeys.publicKey)).toBe(false);
    // A sender that accuses an honest receiver convinces nobody: the verdicts that were signed are right.
    const honest = { ...lie!, verdicts: lie!.verdicts.slice().fill(1) };
    expect(await isLie(honest, bound, kernel)).toBe(false);
    expect(await isLie({ ...lie!, value: lie!.value + 1n }, bound, kernel)).toBe(false);
  });

  it('verdicts that nobody signed, too few, or neither 0 nor 1 end the run', async () => {
    const tamper = (change: (bytes: Uint8Array) => Uint8Array) =>
      play(sides, newLogs(), (message, to) => [to === 'sender' && message[0] === 8 ? change(message) : message]);
    const end = (bytes: Uint8Array, last: number) => {
      bytes[bytes.length - 1] = last;
      return bytes;
    };
    const codes = await Promise.all([
      tamper((bytes) => end(bytes, 1 - bytes.at(-1)!)),
      tamper((bytes) => bytes.slice(0, -1)),
      tamper((bytes) => end(bytes, 2)),
    ]);
    const code = ({ sender }: (typeof codes)[number]) => (sender.status === 'rejected' ? sender.reason.code : 'none');
    expect(codes.map(code)).toEqual(['wrong-proof', 'wrong-count', 'wrong-count']);
  });
});

describe('the edge of the minimum', () => {
  const shape: SumPlan = { ...plan, movesEdge: true };
  const secret = random.bytes(32);
  const line = { group: 0, cell: 1, measure: 0 };

  it('[F29] stays where it is for a cell over many runs, and is not the same for all', () => {
    const edges = Array.from({ length: 50 }, () => edgeOf(shape, line, secret));
    expect(new Set(edges).size).toBe(1);
    const cells = Array.from({ length: 400 }, (_, i) =>
      edgeOf({ ...shape, tables: [{ name: `t${i}`, cellCount: 9, cellsPerRow: 1 }] }, line, secret),
    );
    expect(Math.min(...cells)).toBe(0);
    expect(Math.max(...cells)).toBe(15);
    expect(new Set(cells).size).toBe(16);
  });

  it('does not move where both sides signed that it does not, or where noise hides it', () => {
    expect(edgeOf({ ...shape, movesEdge: false }, line, secret)).toBe(0);
    expect(edgeOf({ ...shape, protection: { kind: 'noise', rho: 5000, gate: true } }, line, secret)).toBe(0);
  });
});

describe('a guess at one person', () => {
  it('by another weight on one matched slot hits it in under 1 %, and is opened in about 47 % of all tries', () => {
    // A list of fakes around one person: what matches is that person, the decoys that are in, and the 64 check labels.
    let [hits, opened] = [0, 0];
    const tries = 4000;
    for (let i = 0; i < tries; i++) {
      const draw = new SeededRandom(`guess/${i}`);
      const decoys = drawDecoys(draw).size;
      const slot = draw.below(1 + decoys + 64);
      if (slot === 0) hits += 1;
      else if (slot > decoys) opened += 1;
    }
    expect(hits / tries).toBeLessThan(0.012);
    expect(Math.abs(opened / tries - 64 / 135)).toBeLessThan(0.035);
  });
});
