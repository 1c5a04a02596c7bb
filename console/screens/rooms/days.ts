/** Days of the agreement's zone as instants: what a room may be asked about begins and ends with them. */
import { Zone } from '@causeway/core/policy/query/zone';
import type { TableRules } from './room-tables.ts';

/** In Unix seconds, up to before the second. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** @param day `2026-03-01`. @returns its beginning in Unix seconds. */
export function instantOf(day: string, zone: string): number {
  return new Zone(zone).instantOf(Date.parse(`${day}T00:00:00Z`) / 1000);
}

/** @returns the day in which an instant lies: `2026-03-01`. */
export function dayOf(instant: number, zone: string): string {
  return new Date(new Zone(zone).localAt(instant) * 1000).toISOString().slice(0, 10);
}

/** The days that the owners let be asked about: of all tables together. */
export function periodOf(tables: readonly TableRules[], zone: string): Span | undefined {
  const times = tables.flatMap(({ columns }) => columns.flatMap((column) => (column.type === 'time' ? [column] : [])));
  if (times.length === 0) return undefined;
  return {
    from: Math.max(...times.map(({ from }) => instantOf(from, zone))),
    until: Math.min(...times.map(({ to }) => instantOf(to, zone))),
  };
}
