import { expect, it } from 'vitest';
import { dayOf, instantOf } from './days.ts';

it('a day begins at midnight of the agreement’s zone, whatever the clock does that night', () => {
  expect(instantOf('2026-03-01', 'Asia/Shanghai')).toBe(Date.parse('2026-03-01T00:00:00+08:00') / 1000);
  // Clocks go on in Berlin on 29 March 2026, and back on 25 October.
  expect(instantOf('2026-03-30', 'Europe/Berlin')).toBe(Date.parse('2026-03-30T00:00:00+02:00') / 1000);
  expect(instantOf('2026-10-26', 'Europe/Berlin')).toBe(Date.parse('2026-10-26T00:00:00+01:00') / 1000);
  for (const day of ['2026-03-29', '2026-10-25'])
    expect(dayOf(instantOf(day, 'Europe/Berlin'), 'Europe/Berlin')).toBe(day);
});
