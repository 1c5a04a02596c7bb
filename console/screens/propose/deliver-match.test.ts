import { describe, expect, it } from 'vitest';
import { deliverableColumns, deliverMatches } from './deliver-match.ts';
import type { Offered } from './offer.ts';

const job = (id: string, more: object = {}) =>
  ({
    ...{ id, agreement: 'a', operation: 'match', status: 'finished', partners: ['borealis'], finishedAt: 't' },
    ...more,
  }) as never;
const agreement = (status: string) => ({ id: 'a', status, purpose: 'spring', createdAt: '' }) as never;

describe('matches that a delivery can follow', () => {
  it('are finished matches of agreements that nobody has ended', () => {
    const jobs = [job('j1'), job('j2', { status: 'failed' }), job('j3', { operation: 'insight' })];
    expect(deliverMatches(jobs, [agreement('active')]).map(({ job: id, purpose }) => [id, purpose])).toEqual([
      ['j1', 'spring'],
    ]);
    expect(deliverMatches(jobs, [agreement('exhausted')])).toHaveLength(1);
    expect(deliverMatches(jobs, [agreement('revoked')])).toEqual([]);
    expect(deliverMatches(jobs, [])).toEqual([]);
  });
});

describe('columns that can be given', () => {
  it('are those of the dataset that was matched; personal and sensitive ones are shown and refused', () => {
    const attributes = (['public', 'internal', 'personal', 'sensitive'] as const).map((grade) => ({
      column: grade,
      type: 'text',
      grade,
    }));
    const offered = { owner: 'borealis', dataset: 'ds-1', description: { attributes } } as unknown as Offered;
    const terms = {
      proposer: { organisation: 'aurora', dataset: 'x' },
      partner: { organisation: 'borealis', dataset: 'ds-1' },
    };
    expect(deliverableColumns(terms, 'borealis', [offered]).map(({ allowed }) => allowed)).toEqual([
      ...[true, true, false, false],
    ]);
    expect(deliverableColumns(terms, 'aurora', [offered])).toEqual([]);
  });
});
