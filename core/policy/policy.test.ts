import { describe, expect, it } from 'vitest';
import {
  defaultPolicy,
  evaluateDifference,
  evaluateEvaluations,
  evaluatePolicy,
  PolicyDenied,
  type PolicyFacts,
  requireAllowed,
} from './index.ts';

const facts: PolicyFacts = {
  partner: 'media',
  limits: { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 3 },
  daysLeft: 30,
  ownRows: 5000,
  partnerRows: 9000,
  runsToday: 0,
  densities: [
    { organisation: 'brand', rowsAbout: 5000, density: 1 },
    { organisation: 'media', rowsAbout: 9000, density: 'not-measurable' },
  ],
};

function refused(changes: Partial<PolicyFacts>): string[] {
  return evaluatePolicy('brand', defaultPolicy, { ...facts, ...changes })
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ rule }) => rule);
}

describe('the rules of an organisation', () => {
  it('allow what is ordinary', () => expect(refused({})).toEqual([]));

  it.each<[string, Partial<PolicyFacts>]>([
    ['minimum-list', { limits: { ...facts.limits, minimumListRows: 999 } }],
    ['minimum-group', { limits: { ...facts.limits, minimumGroupRows: 49 } }],
    ['own-list-below-minimum', { ownRows: 999 }],
    ['uses', { limits: { ...facts.limits, usesMax: 101 } }],
    ['expiry', { daysLeft: 367 }],
    ['expiry', { daysLeft: 0 }],
    ['set-size', { ownRows: 100_000, partnerRows: 1_000_000_001 }],
    ['set-ratio', { ownRows: 1000, partnerRows: 100_000_001 }],
    ['runs-per-day', { runsToday: 50 }],
    ['evaluations', { evaluationsOfRun: 1_000_001 }],
    ['dense-list', { densities: [{ organisation: 'media', rowsAbout: 9000, density: 6 }] }],
  ])('[F26, F27, F28] refuse by %s', (rule, changes) => expect(refused(changes)).toEqual([rule]));

  it('say which rule it is and whose, in both languages', () => {
    const few = { ...facts, runsToday: 50, ownRows: 0, partnerRows: 0, evaluationsOfRun: 5 };
    const findings = evaluatePolicy('brand', defaultPolicy, few);
    expect(findings.every(({ organisation }) => organisation === 'brand')).toBe(true);
    expect(() => requireAllowed(findings)).toThrow(PolicyDenied);
    for (const { words } of findings) expect(words.zh).toMatch(/[一-鿿]/);
  });
});

describe('the budget of evaluations', () => {
  const evaluate = (ofPartner: number, ofKey: number) =>
    evaluateEvaluations('media', { partner: 'brand', asked: 100, left: { ofPartner, ofKey } });

  it('allows what is left to the partner and of the key, and refuses one more', () => {
    expect([evaluate(100, 100), evaluate(99, 100), evaluate(100, 99)].map(({ outcome }) => outcome)).toEqual([
      'allowed',
      'refused',
      'refused',
    ]);
  });

  it('says whose limit it is and what to do, in both languages', () => {
    expect(evaluate(-5, 100).words.en).toMatch(/100 evaluations and has 0 left .* tomorrow/);
    expect(evaluate(100, 7).words.en).toMatch(/has 7 left.*Run again/);
    for (const finding of [evaluate(0, 0), evaluate(100, 0)]) expect(finding.words.zh).toMatch(/[一-鿿]/);
  });
});

describe('[F28] the difference guard', () => {
  const evaluate = (differing: number) =>
    evaluateDifference('brand', { differing, minimumGroupRows: 50, earlierJob: 'job-1' }).outcome;

  it('refuses a list that differs by a few, and allows the same one or another one', () => {
    expect([0, 1, 49, 50].map(evaluate)).toEqual(['allowed', 'refused', 'refused', 'allowed']);
  });
});
