import { describe, expect, it } from 'vitest';
import { opjaDerivation } from '../../protocols/opja/index.ts';
import { pairCipher } from '../../protocols/pair/index.ts';
import type { PlanFacts } from '../match/index.ts';
import { type ActivateTerms, disclose, planActivate } from './index.ts';

const list = (organisation: string, rowsAbout: number) => ({
  ...{ organisation, dataset: `ds-${organisation}`, rowsAbout, rowsMax: 2 * rowsAbout },
});
const pair: ActivateTerms = {
  version: 1,
  operation: 'activate',
  network: 'fair',
  purpose: 'the spring campaign',
  proposer: list('brand', 500_000),
  partner: list('media', 2_000_000),
  advertiser: 'proposer',
  form: { kind: 'pair', cipher: pairCipher },
  key: {
    form: 'phone',
    proposer: { column: 'mobile', profile: 'phone' },
    partner: { column: 'tel', profile: 'phone' },
  },
  limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 30, expiresAt: '2030-01-01T00:00:00Z' },
  nonce: '0'.repeat(32),
};
const opja: ActivateTerms = {
  ...pair,
  form: { kind: 'opja', derivation: opjaDerivation, system: 'match.brand.example', receiver: 'dsp.example' },
};
const own = { kernel: 'ifma', cores: 2, pointsPerSecond: 400_000 } as const;
const facts: PlanFacts = { own, partner: own, sharesMachine: false, between: 'nodes' };

describe.each([
  ['PAIR', pair],
  ['OPJA', opja],
])('the plan of %s', (_, terms) => {
  const seconds = (changes: Partial<PlanFacts> = {}, of = terms, side: 'proposer' | 'partner' = 'proposer') =>
    planActivate(of, side, { ...facts, ...changes }).secondsAbout;

  it('counts the bytes that the statement says, and shows each side its own column and rows', () => {
    const [mine, theirs] = (['proposer', 'partner'] as const).map((side) => planActivate(terms, side, facts));
    const crossing = disclose(terms).flows.reduce((sum, { bytesAbout }) => sum + bytesAbout!, 0);
    expect([mine!.bytesAbout, theirs!.bytesAbout]).toEqual([crossing, crossing]);
    expect(crossing).toBeGreaterThan(32 * 2_500_000);
    expect(mine).toMatchObject({
      protocol: terms.form.kind,
      kernel: 'ifma',
      rounds: [{ form: 'phone', mine: 'mobile', theirs: 'tel' }],
      rowsAbout: { mine: 500_000, theirs: 2_000_000 },
    });
    expect(theirs!.rounds).toMatchObject([{ mine: 'tel', theirs: 'mobile' }]);
  });

  it('follows what the kernels and the link were measured to do, and not what this machine does', () => {
    const slow = { ...own, pointsPerSecond: 40_000 };
    expect(seconds({ own: slow, partner: slow })).toBeGreaterThan(5 * seconds());
    expect(seconds({ partner: slow })).toBeGreaterThan(5 * seconds());
    expect(seconds({ sharesMachine: true })).toBeGreaterThan(1.3 * seconds());
    const { bytesAbout } = planActivate(terms, 'proposer', facts);
    const narrow = { bytesPerSecond: 1_000_000, roundTripMs: 30 };
    expect(seconds({ link: narrow })).toBeGreaterThanOrEqual(Math.floor(bytesAbout / 1e6));
    // Both sides reckon with both, and so say the same.
    expect(seconds({}, terms, 'partner')).toBe(seconds());
  });

  it('grows with either list', () => {
    for (const side of ['proposer', 'partner'] as const) {
      const longer = { ...terms, [side]: { ...terms[side], rowsAbout: 4 * terms[side].rowsAbout } };
      expect(seconds({}, longer)).toBeGreaterThan(1.1 * seconds());
    }
  });

  it('says what it rests on, and that a partner could not be asked', () => {
    expect(planActivate(terms, 'proposer', facts).words.en).toContain('ifma, 400 k/s');
    const { words } = planActivate(terms, 'proposer', { ...facts, partner: undefined });
    expect(words.en).toContain('could not be asked');
    expect(words.zh).toContain('未能询问');
  });
});

it('a publisher of PAIR is reckoned with its ids under earlier keys too, and whichever side it is', () => {
  const seconds = (terms: ActivateTerms) => planActivate(terms, 'proposer', facts).secondsAbout;
  expect(seconds(pair)).toBeGreaterThan(1.2 * seconds(opja));
  const turned: ActivateTerms = {
    ...pair,
    proposer: { ...pair.partner, organisation: 'brand' },
    partner: { ...pair.proposer, organisation: 'media' },
    advertiser: 'partner',
  };
  expect(seconds(turned)).toBe(seconds(pair));
});
