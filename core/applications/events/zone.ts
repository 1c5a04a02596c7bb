/**
 * Time zones as a table of offsets, so that a local time is turned into an instant by the same rule in TypeScript and in SQL, and a time that
 * does not exist or exists twice (clocks set forward or back) is seen.
 */
import { eventTimes } from './event.ts';

/** An offset and the instants for which it holds, in Unix seconds. */
export interface ZonePeriod {
  readonly from: number;
  /** Excluded. */
  readonly until: number;
  /** Seconds east of UTC. */
  readonly offset: number;
}

const daySeconds = 86_400;
/** No zone has two changes in one week. */
const stepSeconds = 7 * daySeconds;
const known = new Map<string, readonly ZonePeriod[]>();

/**
 * @param zone an offset (`+08:00`), `UTC`, or a name of the IANA database (`Asia/Shanghai`).
 * @returns its periods over the times that events may have, and a day more at either end.
 * @throws {RangeError} for a zone that does not exist.
 */
export function zonePeriods(zone: string): readonly ZonePeriod[] {
  const cached = known.get(zone);
  if (cached !== undefined) return cached;
  const [from, until] = [eventTimes.from - daySeconds, eventTimes.until + daySeconds];
  const fixedOffset = zone === 'UTC' ? 0 : offsetOf(zone);
  const periods = fixedOffset === undefined ? namedPeriods(zone, from, until) : [{ from, until, offset: fixedOffset }];
  known.set(zone, periods);
  return periods;
}

/** @returns the seconds that `+08:00` or `-0330` names, or undefined for another text. */
export function offsetOf(text: string): number | undefined {
  const parts = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/.exec(text);
  if (parts === null) return undefined;
  const seconds = Number(parts[2]) * 3_600 + Number(parts[3]) * 60;
  return parts[1] === '-' ? 0 - seconds : seconds;
}

/** The instants that a local time can mean, in Unix seconds: none, one or two. @param wall the local time read as if it were UTC. */
export function instantsOf(wall: number, periods: readonly ZonePeriod[]): readonly number[] {
  return periods
    .filter(({ from, until, offset }) => wall >= from + offset && wall < until + offset)
    .map(({ offset }) => wall - offset);
}

/** Seconds east of UTC at an instant. */
export function offsetAt(instant: number, periods: readonly ZonePeriod[]): number {
  return periods.find(({ from, until }) => instant >= from && instant < until)?.offset ?? 0;
}

function namedPeriods(zone: string, from: number, until: number): readonly ZonePeriod[] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = (instant: number) => {
    const name = format.formatToParts(instant * 1000).find(({ type }) => type === 'timeZoneName')!.value;
    return offsetOf(name.slice('GMT'.length)) ?? 0;
  };
  const periods: ZonePeriod[] = [];
  let start = from;
  let current = offset(from);
  for (let at = from; at < until; at += stepSeconds) {
    const next = offset(Math.min(at + stepSeconds, until));
    if (next === current) continue;
    const change = changeBetween(at, Math.min(at + stepSeconds, until), (instant) => offset(instant) === current);
    periods.push({ from: start, until: change, offset: current });
    [start, current] = [change, next];
  }
  periods.push({ from: start, until, offset: current });
  return periods;
}

/** The first instant that is no longer before the change. */
function changeBetween(from: number, until: number, isBefore: (instant: number) => boolean): number {
  let [low, high] = [from, until];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isBefore(middle)) low = middle;
    else high = middle;
  }
  return high;
}
