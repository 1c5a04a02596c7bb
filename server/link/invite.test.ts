import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeInvite, encodeInvite, type Invite, isInviteProven, proveInvite } from './invite.ts';

const invite: Invite = {
  address: 'media.example:7443',
  tlsFingerprint: 'ab'.repeat(32),
  secret: new Uint8Array(16).map((_, i) => i),
  network: 'autumn',
};
const refused = expect.objectContaining({ code: 'invite' });

describe('an invite', () => {
  it('is one line that is read back as written', () => {
    fc.assert(
      fc.property(
        fc.record({
          address: fc.constantFrom('127.0.0.1:1', 'media.example:65535', '[2001:db8::1]:7443'),
          tlsFingerprint: fc
            .uint8Array({ minLength: 32, maxLength: 32 })
            .map((bytes) => Buffer.from(bytes).toString('hex')),
          secret: fc.uint8Array({ minLength: 16, maxLength: 16 }),
          network: fc.constantFrom('autumn', '秋季', 'n'.repeat(63)),
        }),
        (made) => {
          const line = encodeInvite(made);
          expect(line).toMatch(/^causeway:[A-Za-z0-9_-]+$/);
          expect(decodeInvite(` ${line}\n`)).toEqual(made);
        },
      ),
    );
    const { network: _, ...direct } = invite;
    expect(decodeInvite(encodeInvite(direct))).toEqual(direct);
  });

  it('every changed, missing or added character is noticed', () => {
    const line = encodeInvite(invite);
    for (let i = 0; i < line.length; i++) {
      const other = line[i] === 'A' ? 'B' : 'A';
      expect(() => decodeInvite(line.slice(0, i) + other + line.slice(i + 1)), `changed at ${i}`).toThrow(refused);
      expect(() => decodeInvite(line.slice(0, i) + line.slice(i + 1)), `missing at ${i}`).toThrow(refused);
      expect(() => decodeInvite(`${line.slice(0, i)}A${line.slice(i)}`), `added at ${i}`).toThrow(refused);
    }
  });

  it.each(['', 'causeway:', 'causeway:AA', 'https://a', `causeway:${'A'.repeat(5000)}`, 'causeway:AA=='])(
    '%s is none',
    (line) => expect(() => decodeInvite(line)).toThrow(refused),
  );

  it('a refusal does not repeat the line', () => {
    const line = encodeInvite(invite).slice(0, -1);
    try {
      decodeInvite(line);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain(line.slice(20, 40));
    }
  });
});

describe('the proof of an invite', () => {
  const claim = {
    secret: invite.secret,
    inviter: 'ab'.repeat(32),
    invited: 'cd'.repeat(32),
    body: new Uint8Array([1, 2]),
  };
  const proof = proveInvite(claim);

  it('holds for its secret, both certificates and its request, and for nothing else', () => {
    expect(isInviteProven(claim, proof)).toBe(true);
    const others = [
      { ...claim, secret: new Uint8Array(16) },
      { ...claim, inviter: claim.invited },
      { ...claim, invited: claim.inviter },
      { ...claim, body: new Uint8Array([1]) },
    ];
    for (const other of others) expect(isInviteProven(other, proof)).toBe(false);
    expect(isInviteProven(claim, proof.subarray(1))).toBe(false);
    expect(isInviteProven(claim, new Uint8Array(0))).toBe(false);
  });

  it('does not contain the secret', () => {
    expect(Buffer.from(proof).includes(Buffer.from(claim.secret))).toBe(false);
  });
});
