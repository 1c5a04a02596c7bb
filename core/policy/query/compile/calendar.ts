/** Units of time as cells of a time column, by the clock of the agreement's zone. */
import { QueryRefused } from '../refusal.ts';
import type { AtomRange, Domain, TimeGrid } from '../rules/domain.ts';
import type { GroupTerm } from '../tree/group.ts';
import { type CalendarUnit, nextStart, startOf, Zone } from '../zone/index.ts';

type TimeDomain = Extract<Domain, { kind: 'time' }>;

export interface LabelledRange extends AtomRange {
  readonly label: string | number;
}

/** Stretches of one unit that a column's range may be cut into. */
const stretchesMax = 100_000;

const truncUnits: readonly CalendarUnit[] = ['hour', 'day', 'week', 'month', 'quarter', 'year'];

/** The unit by whose stretches a part is found, and the part of a local time. */
const parts: Readonly<Record<string, { readonly unit: CalendarUnit; readonly of: (date: Date) => number }>> = {
  hour: { unit: 'hour', of: (date) => date.getUTCHours() },
  day: { unit: 'day', of: (date) => date.getUTCDate() },
  dow: { unit: 'day', of: (date) => date.getUTCDay() },
  isodow: { unit: 'day', of: (date) => ((date.getUTCDay() + 6) % 7) + 1 },
  month: { unit: 'month', of: (date) => date.getUTCMonth() + 1 },
  quarter: { unit: 'quarter', of: (date) => Math.floor(date.getUTCMonth() / 3) + 1 },
  year: { unit: 'year', of: (date) => date.getUTCFullYear() },
};

/**
 * The stretches of a column's range with the label of each; one label may come many times.
 * @throws {QueryRefused} `time-unit`, `group-finer-than-grid`, `too-many-cells`.
 */
export function calendarRanges(
  { kind, unit, at }: Extract<GroupTerm, { kind: 'trunc' | 'part' }>,
  domain: TimeDomain,
): readonly LabelledRange[] {
  const part = kind === 'part' ? parts[unit] : undefined;
  const stretch = part?.unit ?? truncUnits.find((known) => kind === 'trunc' && known === unit);
  if (stretch === undefined) throw new QueryRefused('time-unit', { at });
  if (isFiner(stretch, domain.grid)) throw new QueryRefused('group-finer-than-grid', { at });
  const labelOf =
    part === undefined
      ? (local: number) => truncLabel(stretch, local)
      : (local: number) => part.of(new Date(local * 1000));
  const zone = new Zone(domain.zone);
  const ranges: LabelledRange[] = [];
  let local = startOf(stretch, zone.localAt(domain.from));
  for (let from = domain.from; from < domain.to; ) {
    const next = nextStart(stretch, local);
    const to = Math.min(domain.to, zone.instantOf(next));
    // An hour that the clock skips is empty.
    if (to > from) ranges.push({ from: from - domain.from, to: to - domain.from, label: labelOf(local) });
    if (ranges.length > stretchesMax) throw new QueryRefused('too-many-cells', { at });
    from = Math.max(from, to);
    local = next;
  }
  return ranges;
}

function isFiner(stretch: CalendarUnit, grid: TimeGrid): boolean {
  return stretch === 'hour' && grid === 'day';
}

function truncLabel(unit: CalendarUnit, local: number): string {
  const text = new Date(local * 1000).toISOString();
  return unit === 'hour' ? `${text.slice(0, 10)} ${text.slice(11, 16)}` : text.slice(0, 10);
}
