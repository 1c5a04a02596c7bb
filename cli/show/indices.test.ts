import { describe, expect, it } from 'vitest';
import { compareJobs } from './indices.ts';
import type { Job } from './job.ts';

function job(id: string, counts: readonly (readonly [city: string, people: number | undefined])[]): Job {
  const figures = counts.map(([city, people]) => ({
    values: city === '' ? {} : { city },
    sums: [],
    ...(people === undefined ? {} : { people }),
  }));
  return { id, insight: { rows: 1, partnerRows: 1, figures } } as unknown as Job;
}

const base = job('job-base', [
  ['', 10_000],
  ['Beijing', 4000],
  ['Lhasa', 200],
]);

describe('an insight beside that of a base', () => {
  it('has an index for each cell that both tell, and names the base', () => {
    const audience = job('job-own', [
      ['', 1000],
      ['Beijing', 300],
      ['Lhasa', undefined],
    ]);
    const report = compareJobs({ audience, base })!;
    expect(report.rows.map(({ share, tgi }) => [share, tgi && Math.round(tgi.index)])).toEqual([
      [0.3, 75],
      [undefined, undefined],
    ]);
    expect(report.words[0]!.en).toContain('job-base');
  });

  it('is none where a run is no insight, or holds back how many people it has', () => {
    expect(compareJobs({ audience: { id: 'job-match' } as unknown as Job, base })).toBeUndefined();
    expect(compareJobs({ audience: job('job-own', [['', undefined]]), base })).toBeUndefined();
  });
});
