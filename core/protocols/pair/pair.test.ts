import { describe, expect, it } from 'vitest';
import { base64ToBytes, bytesToHex } from '../../bytes/index.ts';
import { BatchKernel, elementBytes, ristretto255 } from '../../group/index.ts';
import { SeededRandom } from '../../random/index.ts';
import {
  hashKeyBytes,
  hashKeyDigest,
  hashPrefix,
  hashToGroupDst,
  publisherIdCharacters,
  publisherIdText,
  runId,
} from './index.ts';

const kernel = new BatchKernel();
const random = new SeededRandom('pair');
const [ks, other] = [random.bytes(hashKeyBytes), random.bytes(hashKeyBytes)];
const [ka, kp] = [kernel.randomScalar(random), kernel.randomScalar(random)];
const person = random.bytes(16);
const pointOf = (hashKey: Uint8Array, scalar: Uint8Array) =>
  kernel.blind({ keys: person, prefix: hashPrefix(hashKey), dst: hashToGroupDst, scalar });

describe('ids of PAIR', () => {
  it('commute: KsKa under Kp is KsKp under Ka, and taking Ka away gives the publisher id', async () => {
    const [advertiser, publisher] = [await pointOf(ks, ka), await pointOf(ks, kp)];
    const pairId = ristretto255.multiply(kp, advertiser);
    expect(bytesToHex(ristretto255.multiply(ka, publisher))).toBe(bytesToHex(pairId));
    const inverse = ristretto255.scalar.invert(ka);
    expect(publisherIdText(ristretto255.multiply(inverse, pairId))).toBe(publisherIdText(publisher));
  });

  it('are the same in every run until Ks or Kp changes', async () => {
    const id = bytesToHex(await pointOf(ks, kp));
    expect(bytesToHex(await pointOf(ks, kp))).toBe(id);
    expect(bytesToHex(await pointOf(other, kp))).not.toBe(id);
    expect(bytesToHex(await pointOf(ks, ka))).not.toBe(id);
  });

  it('are 44 characters of Base64 with padding, and read back to the point', async () => {
    const point = await pointOf(ks, kp);
    const text = publisherIdText(point);
    expect(text).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(text).toHaveLength(publisherIdCharacters);
    expect(base64ToBytes(text)).toEqual(point);
    expect(point).toHaveLength(elementBytes);
  });

  it('belong to a run by its name alone, which no other run has', () => {
    const binding = { network: 'n', agreement: 'a', job: 'j', profile: 'phone' };
    const ids = [binding, { ...binding, job: 'k' }, { ...binding, agreement: 'aj', job: '' }].map((of) =>
      bytesToHex(runId(of)),
    );
    expect(new Set(ids).size).toBe(3);
    expect(bytesToHex(hashKeyDigest(ks))).not.toBe(bytesToHex(hashKeyDigest(other)));
  });
});
