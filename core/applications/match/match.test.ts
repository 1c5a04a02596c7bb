import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagBytes } from '../../protocols/psi-ecdh/index.ts';
import {
  agreementId,
  checkTerms,
  disclose,
  learningOf,
  listDensities,
  type MatchedColumn,
  type MatchTerms,
  matchRate,
  matchTerms,
  type PlanFacts,
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

  it('by psi/vole are refused where nobody receives, or lists differ too much', () => {
    expect(() => checkTerms(terms('none', { protocol: 'psi/vole' }))).toThrow(/psi\/ecdh/);
    for (const receiver of ['me', 'them', 'both'] as const) {
      expect(() => checkTerms(terms(receiver, { protocol: 'psi/vole' }))).not.toThrow();
    }
    const { partner } = terms('me');
    const long = { ...partner, rowsAbout: 2 ** 22, rowsMax: 2 ** 22 };
    expect(() => checkTerms(terms('me', { protocol: 'psi/vole', partner: long }))).toThrow(/longer/);
    expect(() => checkTerms(terms('me', { partner: long }))).not.toThrow();
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

  it.each<[Receiver, string[], string[]]>([
    ['me', ['partner-set-size', 'own-rows-matched'], ['partner-set-size']],
    ['them', ['partner-set-size'], ['partner-set-size', 'own-rows-matched']],
    ['both', ['partner-set-size', 'own-rows-matched'], ['partner-set-size', 'own-rows-matched-as-told']],
  ])(
    'by psi/vole, receiver %s: who learns what, and in both languages what it rests on',
    (receiver, proposer, partner) => {
      const { parties, assumptions } = disclose(terms(receiver, { protocol: 'psi/vole' }));
      expect(parties.map(({ learns }) => learns.map(({ code }) => code))).toEqual([proposer, partner]);
      expect(assumptions.map(({ en }) => en).join()).toMatch(/dual LPN.*reviewed.*semi-honest/s);
      for (const { zh } of assumptions) expect(zh).toMatch(/[一-鿿]/);
    },
  );

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

describe('[F26] how densely a list of telephone numbers lies', () => {
  const base = terms('both');
  const phone = (proposer: MatchedColumn['density'], partner: MatchedColumn['density']) => {
    const column = (density: MatchedColumn['density']) => {
      return { column: 'mobile', profile: 'phone', ...(density === undefined ? {} : { density }) };
    };
    return terms('both', {
      rounds: [{ form: 'phone/sha256', proposer: column(proposer), partner: column(partner) }, email],
    });
  };

  it('is told to the partner, as the disclosure says: a figure, or that there is none', () => {
    const { parties } = disclose(phone(3, 'not-measurable'));
    const told = parties.map(({ learns }) => learns.filter(({ code }) => code === 'partner-density'));
    expect(told.map((sentences) => sentences.map(({ words }) => words.en))).toEqual([
      [expect.stringContaining('media are hashed: how densely they cover number segments is not measurable')],
      [expect.stringContaining('brand cover their number segments: at most 3 %')],
    ]);
    expect(disclose(phone(4, 'not-measurable')).digest).not.toBe(disclose(phone(3, 'not-measurable')).digest);
  });

  it('has no place in an agreement of before it was measured, nor for other identifiers', () => {
    expect(JSON.stringify(disclose(base))).not.toContain('density');
    const odd = { ...email, proposer: { ...email.proposer, density: 3 } };
    expect(JSON.stringify(disclose(terms('both', { rounds: [odd] })))).not.toContain('density');
    expect(listDensities(terms('both', { rounds: [odd] }))).toEqual([]);
  });

  it('is what terms and publication say alike, and unknown otherwise', () => {
    const said = phone(3, 'not-measurable');
    const densities = (published?: Parameters<typeof listDensities>[1]) =>
      listDensities(said, published).map(({ organisation, density }) => [organisation, density]);
    expect(densities()).toEqual([
      ['brand', 3],
      ['media', 'not-measurable'],
    ]);
    const published = { brand: [{ column: 'mobile', density: 30 }], media: [{ column: 'mobile' }] };
    for (const [of, density] of [
      [({ organisation }: { organisation: string }) => published[organisation as 'brand'], undefined],
      [() => undefined, undefined],
    ] as const) {
      expect(densities(of)).toEqual([
        ['brand', density],
        ['media', density],
      ]);
    }
    expect(densities(() => [{ column: 'mobile', density: 3 }])[0]).toEqual(['brand', 3]);
    expect(densities(() => [{ column: 'another', density: 3 }])[0]).toEqual(['brand', undefined]);
  });

  it('has a form that strangers are held to', () => {
    for (const density of [-1, 101, 0.5, 'unknown'] as number[])
      expect(matchTerms.safeParse(phone(density, 1)).success).toBe(false);
    expect(matchTerms.safeParse(phone(100, 'not-measurable')).success).toBe(true);
  });
});

describe('low traffic', () => {
  const low = (changes: Partial<MatchTerms> = {}) =>
    terms('both', { protocol: 'psi/vole', traffic: 'low', ...changes });

  it('is a form of psi/vole, and of no other protocol', () => {
    expect(() => checkTerms(low())).not.toThrow();
    expect(() => checkTerms(low({ protocol: 'psi/ecdh' }))).toThrow('psi/ecdh has no form of low traffic');
  });

  it('carries so many tags, and longer lists are refused with what to write instead', () => {
    const huge = { ...terms('both').proposer, rowsAbout: 20_000_000, rowsMax: 20_000_000 };
    expect(() => checkTerms(low({ proposer: huge, partner: { ...huge, organisation: 'media' } }))).toThrow(
      /carries 11863283 tags at most: use the fast form, without low traffic/,
    );
  });

  it('is planned with a third less', () => {
    const facts: PlanFacts = {
      own: { kernel: 'ifma', cores: 2, pointsPerSecond: 400_000 },
      sharesMachine: false,
      between: 'nodes',
    };
    const list = { ...terms('both').proposer, rowsAbout: 1_000_000, rowsMax: 1_050_000 };
    const sizes = { proposer: list, partner: { ...list, organisation: 'media' } };
    const bytes = (of: MatchTerms) => planMatch(of, 'proposer', facts).bytesAbout;
    const { traffic: _, ...fast } = low(sizes);
    expect(bytes(low(sizes)) / bytes(fast)).toBeLessThan(0.7);
  });
});

describe('the plan', () => {
  const own = { kernel: 'ifma', cores: 2, pointsPerSecond: 400_000 } as const;
  const facts: PlanFacts = { own, sharesMachine: false, between: 'nodes' };
  const large = terms('both', {
    proposer: { ...terms('both').proposer, rowsAbout: 4_000_000 },
    partner: { ...terms('both').partner, rowsAbout: 1_000_000 },
  });
  const seconds = (changes: Partial<PlanFacts>) => planMatch(large, 'proposer', { ...facts, ...changes }).secondsAbout;

  it('counts the bytes of the protocol', () => {
    const plan = planMatch(terms('both'), 'proposer', facts);
    expect(plan.bytesAbout).toBe((32 + tagBytes({ own: 5000, peer: 9000 })) * 14_000);
    expect(plan.rowsAbout).toEqual({ mine: 5000, theirs: 9000 });
    expect(planMatch(terms('me'), 'partner', facts).rowsAbout).toEqual({ mine: 9000, theirs: 5000 });
  });

  it('names psi/vole where both nodes have the native library, for terms that it can run', () => {
    const named = (receiver: Receiver, changes: Partial<PlanFacts> = {}) =>
      planMatch(terms(receiver), 'proposer', { ...facts, ...changes }).alternatives.map(({ protocol }) => protocol);
    expect(named('both')).toContain('psi/vole');
    expect(named('none')).not.toContain('psi/vole');
    expect(named('both', { partner: { ...own, kernel: 'wasm' } })).not.toContain('psi/vole');
    const many = planMatch(large, 'proposer', facts).alternatives.find(({ protocol }) => protocol === 'psi/vole')!;
    expect(many.secondsAbout).toBeLessThan(seconds({}) / 2);
    expect(many.bytesAbout).toBeLessThan(planMatch(large, 'proposer', facts).bytesAbout);
  });

  it('is as long as the slower side, and the sum of both where they share a machine', () => {
    const slow = { ...own, pointsPerSecond: 40_000 };
    expect(seconds({ partner: slow })).toBeGreaterThan(5 * seconds({}));
    expect(seconds({ own: slow, partner: own })).toBeGreaterThan(5 * seconds({}));
    expect(seconds({ sharesMachine: true })).toBeGreaterThan(1.5 * seconds({}));
  });

  it('is as long as the transfer, where the link is the narrow place', () => {
    const link = { bytesPerSecond: 1_000_000, roundTripMs: 30 };
    const { bytesAbout } = planMatch(large, 'proposer', facts);
    expect(seconds({ link })).toBeGreaterThanOrEqual(bytesAbout / 1_000_000);
    expect(seconds({ link: { ...link, bytesPerSecond: 1e12 } })).toBe(seconds({}));
  });

  it('says what it rests on, and when the partner was not asked', () => {
    expect(planMatch(large, 'proposer', facts).words.en).toContain('could not be asked');
    expect(planMatch(large, 'proposer', { ...facts, partner: own }).words.en).not.toContain('could not be asked');
  });
});

describe('the plan of a match with a table', () => {
  const own = { kernel: 'wasm', cores: 1, pointsPerSecond: 9000 } as const;

  it('counts the table once and the small list’s answers', () => {
    const of = (receiver: Receiver) =>
      planMatch(terms(receiver, { protocol: 'psi/oprf' }), 'proposer', { own, sharesMachine: false, between: 'nodes' })
        .bytesAbout;
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
