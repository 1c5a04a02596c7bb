import { utf8ToBytes } from '@causeway/core/bytes';
import { describe, expect, it } from 'vitest';
import { agree, type Offer, parseOffer } from './offer.ts';

function offer(changes: Partial<Offer> = {}): Offer {
  return {
    version: 3,
    software: '0.1.0',
    rowsAbout: 5000,
    identifiers: [{ profile: 'phone', density: 1 }, { profile: 'email' }],
    minimumListRows: 1000,
    minimumGroupRows: 50,
    nonce: '0'.repeat(32),
    at: '2030-01-01T00:00:00Z',
    ...changes,
  };
}

const plain = (...profiles: string[]) => ({ identifiers: profiles.map((profile) => ({ profile })) });
const terms = (proposer: Partial<Offer>, partner: Partial<Offer>) =>
  agree({ proposer: offer(proposer), partner: offer(partner) }, 'proposer').terms;
const refused = (code: string) => expect.objectContaining({ name: 'DirectError', code });

describe('two offers', () => {
  it('give both sides the same terms', () => {
    const offers = { proposer: offer({ receiver: 'me' }), partner: offer({ nonce: '1'.repeat(32) }) };
    expect(agree(offers, 'proposer').agreement).toBe(agree(offers, 'partner').agreement);
  });

  it('name the receiver once, or alike seen from each side', () => {
    expect(terms({ receiver: 'me' }, {}).proposer.learns).toBe('rows');
    expect(terms({}, { receiver: 'me' }).proposer.learns).toBe('nothing');
    expect(terms({ receiver: 'me' }, { receiver: 'them' }).partner.learns).toBe('nothing');
    expect(() => terms({ receiver: 'me' }, { receiver: 'me' })).toThrow(refused('receivers-differ'));
  });

  it('run the default protocol unless both sides name another', () => {
    expect(terms({}, {}).protocol).toBe('psi/ecdh');
    expect(terms({ protocol: 'psi/ecdh' }, {}).protocol).toBe('psi/ecdh');
    expect(() => terms({ protocol: 'psi/vole' }, {})).toThrow(refused('protocols-differ'));
    expect(() => terms({}, { protocol: 'psi/vole' })).toThrow(refused('protocols-differ'));
  });

  it('[F27] hold the higher of the two minimums', () => {
    expect(terms({ minimumListRows: 1 }, { minimumListRows: 400 }).limits.minimumListRows).toBe(400);
    expect(terms({}, { minimumListRows: 1 }).limits.minimumListRows).toBe(1000);
  });

  it('run one round for each kind that both have, in the order of the listening side', () => {
    const { rounds } = terms({}, plain('email/sha256', 'imei', 'phone'));
    expect(rounds.map(({ form }) => form)).toEqual(['phone', 'email/sha256']);
    expect(() => terms(plain('imei'), plain('oaid'))).toThrow(refused('profiles-differ'));
  });

  it('[F26] say how densely each side’s telephone numbers lie', () => {
    const hashed = { identifiers: [{ profile: 'phone/sha256', density: 'not-measurable' as const }] };
    const [round] = terms({}, hashed).rounds;
    expect([round!.proposer.density, round!.partner.density]).toEqual([1, 'not-measurable']);
    expect(terms({}, plain('phone')).rounds[0]!.partner).not.toHaveProperty('density');
  });

  it('say why a kind that both have cannot be compared', () => {
    const digests = () => terms(plain('phone/md5'), plain('phone/sm3'));
    expect(digests).toThrow(refused('profiles-differ'));
    expect(digests).toThrow(/phone\/md5/);
  });
});

describe('an offer from outside', () => {
  it.each([
    ['no JSON', '{'],
    ['an unknown field', JSON.stringify({ ...offer(), more: 1 })],
    ['an unknown protocol', JSON.stringify({ ...offer(), protocol: 'psi/plain' })],
    ['a density that is none', JSON.stringify({ ...offer(), identifiers: [{ profile: 'phone', density: 101 }] })],
    ['a size that is none', JSON.stringify({ ...offer(), rowsAbout: -1 })],
  ])('is refused: %s', (_, text) => {
    expect(() => parseOffer(utf8ToBytes(text))).toThrow(refused('malformed-offer'));
  });
});
