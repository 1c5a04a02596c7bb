import { expect, it } from 'vitest';
import type { LinkClock } from '../link/index.ts';
import { JobProgressMeter } from './job-progress.ts';

const start = Date.UTC(2026, 2, 1);
let now = 0;
const clock: LinkClock = { nowMs: () => now, wallMs: () => start + now, after: () => () => {} };
const at = (ms: number) => new Date(start + ms).toISOString();

const meterAt = (ms: number) => {
  now = ms;
  return new JobProgressMeter(
    [
      { name: 'prepare', weight: 1 },
      { name: 'exchange', weight: 3 },
      { name: 'settle', weight: 0 },
    ],
    clock,
  );
};

it('a stage ends where the next begins, and has the bytes that went while it was the one', () => {
  const meter = meterAt(0);
  meter.note({ stage: 'prepare', done: 0, total: 10 });
  meter.count({ sent: 5 });
  now = 1000;
  meter.note({ stage: 'exchange', done: 5, total: 10 });
  meter.count({ sent: 7 });
  meter.count({ received: 9 });
  const { stages, progress } = meter.snapshot();
  expect(progress).toBeCloseTo((1 + 1.5) / 4);
  expect(stages).toEqual([
    {
      name: 'prepare',
      status: 'done',
      progress: 1,
      startedAt: at(0),
      finishedAt: at(1000),
      sentBytes: 5,
      receivedBytes: 0,
    },
    { name: 'exchange', status: 'running', progress: 0.5, startedAt: at(1000), sentBytes: 7, receivedBytes: 9 },
    { name: 'settle', status: 'waiting', progress: 0 },
  ]);
});

it('a job that fails has failed in the stage that it was in', () => {
  const meter = meterAt(0);
  meter.note({ stage: 'exchange', done: 5, total: 10 });
  now = 300;
  meter.fail();
  expect(meter.snapshot().stages.map(({ status, finishedAt }) => [status, finishedAt])).toEqual([
    ['done', undefined],
    ['failed', at(300)],
    ['waiting', undefined],
  ]);
});

it('a job that finishes has ended every stage', () => {
  const meter = meterAt(0);
  meter.note({ stage: 'settle', done: 0, total: 1 });
  now = 20;
  meter.finish();
  const { stages, progress } = meter.snapshot();
  expect(progress).toBe(1);
  expect(stages.at(-1)).toEqual({ name: 'settle', status: 'done', progress: 1, startedAt: at(0), finishedAt: at(20) });
});
