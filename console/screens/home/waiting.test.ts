import { describe, expect, it } from 'vitest';
import { type Agreement, type Job, waitingFor } from './waiting.ts';

const nowMs = Date.UTC(2026, 2, 1);
const inDays = (days: number) => new Date(nowMs + days * 86_400_000).toISOString();

function agreement(changes: Partial<Agreement>): Agreement {
  return {
    id: 'a'.repeat(64),
    status: 'active',
    operation: 'match',
    purpose: 'spring',
    proposedBy: 'media',
    parties: [
      { organisation: 'brand', signed: false },
      { organisation: 'media', signed: true },
    ],
    usesMax: 1,
    usesLeft: 1,
    createdAt: inDays(-1),
    expiresAt: inDays(30),
    ...changes,
  };
}

function job(changes: Partial<Job>): Job {
  return {
    id: 'j',
    agreement: 'a'.repeat(64),
    operation: 'match',
    partners: ['media'],
    startedBy: 'lin',
    status: 'running',
    stage: 'exchange',
    progress: 0.5,
    attempt: 1,
    createdAt: inDays(-1),
    ...changes,
  };
}

const kindsOf = (read: Partial<Parameters<typeof waitingFor>[0]>) =>
  waitingFor({ organisation: 'brand', agreements: [], jobs: [], warnings: [], nowMs, ...read }).map(({ kind }) => kind);

describe('what waits', () => {
  it.each([
    ['a proposal that we have not signed', { status: 'proposed' }, ['approve']],
    ['a draft that needs our approver', { status: 'draft' }, ['approve']],
    [
      'nothing of a proposal that we have signed',
      { status: 'proposed', parties: [{ organisation: 'brand', signed: true }] },
      [],
    ],
    ['nothing of an agreement that lasts', { expiresAt: inDays(8) }, []],
    ['an agreement that ends within a week', { expiresAt: inDays(6) }, ['expires']],
    ['nothing of one that has ended', { expiresAt: inDays(-1) }, []],
    ['nothing of a rejected one', { status: 'rejected', expiresAt: inDays(1) }, []],
  ] as const)('%s', (_, changes, kinds) => {
    expect(kindsOf({ agreements: [agreement(changes as Partial<Agreement>)] })).toEqual(kinds);
  });

  it.each([
    ['an interrupted job, however old', { status: 'interrupted', createdAt: inDays(-90) }, ['stopped']],
    ['a job that failed lately', { status: 'failed', finishedAt: inDays(-2) }, ['stopped']],
    ['nothing of an old failure', { status: 'failed', finishedAt: inDays(-4) }, []],
    ['nothing of a job that runs', { status: 'running' }, []],
  ] as const)('%s', (_, changes, kinds) => {
    expect(kindsOf({ jobs: [job(changes)] })).toEqual(kinds);
  });

  it('what others wait for stands first', () => {
    const read = {
      agreements: [agreement({ expiresAt: inDays(1) }), agreement({ status: 'proposed' })],
      jobs: [job({ status: 'interrupted' })],
      warnings: [{ code: 'low-disk', detail: 'little room is left' }],
    };
    expect(kindsOf(read)).toEqual(['approve', 'stopped', 'warning', 'expires']);
  });
});
