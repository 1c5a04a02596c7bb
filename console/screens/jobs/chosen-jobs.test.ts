import { describe, expect, it } from 'vitest';
import { chosenJobs, type Job, jobChoice, jobOptions } from './chosen-jobs.ts';

const job = (id: string, of: Pick<Job, 'status' | 'operation' | 'partners'>) => ({ id, ...of }) as Job;
const jobs = [
  job('1', { status: 'finished', operation: 'match', partners: ['media'] }),
  job('2', { status: 'failed', operation: 'match', partners: ['media', 'clean'] }),
  job('3', { status: 'failed', operation: 'room', partners: ['clean'] }),
];
const ids = (choice: Parameters<typeof chosenJobs>[1]) => chosenJobs(jobs, choice).map(({ id }) => id);

describe('the jobs that a reader wants', () => {
  it('are all, until something is chosen; each choice narrows', () => {
    expect(ids({})).toEqual(['1', '2', '3']);
    expect(ids({ state: 'failed' })).toEqual(['2', '3']);
    expect(ids({ state: 'failed', partner: 'media' })).toEqual(['2']);
    expect(ids({ kind: 'room', state: 'finished' })).toEqual([]);
  });

  it('can be chosen by what there is', () => {
    expect(jobOptions(jobs)).toEqual({
      states: ['failed', 'finished'],
      kinds: ['match', 'room'],
      partners: ['clean', 'media'],
    });
  });

  it('are read from an address, of which nothing else is taken', () => {
    expect(jobChoice({ state: 'failed', kind: '', partner: 3, other: 'x' })).toEqual({ state: 'failed' });
  });
});
