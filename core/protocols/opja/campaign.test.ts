import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesToHex, hexToBytes } from '../../bytes/index.ts';
import { type Aead, generateKemKeyPair } from '../../crypto/index.ts';
import { SeededRandom } from '../../random/index.ts';
import { campaign, decodeKey, encodeKey, matchIdOf, openCampaign, sealCampaign } from './index.ts';

/** The label key is exported, so nothing is sealed under HPKE's own key. */
const aead: Aead = {
  id: 1,
  keyBytes: 16,
  seal: ({ key, nonce, message }) => new Uint8Array(createCipheriv('aes-128-gcm', key, nonce).update(message)),
  open: () => undefined,
};
const random = new SeededRandom('campaign');
const [sender, receiver] = [generateKemKeyPair(random), generateKemKeyPair(random)];
const of = { aead, system: 'match.example', matchId: 'a1B2', sender, receiver: receiver.publicKey };
const made = () => sealCampaign({ ...of, expires: '2030-01-01T00:00:00Z' }, random);

describe('a campaign', () => {
  it('gives its receiver the key that the labels were sealed with, each time another', () => {
    const [first, second] = [made(), made()];
    expect(bytesToHex(openCampaign(first.campaign, receiver, aead))).toBe(bytesToHex(first.key));
    expect(first.key).toHaveLength(16);
    expect(bytesToHex(first.key)).not.toBe(bytesToHex(second.key));
    expect(campaign.parse(JSON.parse(JSON.stringify(first.campaign)))).toEqual(first.campaign);
  });

  it('opens with no other key, from no other sender, and under no other name', () => {
    const { campaign: sealed, key } = made();
    expect(() => openCampaign(sealed, sender, aead)).toThrow(expect.objectContaining({ code: 'wrong-key' }));
    const impostor = encodeKey(generateKemKeyPair(random).publicKey);
    expect(bytesToHex(openCampaign({ ...sealed, mspk: impostor }, receiver, aead))).not.toBe(bytesToHex(key));
    const renamed = { ...sealed, matchingsystemname: 'other.example' };
    expect(bytesToHex(openCampaign(renamed, receiver, aead))).not.toBe(bytesToHex(key));
  });

  it('is refused with a key that gives no secret', () => {
    const zero = { ...of, receiver: new Uint8Array(32), expires: '2030-01-01T00:00:00Z' };
    expect(() => sealCampaign(zero, random)).toThrow(expect.objectContaining({ code: 'wrong-key' }));
    const { campaign: sealed } = made();
    const wrong = { ...sealed, ekey: '0'.repeat(64) };
    expect(() => openCampaign(wrong, receiver, aead)).toThrow(expect.objectContaining({ code: 'wrong-key' }));
  });

  it('as the guide shows it is read, with or without an end', () => {
    const guide = {
      matchingsystemname: 'match-system-operator.com',
      matchid: '2VwhmTY9MecgWsu6',
      ekey: 'dee11f5918764a64cdb118f27b9e79c9831d2d092a31e3c40686485e7fc75d7c',
      mspk: 'RkBYP4wrRP10-gmeuzry-cCdTWISUYWevkGcFD4I33o',
      dsppk: 'NvLJwnQ9qhkbCOKcndgzSIlLHjrlE_mz8L8j-0_JUkw',
    };
    expect(campaign.parse(guide)).toEqual(guide);
    const secretKey = hexToBytes('8cd1938b089efd79d584f24531f2ef5bc34c1c826b590f213c33b3e5d4e360c3');
    const pair = generateKemKeyPair({ bytes: () => secretKey });
    // The guide's own key pair belongs together; which key it derives is told in README.md.
    expect(encodeKey(pair.publicKey)).toBe(guide.dsppk);
    expect(openCampaign(guide, pair, aead)).toHaveLength(16);
    expect(campaign.safeParse({ ...guide, matchid: 'seventeen_letters' }).success).toBe(false);
    expect(campaign.safeParse({ ...guide, ekey: 'dee1' }).success).toBe(false);
  });

  it('is named by its run: letters and digits, and for another run another one', () => {
    const id = matchIdOf({ job: 'job-1', agreement: 'a' });
    expect(id).toMatch(/^[A-Za-z0-9]{16}$/);
    expect(matchIdOf({ job: 'job-2', agreement: 'a' })).not.toBe(id);
    expect(matchIdOf({ job: 'job-1', agreement: 'b' })).not.toBe(id);
    expect(matchIdOf({ job: '1', agreement: 'ab' })).not.toBe(matchIdOf({ job: 'b1', agreement: 'a' }));
  });
});

describe('a key', () => {
  it('is 43 characters of Base64url, in one way alone', () => {
    const text = encodeKey(sender.publicKey);
    expect(text).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(bytesToHex(decodeKey(text))).toBe(bytesToHex(sender.publicKey));
    const guide = 'NvLJwnQ9qhkbCOKcndgzSIlLHjrlE_mz8L8j-0_JUkw';
    expect(bytesToHex(decodeKey(guide))).toBe('36f2c9c2743daa191b08e29c9dd83348894b1e3ae513f9b3f0bf23fb4fc9524c');
    for (const wrong of [guide.slice(1), `${guide}=`, guide.replace('_', '/'), `${guide.slice(0, -1)}x`])
      expect(() => decodeKey(wrong)).toThrow(expect.objectContaining({ code: 'malformed-record' }));
  });
});
