import { expect, it } from 'vitest';
import { listedResults } from './listed-results.ts';

type Of = Parameters<typeof listedResults>[0];

it('are those of finished jobs that told something, and of rooms, newest first', () => {
  const job = (id: string, of: object) =>
    ({
      id,
      agreement: 'a',
      partners: ['media'],
      status: 'finished',
      finishedAt: `2026-03-0${id}T00:00:00Z`,
      ...of,
    }) as unknown as Of['jobs'][number];
  const room = {
    id: 'r',
    agreement: 'b',
    contributors: [{ organisation: 'brand', joined: true }],
    given: [
      { question: 'q', statement: '{"application":"lift"}', at: '2026-03-02T12:00:00Z' },
      { question: 'p', statement: 'SELECT 1', at: '2026-02-01T00:00:00Z' },
    ],
  } as unknown as Of['rooms'][number];
  const listed = listedResults({
    jobs: [
      job('1', { told: 'match' }),
      job('2', { told: 'segments' }),
      job('4', { status: 'failed', told: 'match' }),
      job('5', {}),
    ],
    rooms: [room],
  });
  expect(listed.map(({ kind }) => kind)).toEqual(['lift', 'segments', 'match', 'question']);
  expect(listed[0]).toMatchObject({ from: 'room', room: 'r', question: 'q', partners: ['brand'] });
});
