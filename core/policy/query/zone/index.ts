/** Days and hours of a time zone as instants, in whole seconds since the epoch. A local time is written as if it were UTC. */

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

const daySeconds = 86_400;
const hourSeconds = 3600;

export function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

export class Zone {
  readonly #format: Intl.DateTimeFormat;

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The clock's reading at an instant. */
  localAt(instant: number): number {
    const parts = new Map(this.#format.formatToParts(instant * 1000).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type)!;
    const { year, month, day } = { year: part('year'), month: part('month'), day: part('day') };
    return Date.UTC(year, month - 1, day, part('hour'), part('minute'), part('second')) / 1000;
  }

  /** The first instant at which the clock reads so; where it skips that time, the first after the gap. */
  instantOf(local: number): number {
    const offsets = [local - daySeconds, local + daySeconds].map((instant) => this.localAt(instant) - instant);
    const readings = offsets.map((offset) => local - offset).sort((a, b) => a - b);
    return readings.find((instant) => this.localAt(instant) === local) ?? local - offsets[0]!;
  }
}

/** The beginning of the unit in which a local time lies; weeks begin on Monday. */
export function startOf(unit: CalendarUnit, local: number): number {
  const date = new Date(local * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'hour':
      return Math.floor(local / hourSeconds) * hourSeconds;
    case 'day':
      return Math.floor(local / daySeconds) * daySeconds;
    case 'week':
      return (Math.floor(local / daySeconds) - ((date.getUTCDay() + 6) % 7)) * daySeconds;
    case 'month':
      return Date.UTC(year, month, 1) / 1000;
    case 'quarter':
      return Date.UTC(year, month - (month % 3), 1) / 1000;
    case 'year':
      return Date.UTC(year, 0, 1) / 1000;
  }
}

/** The beginning of the next unit after one that begins at `start`. */
export function nextStart(unit: CalendarUnit, start: number): number {
  // Longer than any unit of its kind, shorter than two.
  const steps = { hour: 1, day: 24, week: 168, month: 24 * 40, quarter: 24 * 100, year: 24 * 400 };
  return startOf(unit, start + steps[unit] * hourSeconds);
}
