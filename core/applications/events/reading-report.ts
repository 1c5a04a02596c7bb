/** What a reading kept, what it refused and why, and what had been delivered before: as data, and as sentences. */
import { grouped, type Words } from '../words.ts';
import type { EventKind } from './event.ts';
import { type EventRefusal, eventRefusals } from './refusals.ts';

/** Rows that were refused for one reason. */
export interface RefusalTally {
  readonly refusal: EventRefusal;
  readonly count: number;
  /** The first of them, as a person counts rows. */
  readonly firstRows: readonly number[];
}

export interface ReadingReport {
  readonly rows: number;
  readonly events: number;
  readonly refused: readonly RefusalTally[];
  /** Deliveries beyond the first, by kind; they are left out. */
  readonly repeated: Readonly<Partial<Record<EventKind, number>>>;
  readonly words: readonly Words[];
}

const firstRowsMax = 5;

/**
 * @param read a SELECT of `readEventsSql`.
 * @returns a SELECT of `refusal` (NULL: an event), `count` and `first_rows`, most frequent first.
 */
export function refusalsSql(read: string): string {
  return `SELECT refusal, count(*) AS count, min("row", ${firstRowsMax}) AS first_rows FROM (${read})
    GROUP BY refusal ORDER BY count DESC, refusal`;
}

export function reportReading(
  rows: number,
  refused: readonly RefusalTally[],
  repeated: ReadingReport['repeated'],
): ReadingReport {
  const refusedRows = refused.reduce((sum, { count }) => sum + count, 0);
  const repeatedRows = Object.values(repeated).reduce((sum, count) => sum + count, 0);
  const events = rows - refusedRows - repeatedRows;
  const words: Words[] = [
    {
      en: `${grouped(events)} ${events === 1 ? 'event' : 'events'} of ${grouped(rows)} rows.`,
      zh: `${grouped(rows)} 行中得到 ${grouped(events)} 个事件。`,
    },
  ];
  for (const { refusal, count, firstRows } of refused) {
    const reason = eventRefusals[refusal];
    words.push({
      en: `${rowsEn(count)} not used: ${reason.en} (first: row ${firstRows.join(', ')}).`,
      zh: `${grouped(count)} 行未使用：${reason.zh}（最前：第 ${firstRows.join('、')} 行）。`,
    });
  }
  if (repeatedRows > 0) {
    words.push({
      en: `${rowsEn(repeatedRows)} delivered before; the first delivery was kept.`,
      zh: `${grouped(repeatedRows)} 行为重复投递，保留最早的一次。`,
    });
  }
  return { rows, events, refused, repeated, words };
}

function rowsEn(count: number): string {
  return count === 1 ? '1 row was' : `${grouped(count)} rows were`;
}
