import { describe, expect, it } from 'vitest';
import { timelineOf } from './timeline.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 2, 1, 8, 0, seconds)).toISOString();
const nowMs = Date.parse(at(10));
const done = (name: string, from: number, to: number) => ({
  name,
  status: 'done' as const,
  progress: 1,
  startedAt: at(from),
  finishedAt: at(to),
});

describe('the line of time of a job', () => {
  it('has a row for each stage, with a bar for each party that has it', () => {
    const line = timelineOf(
      [
        {
          organisation: 'brand',
          stages: [done('prepare', 0, 2), { name: 'exchange', status: 'running', progress: 0.5, startedAt: at(2) }],
        },
        {
          organisation: 'media',
          stages: [done('prepare', 1, 3), { name: 'exchange', status: 'waiting', progress: 0 }],
        },
      ],
      nowMs,
    );
    expect(line.seconds).toBe(10);
    expect(line.rows).toEqual([
      {
        stage: 'prepare',
        bars: [
          { organisation: 'brand', status: 'done', progress: 1, place: { from: 0, width: 0.2 }, seconds: 2 },
          { organisation: 'media', status: 'done', progress: 1, place: { from: 0.1, width: 0.2 }, seconds: 2 },
        ],
      },
      {
        stage: 'exchange',
        bars: [
          { organisation: 'brand', status: 'running', progress: 0.5, place: { from: 0.2, width: 0.8 }, seconds: 8 },
          { organisation: 'media', status: 'waiting', progress: 0 },
        ],
      },
    ]);
  });

  it('places a stage that only a partner has behind what it has before it', () => {
    const { rows } = timelineOf(
      [
        { organisation: 'brand', stages: [done('join', 0, 1), done('settle', 3, 4)] },
        { organisation: 'keeper', stages: [done('open', 0, 1), done('load', 1, 3), done('settle', 3, 4)] },
        { organisation: 'media', stages: [done('join', 0, 1), done('upload', 1, 2), done('settle', 3, 4)] },
      ],
      nowMs,
    );
    expect(rows.map(({ stage }) => stage)).toEqual(['open', 'load', 'join', 'upload', 'settle']);
  });

  it('holds a partner whose clock is ahead, and a job that has not begun', () => {
    const ahead = timelineOf(
      [{ organisation: 'media', stages: [{ name: 'prepare', status: 'running', progress: 0, startedAt: at(30) }] }],
      nowMs,
    );
    expect(ahead.rows[0]!.bars[0]).toMatchObject({ place: { from: 0, width: 0 }, seconds: 0 });
    expect(timelineOf([{ organisation: 'brand', stages: [] }], nowMs)).toEqual({ seconds: 0, rows: [] });
  });
});
