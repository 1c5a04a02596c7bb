import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { GroupFacts } from '../match/index.ts';
import { disclose, planRoom, type RoomTerms } from './index.ts';
import { roomTermsOf, withVisits } from './testing/terms.ts';

const million = (terms: RoomTerms): RoomTerms => ({
  ...terms,
  contributors: terms.contributors.map((one) => ({ ...one, rowsAbout: 1_000_000 })),
});
const terms = million(roomTermsOf());
const fast = { kernel: 'ifma', cores: 2, pointsPerSecond: 400_000 } as const;
const slow = { ...fast, pointsPerSecond: 40_000 };

type Other = Omit<GroupFacts['others'][number], 'organisation'>;

/** What `self` reckons with: all others are as fast, over a link that was not measured, unless told otherwise. */
function factsOf(self: string, of: RoomTerms = terms, changes: Readonly<Record<string, Other>> = {}): GroupFacts {
  const parties = [of.room, ...new Set(of.contributors.map(({ organisation }) => organisation))];
  return {
    own: changes[self]?.capacity ?? fast,
    others: parties
      .filter((party) => party !== self)
      .map((organisation) => ({ organisation, capacity: fast, ...changes[organisation] })),
    sharesMachine: false,
    between: 'nodes',
  };
}

const seconds = (of: RoomTerms = terms, changes: Readonly<Record<string, Other>> = {}, self = 'brand') =>
  planRoom(of, self, factsOf(self, of, changes)).secondsAbout;

/** A third contributor, whose table is as long. */
function withThird(): RoomTerms {
  const [contribution, column, rule] = [terms.contributors[1]!, terms.rounds[0]!.columns[1]!, terms.rules.tables[1]!];
  const of = { organisation: 'shop', table: 'orders' };
  return {
    ...terms,
    contributors: [...terms.contributors, { ...contribution, ...of, dataset: 'ds-shop' }],
    rounds: [{ ...terms.rounds[0]!, columns: [...terms.rounds[0]!.columns, { ...column, ...of }] }],
    keyHolders: ['brand', 'media', 'shop'],
    rules: { ...terms.rules, tables: [...terms.rules.tables, { ...rule, owner: 'shop', name: 'orders' }] },
  };
}

describe('the plan of a room', () => {
  it('counts the bytes that the statement says, and shows each party its own columns and rows', () => {
    const whole = million(roomTermsOf(withVisits()));
    const crossing = disclose(whole).flows.reduce((sum, { bytesAbout = 0 }) => sum + bytesAbout, 0);
    const [brand, media, clean] = ['brand', 'media', 'clean'].map((self) =>
      planRoom(whole, self, factsOf(self, whole)),
    );
    expect([brand, media, clean].map((plan) => plan!.bytesAbout)).toEqual([crossing, crossing, crossing]);
    expect(crossing).toBeGreaterThan(3_000_000 * (64 + 16));
    expect(brand).toMatchObject({
      protocol: 'join/spine',
      kernel: 'ifma',
      rounds: [{ form: 'phone', mine: 'crm.mobile, visits.mobile', theirs: 'users.mobile' }],
      rowsAbout: { mine: 2_000_000, theirs: 1_000_000 },
    });
    expect(media!.rounds).toMatchObject([{ mine: 'users.mobile', theirs: 'crm.mobile, visits.mobile' }]);
    expect(clean!.rounds[0]).not.toHaveProperty('mine');
    expect(clean!.rowsAbout).toEqual({ mine: 0, theirs: 3_000_000 });
  });

  it('is within a factor of two of what join/spine took, with what follows it', () => {
    const result = (name: string) =>
      JSON.parse(readFileSync(new URL(`../../../bench/results/${name}.json`, import.meta.url), 'utf8'));
    const measured = result('join-spine');
    expect(measured).toMatchObject({ kernel: 'ifma', rows: 1_000_000 });
    const { cores } = measured.machine;
    const [{ evaluate }] = result('kernels').kernels;
    const own = { kernel: 'ifma', cores, pointsPerSecond: cores * evaluate.median } as const;
    const others = factsOf('brand').others.map((other) => ({ ...other, capacity: own }));
    const facts: GroupFacts = { own, others, sharesMachine: true, between: 'nodes' };
    const { secondsAbout } = planRoom(terms, 'brand', facts);
    expect(secondsAbout).toBeGreaterThan(measured.seconds.median);
    expect(secondsAbout).toBeLessThan(2 * measured.seconds.median);
  });

  it('follows what the kernels of contributors were measured to do; a keeper computes no points', () => {
    expect(seconds(terms, { brand: { capacity: slow } })).toBeGreaterThan(4 * seconds());
    expect(seconds(terms, { media: { capacity: slow } })).toBeGreaterThan(4 * seconds());
    expect(seconds(terms, { clean: { capacity: slow } })).toBe(seconds());
    // Its tables are made by its own cores.
    expect(seconds(terms, { clean: { capacity: { ...fast, cores: 1, pointsPerSecond: 200_000 } } })).toBeGreaterThan(
      1.1 * seconds(),
    );
  });

  it('follows the links to others, those that pseudonyms take and those that rows take', () => {
    const narrow = { capacity: fast, link: { bytesPerSecond: 500_000, roundTripMs: 30 } };
    const between = (one: string, other: string) =>
      disclose(terms).flows.reduce(
        (sum, { from, to, bytesAbout = 0 }) =>
          [from, to].includes(one) && [from, to].includes(other) ? sum + bytesAbout : sum,
        0,
      ) / 500_000;
    for (const other of ['media', 'clean'])
      expect(seconds(terms, { [other]: narrow })).toBeGreaterThanOrEqual(Math.floor(between('brand', other) / 10) * 10);
    expect(seconds(terms, { brand: narrow }, 'clean')).toBeGreaterThan(between('brand', 'clean'));
  });

  it('is the same for all parties that reckon with the same', () => {
    const unlike = { brand: { capacity: slow }, clean: { capacity: { ...fast, cores: 1, pointsPerSecond: 200_000 } } };
    const told = ['brand', 'media', 'clean'].map((self) => seconds(terms, unlike, self));
    expect(new Set(told).size).toBe(1);
  });

  it('grows with every list, with kinds of identifiers, and with a third contributor, who computes with both others', () => {
    for (const at of terms.contributors.keys()) {
      const contributors = terms.contributors.map((one, i) => (i === at ? { ...one, rowsAbout: 2_000_000 } : one));
      expect(seconds({ ...terms, contributors })).toBeGreaterThan(1.1 * seconds());
    }
    const emails = { ...terms.rounds[0]!, form: 'email' };
    expect(seconds({ ...terms, rounds: [...terms.rounds, emails] })).toBeGreaterThan(1.5 * seconds());
    const three = withThird();
    const points = (of: RoomTerms) => seconds(of, { brand: { capacity: slow } });
    // 2.25 multiplications of its own rows, and one of each row of others.
    expect(points(three) / points(terms)).toBeCloseTo(4.25 / 3.25, 1);
  });

  it('of one machine is the work of all nodes together', () => {
    const shared = planRoom(terms, 'brand', { ...factsOf('brand'), sharesMachine: true });
    expect(shared.secondsAbout).toBeGreaterThan(1.3 * seconds());
    expect(shared.words.en).toContain('all nodes share this machine');
  });

  it('says of each node what it rests on, and which could not be asked', () => {
    const link = { bytesPerSecond: 12_000_000, roundTripMs: 3 };
    const { words } = planRoom(
      terms,
      'brand',
      factsOf('brand', terms, { media: { link }, clean: { capacity: undefined } }),
    );
    expect(words.en).toBe(
      'Reckoned with the kernels here (ifma, 400 k/s), at clean (could not be asked: taken as here; a link of unknown speed), at media (ifma, 400 k/s; 12.0 MB/s, 3 ms).',
    );
    expect(words.zh).toContain('clean（未能询问，按与本方相同计；链路速度未知）、media（ifma');
  });
});
