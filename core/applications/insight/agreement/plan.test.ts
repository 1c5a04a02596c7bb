import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { PlanFacts } from '../../match/index.ts';
import { disclose, type InsightTerms, planFigures } from './index.ts';

const list = (organisation: string) => ({ organisation, dataset: 'd', rowsAbout: 1_000_000, rowsMax: 1_100_000 });
const number = (column: string) => ({ column, unit: 'CNY', decimals: 0, min: 1, max: 100, squares: false });
/** As bench/join-sum.ts has them: a table of cells, and four columns. */
const terms: InsightTerms = {
  version: 1,
  operation: 'insight',
  network: 'n',
  protocol: 'join/sum',
  purpose: 'p',
  proposer: list('brand'),
  partner: list('media'),
  receiver: 'proposer',
  key: {
    form: 'phone',
    proposer: { column: 'mobile', profile: 'phone' },
    partner: { column: 'tel', profile: 'phone' },
  },
  tables: [{ segments: [{ column: 'city', values: Array.from({ length: 19 }, (_, i) => `city ${i}`) }] }],
  columns: ['a', 'b', 'c', 'd'].map(number),
  protection: { kind: 'noise', rho: 5000, gate: true },
  limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
  nonce: '0'.repeat(32),
};
const own = { kernel: 'ifma', cores: 2, pointsPerSecond: 400_000 } as const;
const facts: PlanFacts = { own, partner: own, sharesMachine: false, between: 'nodes' };
const plan = (changes: Partial<PlanFacts> = {}, of = terms, side: 'proposer' | 'partner' = 'proposer') =>
  planFigures(of, side, { ...facts, ...changes });

it('counts the bytes that the statement says, and says the same time to both sides', () => {
  const crossing = disclose(terms).flows.reduce((sum, { bytesAbout }) => sum + bytesAbout!, 0);
  const theirs = plan({}, terms, 'partner');
  expect(plan()).toMatchObject({
    protocol: 'join/sum',
    rounds: [{ mine: 'mobile', theirs: 'tel' }],
    secondsAbout: theirs.secondsAbout,
    bytesAbout: crossing,
  });
  expect(theirs.bytesAbout).toBe(crossing);
  expect(theirs.rounds).toMatchObject([{ mine: 'tel', theirs: 'mobile' }]);
});

it('follows the measured kernels of both sides and the link, and grows with lists and columns', () => {
  const { secondsAbout, bytesAbout } = plan();
  const slow = { ...own, pointsPerSecond: 40_000 };
  expect(plan({ own: slow }).secondsAbout).toBeGreaterThan(4 * secondsAbout);
  expect(plan({ partner: slow }).secondsAbout).toBeGreaterThan(4 * secondsAbout);
  expect(plan({ sharesMachine: true }).secondsAbout).toBeGreaterThan(1.3 * secondsAbout);
  const link = { bytesPerSecond: 1_000_000, roundTripMs: 30 };
  expect(plan({ link }).secondsAbout).toBeGreaterThanOrEqual(Math.floor(bytesAbout / 1e7) * 10);
  for (const side of ['proposer', 'partner'] as const)
    expect(plan({}, { ...terms, [side]: { ...terms[side], rowsAbout: 4_000_000 } }).secondsAbout).toBeGreaterThan(
      1.5 * secondsAbout,
    );
  // The sender's kernel is the slower one, so that the time is its own.
  const sender = { partner: { ...own, cores: 1, pointsPerSecond: 200_000 } };
  const columns = [...terms.columns, ...['e', 'f', 'g', 'h'].map(number)];
  expect(plan(sender, { ...terms, columns }).secondsAbout).toBeGreaterThan(plan(sender).secondsAbout);
});

it('is within a third of what join/sum took of one machine', () => {
  const result = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../../../bench/results/${name}.json`, import.meta.url), 'utf8'));
  const { machine, result: measured } = result('join-sum');
  expect(measured).toMatchObject({ kernel: 'ifma', rows: 1_000_000, columns: 4 });
  const { cores } = machine;
  const pointsPerSecond = cores * result('kernels').kernels[0].evaluate.median;
  const bench = { kernel: 'ifma', cores, pointsPerSecond } as const;
  const { secondsAbout } = plan({ own: bench, partner: bench, sharesMachine: true, between: 'direct' });
  expect(Math.abs(secondsAbout / measured.seconds.median - 1)).toBeLessThan(1 / 3);
});

it('says what it rests on', () => {
  expect(plan().words.en).toContain('ifma, 400 k/s');
  expect(plan({ partner: undefined }).words.zh).toContain('未能询问');
});
