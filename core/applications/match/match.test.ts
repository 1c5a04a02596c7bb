import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagBytes } from '../../protocols/psi-ecdh/index.ts';
import {
  agreementId,
  checkTerms,
  disclose,
  learningOf,
  type MatchTerms,
  matchRate,
  matchTerms,
  planMatch,
  type Receiver,
  type RoundCounts,
  receivers,
  removesMatched,
  showCounts,
  sideOf,
} from './index.ts';

function terms(receiver: Receiver, changes: Partial<MatchTerms> = {}): MatchTerms {
  const learns = learningOf(receiver);
  const column = { column: 'mobile', profile: 'phone' };
  return {
    version: 1,
    operation: 'match',
    network: 'net',
    protocol: 'psi/ecdh',
    purpose: 'reach our customers',
    proposer: { organisation: 'brand', dataset: 'crm', rowsAbout: 5000, rowsMax: 5500, learns: learns.proposer },
    partner: { organisation: 'media', dataset: 'users', rowsAbout: 9000, rowsMax: 9900, learns: learns.partner },
    rounds: [{ form: 'phone', proposer: column, partner: column }],
    limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 3, expiresAt: '2030-01-01T00:00:00Z' },
    nonce: '0'.repeat(32),
    ...changes,
  };
}

const email = {
  form: 'email',
  proposer: { column: 'e', profile: 'email' },
  partner: { column: 'e', profile: 'email' },
};

describe('terms', () => {
  it('a change of any word is another agreement', () => {
    const base = terms('me');
    const changed = [
      { ...base, purpose: 'something else' },
      { ...base, limits: { ...base.limits, usesMax: 4 } },
      { ...base, nonce: '1'.repeat(32) },
      terms('them'),
    ];
    expect(new Set([base, ...changed].map(agreementId)).size).toBe(5);
    expect(agreementId(JSON.parse(JSON.stringify(base)))).toBe(agreementId(base));
  });

  it('have a form that strangers are held to', () => {
    expect(matchTerms.safeParse(terms('both')).success).toBe(true);
    expect(matchTerms.safeParse({ ...terms('both'), extra: 1 }).success).toBe(false);
    expect(matchTerms.safeParse({ ...terms('both'), rounds: [] }).success).toBe(false);
  });

  it('that contradict themselves are refused in words', () => {
    expect(() => checkTerms(terms('none', { rounds: [terms('none').rounds[0]!, email] }))).toThrow(/more than once/);
    expect(() => checkTerms(terms('me', { rounds: [email, email] }))).toThrow(/once/);
    const mixed = terms('me');
    expect(() => checkTerms({ ...mixed, partner: { ...mixed.partner, learns: 'count' } })).toThrow(/count/);
    expect(() => checkTerms({ ...mixed, proposer: { ...mixed.proposer, learns: 'nothing' } })).toThrow(/nobody/);
    expect(() => checkTerms({ ...mixed, partner: { ...mixed.partner, organisation: 'brand' } })).toThrow(/itself/);
  });

  it('give each party its side, and nobody else one', () => {
    expect(sideOf(terms('me'), 'media')).toBe('partner');
    expect(() => sideOf(terms('me'), 'stranger')).toThrow(RangeError);
  });

  it('that psi/oprf cannot run are refused with what to choose instead: one side learns rows by it, and no other way', () => {
    const cached = { protocol: 'psi/oprf' } as const;
    for (const receiver of ['me', 'them'] as const) checkTerms(terms(receiver, cached));
    for (const receiver of ['both', 'none'] as const)
      expect(() => checkTerms(terms(receiver, cached))).toThrow(/receiver me or them/);
    checkTerms(terms('me', { ...cached, rounds: [terms('me').rounds[0]!, email] }));
  });

  it('let matched rows leave later rounds only where both sides learn rows', () => {
    expect(receivers.map((receiver) => removesMatched(terms(receiver)))).toEqual([false, false, true, false]);
  });
});

describe('the disclosure', () => {
  it.each<[Receiver, string[], string[]]>([
    ['me', ['partner-set-size', 'own-rows-matched'], ['partner-set-size']],
    ['them', ['partner-set-size'], ['partner-set-size', 'own-rows-matched']],
    ['both', ['partner-set-size', 'own-rows-matched'], ['partner-set-size', 'own-rows-matched']],
    ['none', ['partner-set-size', 'match-count'], ['partner-set-size', 'match-count']],
  ])('receiver %s: says what the protocol lets each side learn, no more and no less', (receiver, proposer, partner) => {
    const { parties } = disclose(terms(receiver));
    expect(parties.map(({ learns }) => learns.map(({ code }) => code))).toEqual([proposer, partner]);
  });

  it.each<[Receiver, string[], string[]]>([
    ['me', ['partner-set-size', 'partner-list-changes', 'own-rows-matched', 'own-matches-later'], ['partner-set-size']],
    [
      'them',
      ['partner-set-size'],
      ['partner-set-size', 'partner-list-changes', 'own-rows-matched', 'own-matches-later'],
    ],
  ])('of psi/oprf, receiver %s: says what a kept table tells as well', (receiver, proposer, partner) => {
    const statement = disclose(terms(receiver, { protocol: 'psi/oprf' }));
    expect(statement.parties.map(({ learns }) => learns.map(({ code }) => code))).toEqual([proposer, partner]);
    expect(statement.digest).not.toBe(disclose(terms(receiver)).digest);
    for (const { learns } of statement.parties) for (const { words } of learns) expect(words.zh).toMatch(/[一-鿿]/);
  });

  it('says sizes, in both languages, and never calls anything anonymous', () => {
    for (const receiver of receivers) {
      const statement = disclose(terms(receiver));
      const text = JSON.stringify(statement);
      expect(text).toContain('9,900');
      expect(text).not.toMatch(/anonym|匿名/i);
      for (const { learns } of statement.parties) for (const { words } of learns) expect(words.zh).toMatch(/[一-鿿]/);
    }
  });

  it('of other terms has another digest', () => {
    const digests = receivers.map((receiver) => disclose(terms(receiver)).digest);
    expect(new Set(digests).size).toBe(4);
  });

  it('of a waterfall says that the kind of match is seen, and what the sizes of later rounds tell', () => {
    const statement = disclose(terms('both', { rounds: [terms('both').rounds[0]!, email] }));
    expect(statement.parties[0]!.learns.map(({ code }) => code)).toContain('matched-by-kind');
    expect(statement.assumptions).toHaveLength(3);
  });
});

describe('the plan', () => {
  it('counts the bytes of the protocol', () => {
    const plan = planMatch(terms('both'), 'proposer', { name: 'wasm', cores: 1 });
    expect(plan.bytesAbout).toBe((32 + tagBytes({ own: 5000, peer: 9000 })) * 14_000);
    expect(plan.rowsAbout).toEqual({ mine: 5000, theirs: 9000 });
    expect(planMatch(terms('me'), 'partner', { name: 'wasm', cores: 1 }).rowsAbout).toEqual({
      mine: 9000,
      theirs: 5000,
    });
  });
});

describe('the plan of a match with a table', () => {
  it('counts the table once and the small list’s answers', () => {
    const of = (receiver: Receiver) =>
      planMatch(terms(receiver, { protocol: 'psi/oprf' }), 'proposer', { name: 'wasm', cores: 1 }).bytesAbout;
    // The one that learns asks; the other one's rows are in the table, at 7 to 9 bytes each.
    expect(of('me') - 64 * 5000).toBeGreaterThan(7 * 9000);
    expect(of('me') - 64 * 5000).toBeLessThan(9 * 9000);
    expect(of('them') - 64 * 9000).toBeLessThan(9 * 5000);
  });
});

describe('figures that are shown', () => {
  const round = (changes: Partial<RoundCounts>): RoundCounts => ({
    form: 'phone',
    rows: 1000,
    keys: 990,
    partnerKeys: 2000,
    matchedKeys: 300,
    matchedRows: 310,
    ...changes,
  });

  it('[F68] a count below the minimum group is hidden, and told to be', () => {
    const shown = showCounts(1000, [round({ matchedRows: 49, matchedKeys: 49 })], 50);
    expect(shown.matched).toBeUndefined();
    expect(shown.matchRate).toBeUndefined();
    expect(shown.hidden).toEqual([{ figure: 'matched', reason: 'fewer than 50' }]);
    expect(showCounts(1000, [round({ matchedRows: 50 })], 50).matched).toBe(50);
  });

  it('[F68] a single hidden part is not given away by the other parts', () => {
    const shown = showCounts(1000, [round({ matchedRows: 300 }), round({ form: 'email', matchedRows: 7 })], 50);
    expect(shown.matched).toBe(307);
    expect(shown.byKey.every((part) => part.matched === undefined && part.share === undefined)).toBe(true);
  });

  it('parts that are shown add up', () => {
    const shown = showCounts(1000, [round({ matchedRows: 300 }), round({ form: 'email', matchedRows: 100 })], 50);
    expect(shown.byKey.map(({ matched, share }) => [matched, share])).toEqual([
      [300, 0.75],
      [100, 0.25],
    ]);
  });

  it('a side that learns nothing is shown no count', () => {
    const shown = showCounts(1000, [round({ matchedKeys: undefined, matchedRows: undefined })], 50);
    expect(shown).toMatchObject({ rows: 1000, partnerRows: 2000, hidden: [] });
    expect('matched' in shown).toBe(false);
  });

  it('[F29] a count that is learned alone moves in steps of the minimum group', () => {
    const of = (matchedKeys: number) => showCounts(1000, [round({ matchedKeys, matchedRows: undefined })], 50).matched;
    expect(of(300)).toBe(300);
    expect(of(301)).toBe(300);
    expect(of(324)).toBe(300);
    expect(of(49)).toBeUndefined();
  });

  it('[F31] rates are whole percent, masked above 85, and there is no division by zero', () => {
    expect([matchRate(0, 0), matchRate(1, 3), matchRate(85, 100), matchRate(86, 100), matchRate(5, 5)]).toEqual([
      '0 %',
      '33 %',
      '85 %',
      '>85 %',
      '>85 %',
    ]);
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), (a, b) => {
        expect(matchRate(Math.min(a, b), Math.max(a, b))).toMatch(/^(>85|\d{1,2}) %$/);
      }),
    );
  });
});
