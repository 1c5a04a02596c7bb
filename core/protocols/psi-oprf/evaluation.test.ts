import { describe, expect, it } from 'vitest';
import { hasShared, sharedJson } from '../../../test/shared.ts';
import { bytesToHex, concatBytes, hexToBytes } from '../../bytes/index.ts';
import { BatchKernel, ristretto255 } from '../../group/index.ts';
import { type RandomSource, SeededRandom } from '../../random/index.ts';
import { answerPoints, blindKeys, drawKey, keyOf, openAnswers, oprf, tableCoding, tagBytes, tagKeys } from './index.ts';

const kernel = new BatchKernel();
const code = (value: string) => expect.objectContaining({ name: 'ProtocolError', code: value });
/** Three match keys. */
const keys = new SeededRandom('match keys').bytes(48);

function rowsOf(packed: Uint8Array, width: number): Uint8Array[] {
  return Array.from({ length: packed.length / width }, (_, i) => packed.subarray(i * width, (i + 1) * width));
}

const vectorFile = 'vectors/rfc9497_oprf/allVectors.json';

describe.skipIf(!hasShared(vectorFile))('[F20] RFC 9497 appendix A.1.2, by the path of batches', () => {
  const suite = (hasShared(vectorFile) ? sharedJson(vectorFile) : []).find(
    ({ identifier, mode }: { identifier: string; mode: number }) => identifier === 'ristretto255-SHA512' && mode === 1,
  );
  const fixedScalar = (hex: string): RandomSource => ({
    bytes: (count) => concatBytes(hexToBytes(hex), new Uint8Array(count - 32)),
  });
  const packed = (list: string) => concatBytes(...list.split(',').map(hexToBytes));

  it('answers and proofs are byte-exact, and verify', async () => {
    const key = keyOf(hexToBytes(suite.skSm));
    expect(bytesToHex(key.publicKey)).toBe(suite.pkSm);
    for (const vector of suite.vectors) {
      const points = packed(vector.BlindedElement);
      const { answers, proof } = await answerPoints(kernel, { points, key, random: fixedScalar(vector.Proof.r) });
      expect(answers).toEqual(packed(vector.EvaluationElement));
      expect(bytesToHex(proof)).toBe(vector.Proof.proof);
      await openAnswers(kernel, {
        keys: new Uint8Array((points.length / 32) * 16),
        points,
        answers,
        proof,
        publicKey: key.publicKey,
        blind: hexToBytes(vector.Blind.split(',')[0]),
        coding: { tagBits: 80 },
      });
    }
  });

  it('blinded elements and outputs are byte-exact, where an input is a prefix and 16 bytes', async () => {
    const [, vector] = suite.vectors;
    const input = hexToBytes(vector.Input);
    const [prefix, keys] = [input.subarray(0, 1), input.subarray(1)];
    const dst = oprf.hashToGroupTag;
    expect(bytesToHex(dst)).toBe(suite.groupDST);
    const blind = hexToBytes(vector.Blind);
    expect(bytesToHex(await kernel.blind({ keys, prefix, dst, scalar: blind }))).toBe(vector.BlindedElement);
    const scalar = ristretto255.scalar.invert(blind);
    const points = await kernel.multiply({ points: hexToBytes(vector.EvaluationElement), scalar });
    expect(bytesToHex(await kernel.finalize({ keys, prefix, points, bytes: 64 }))).toBe(vector.Output);
  });
});

describe('the function in batches', () => {
  it('[F20] gives a table what a client opens, and both what the RFC evaluates one by one', async () => {
    const key = drawKey(kernel, new SeededRandom('table'));
    const coding = tableCoding({ placeBits: 5, evaluationBits: 20 });
    const tags = await tagKeys(kernel, { keys, secretKey: key.secretKey, coding });
    for (const [i, tag] of rowsOf(tags, tagBytes(coding)).entries()) {
      const output = oprf.evaluateDirectly(key.secretKey, keys.subarray(16 * i, 16 * i + 16)).slice(0, tag.length);
      // 65 bits are 8 bytes and one bit.
      output[8]! &= 0x80;
      expect(tag).toEqual(output);
    }
  });

  const random = new SeededRandom('proofs');
  const key = drawKey(kernel, random);
  const blind = kernel.randomScalar(random);
  const coding = { tagBits: 70 };
  const opening = (of: { points: Uint8Array; answers: Uint8Array; proof: Uint8Array; publicKey?: Uint8Array }) =>
    openAnswers(kernel, { keys, blind, coding, publicKey: key.publicKey, ...of });
  const asked = async () => {
    const points = await blindKeys(kernel, { keys, blind });
    return { points, ...(await answerPoints(kernel, { points, key, random })) };
  };

  it('answers given again are the same, byte for byte, and those to other points have another proof', async () => {
    const points = await blindKeys(kernel, { keys, blind });
    const [once, again] = [await answerPoints(kernel, { points, key }), await answerPoints(kernel, { points, key })];
    expect(again).toEqual(once);
    const fewer = points.subarray(32);
    const other = await answerPoints(kernel, { points: fewer, key });
    expect(other.answers).toEqual(once.answers.subarray(32));
    expect(other.proof).not.toEqual(once.proof);
    await opening({ points, ...once });
  });

  it('[F20] answers in another order, of another key, changed or with another proof are refused', async () => {
    const { points, answers, proof } = await asked();
    const [one, two, three] = rowsOf(answers, 32);
    const swapped = concatBytes(two!, one!, three!);
    const repeated = concatBytes(one!, one!, three!);
    for (const bad of [swapped, repeated, points]) {
      await expect(opening({ points, answers: bad, proof })).rejects.toThrow(code('wrong-proof'));
    }
    const other = await answerPoints(kernel, { points, key: drawKey(kernel, random), random });
    await expect(opening({ points, ...other })).rejects.toThrow(code('wrong-proof'));
    // One row of another key among right ones, with the proof of the right key.
    const mixed = await kernel.multiply({ points: points.subarray(64), scalar: kernel.randomScalar(random) });
    await expect(opening({ points, answers: concatBytes(one!, two!, mixed), proof })).rejects.toThrow(
      code('wrong-proof'),
    );
    const { publicKey } = drawKey(kernel, random);
    await expect(opening({ points, answers, proof, publicKey })).rejects.toThrow(code('wrong-proof'));
    for (const at of [0, 31, 32, 63]) {
      const changed = proof.slice();
      changed[at]! ^= 1;
      await expect(opening({ points, answers, proof: changed })).rejects.toThrow(code('wrong-proof'));
    }
    await expect(opening({ points, answers, proof: new Uint8Array(64).fill(255) })).rejects.toThrow(
      code('wrong-proof'),
    );
  });

  it('[F17, F18] a malformed element and the identity are refused with their row, asked or answered', async () => {
    const { points, answers, proof } = await asked();
    for (const [fill, refusal] of [
      [255, 'malformed-point'],
      [0, 'identity'],
    ] as const) {
      const refused = expect.objectContaining({ name: 'GroupError', code: refusal, index: 1 });
      const badly = (elements: Uint8Array) => elements.slice().fill(fill, 32, 64);
      await expect(answerPoints(kernel, { points: badly(points), key, random })).rejects.toThrow(refused);
      await expect(opening({ points, answers: badly(answers), proof })).rejects.toThrow(refused);
    }
  });
});
