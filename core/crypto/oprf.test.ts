import { describe, expect, it } from 'vitest';
import { hasShared, sharedJson } from '../../test/shared.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../bytes/index.ts';
import { ristretto255 as group } from '../group/index.ts';
import { type RandomSource, SeededRandom } from '../random/index.ts';
import { Oprf, type OprfMode } from './oprf.ts';

const file = 'vectors/rfc9497_oprf/allVectors.json';
const modes: readonly OprfMode[] = ['oprf', 'voprf', 'poprf'];

/** Gives a vector's scalar where the code draws 64 bytes and reduces them. */
function fixedScalar(hex: string): RandomSource {
  return { bytes: (count) => concatBytes(hexToBytes(hex), new Uint8Array(count - 32)) };
}

describe.skipIf(!hasShared(file))('[F20] RFC 9497 appendix A.1, ristretto255-SHA512', () => {
  const suites = (hasShared(file) ? sharedJson(file) : []).filter(
    (suite: { identifier: string }) => suite.identifier === 'ristretto255-SHA512',
  );

  it.each(modes)('%s: keys, blinded and evaluated elements, proofs and outputs are byte-exact', (mode) => {
    const suite = suites[modes.indexOf(mode)];
    const oprf = new Oprf(mode);
    const keys = oprf.deriveKeyPair(hexToBytes(suite.seed), hexToBytes(suite.keyInfo));
    expect(bytesToHex(keys.secretKey)).toBe(suite.skSm);
    if (mode !== 'oprf') expect(bytesToHex(keys.publicKey)).toBe(suite.pkSm);
    for (const vector of suite.vectors) {
      const inputs: Uint8Array[] = vector.Input.split(',').map(hexToBytes);
      const blinds: string[] = vector.Blind.split(',');
      const info = vector.Info === undefined ? undefined : hexToBytes(vector.Info);
      const blinded = inputs.map((input, i) => oprf.blind(input, fixedScalar(blinds[i]!)));
      const blindedElements = blinded.map((item) => item.blindedElement);
      expect(blindedElements.map(bytesToHex).join(',')).toBe(vector.BlindedElement);
      let evaluatedElements = blindedElements.map((element) => oprf.evaluate(keys.secretKey, element));
      if (mode !== 'oprf') {
        const random = fixedScalar(vector.Proof.r);
        const answer = info
          ? oprf.evaluatePartial(keys.secretKey, blindedElements, info, random)
          : oprf.evaluateVerifiable(keys, blindedElements, random);
        evaluatedElements = answer.evaluatedElements;
        expect(bytesToHex(concatBytes(answer.proof.challenge, answer.proof.response))).toBe(vector.Proof.proof);
        const publicKey = info ? oprf.tweakedKey(keys.publicKey, info) : keys.publicKey;
        oprf.verify(publicKey, { blindedElements, evaluatedElements }, answer.proof);
      }
      expect(evaluatedElements.map(bytesToHex).join(',')).toBe(vector.EvaluationElement);
      const outputs = inputs.map((input, i) => oprf.finalize(input, blinded[i]!.blind, evaluatedElements[i]!, info));
      expect(outputs.map(bytesToHex).join(',')).toBe(vector.Output);
      expect(oprf.evaluateDirectly(keys.secretKey, inputs[0]!, info)).toEqual(outputs[0]);
    }
  });
});

describe('[F20] a proof', () => {
  const random = new SeededRandom('oprf');
  const oprf = new Oprf('voprf');
  const keys = oprf.deriveKeyPair(random.bytes(32), utf8ToBytes('a'));
  const blindedElements = ['a', 'b', 'c'].map((input) => oprf.blind(utf8ToBytes(input), random).blindedElement);
  const { evaluatedElements, proof } = oprf.evaluateVerifiable(keys, blindedElements, random);
  const batch = { blindedElements, evaluatedElements };
  const refusal = expect.objectContaining({ code: 'invalid-proof' });

  it('of another key is refused', () => {
    const other = oprf.deriveKeyPair(random.bytes(32), utf8ToBytes('b'));
    expect(() => oprf.verify(other.publicKey, batch, proof)).toThrow(refusal);
  });

  it('for answers in another order is refused', () => {
    const swapped = [evaluatedElements[1]!, evaluatedElements[0]!, evaluatedElements[2]!];
    expect(() => oprf.verify(keys.publicKey, { blindedElements, evaluatedElements: swapped }, proof)).toThrow(refusal);
  });

  it('with a scalar that is not canonical, or any bit changed, is refused', () => {
    for (const part of ['challenge', 'response'] as const) {
      const bad = proof[part].slice();
      bad[3]! ^= 1;
      expect(() => oprf.verify(keys.publicKey, batch, { ...proof, [part]: bad })).toThrow(refusal);
      expect(() => oprf.verify(keys.publicKey, batch, { ...proof, [part]: new Uint8Array(32).fill(255) })).toThrow(
        refusal,
      );
    }
  });

  it('[F22] over fewer answers than were asked is refused with both counts', () => {
    const short = { blindedElements, evaluatedElements: evaluatedElements.slice(1) };
    expect(() => oprf.verify(keys.publicKey, short, proof)).toThrow(expect.objectContaining({ code: 'wrong-count' }));
  });

  it('[F17, F18] does not save an element that is malformed or the identity', () => {
    expect(() => oprf.evaluate(keys.secretKey, new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'identity' }),
    );
    expect(() => oprf.evaluate(keys.secretKey, new Uint8Array(32).fill(255))).toThrow(
      expect.objectContaining({ code: 'malformed-point' }),
    );
    expect(group.generator).toHaveLength(32);
  });
});
