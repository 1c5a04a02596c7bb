import { expect, it } from 'vitest';
import type { PlanFacts } from '../match/index.ts';
import { type DeliverTerms, planDelivery } from './index.ts';

const list = (organisation: string, rowsAbout: number) => ({
  ...{ organisation, dataset: `ds-${organisation}`, rowsAbout, rowsMax: 2 * rowsAbout },
});
const terms: DeliverTerms = {
  version: 1,
  operation: 'deliver',
  network: 'fair',
  purpose: 'member care',
  proposer: list('brand', 1_000_000),
  partner: list('media', 4_000_000),
  provider: 'partner',
  match: { job: 'job-1', agreement: 'a'.repeat(64) },
  keys: [
    { form: 'phone', proposer: { column: 'mobile', profile: 'phone' }, partner: { column: 'tel', profile: 'phone' } },
  ],
  columns: ['city', 'level'],
  limits: { minimumGroupRows: 50, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
  nonce: '0'.repeat(32),
};
const own = { kernel: 'ifma', cores: 2, pointsPerSecond: 400_000 } as const;
const facts: PlanFacts = { own, partner: own, sharesMachine: false, between: 'nodes' };
const plan = (changes: Partial<PlanFacts> = {}, of = terms, side: 'proposer' | 'partner' = 'proposer') =>
  planDelivery(of, side, { ...facts, ...changes });

it('shows each side its own column and rows, and both the same time and bytes', () => {
  const theirs = plan({}, terms, 'partner');
  expect(plan()).toMatchObject({
    protocol: 'hpke',
    kernel: 'ifma',
    rounds: [{ form: 'phone', mine: 'mobile', theirs: 'tel' }],
    rowsAbout: { mine: 1_000_000, theirs: 4_000_000 },
    secondsAbout: theirs.secondsAbout,
    bytesAbout: theirs.bytesAbout,
  });
  expect(theirs.rounds).toMatchObject([{ mine: 'tel', theirs: 'mobile' }]);
});

it('takes the shorter list as matched, and a value as so many bytes, and says both', () => {
  // Two values in quotes and with a comma, in brackets, for a million identifiers.
  expect(plan().bytesAbout).toBe(1_000_000 * (2 * 12 + 2));
  expect(plan().words.en).toMatch(
    /^As if all of the shorter list had matched, and a value were 12 bytes\. Reckoned with/,
  );
  expect(plan({ partner: undefined }).words).toMatchObject({
    en: expect.stringContaining('could not be asked'),
    zh: expect.stringContaining('未能询问'),
  });
});

it('follows cores and link and grows with the shorter list and with columns; no kernel multiplies a point', () => {
  const { secondsAbout, bytesAbout } = plan();
  const slow = { ...own, pointsPerSecond: 40_000 };
  expect(plan({ own: slow, partner: slow }).secondsAbout).toBe(secondsAbout);
  const single = { ...own, cores: 1, pointsPerSecond: 200_000 };
  expect(plan({ partner: single }).secondsAbout).toBeGreaterThan(1.1 * secondsAbout);
  expect(plan({ sharesMachine: true }).secondsAbout).toBeGreaterThan(1.1 * secondsAbout);
  const link = { bytesPerSecond: 1_000_000, roundTripMs: 30 };
  expect(plan({ link }).secondsAbout).toBeGreaterThanOrEqual(Math.floor(bytesAbout / 1e6));
  const longer = plan({}, { ...terms, proposer: list('brand', 4_000_000) });
  expect(longer.secondsAbout).toBeGreaterThan(1.5 * secondsAbout);
  expect(plan({}, { ...terms, columns: ['a', 'b', 'c', 'd', 'e', 'f'] }).secondsAbout).toBeGreaterThan(secondsAbout);
});
