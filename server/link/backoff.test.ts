import { expect, it } from 'vitest';
import { backoffMs, reconnectTiming } from './backoff.ts';

it('[F50] waits double up to the limit, and half of each is left to chance', () => {
  const ceilings = Array.from({ length: 12 }, (_, attempt) => backoffMs(reconnectTiming, attempt, 1));
  expect(ceilings.slice(0, 4)).toEqual([250, 500, 1000, 2000]);
  expect(ceilings.at(-1)).toBe(30_000);
  expect(backoffMs(reconnectTiming, 3, 0)).toBe(1000);
  expect(backoffMs(reconnectTiming, 1e9, 0.5)).toBe(22_500);
});
