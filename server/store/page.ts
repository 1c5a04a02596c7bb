/** Lists newest first, page after page, stable while rows are added. */
import { sql } from 'kysely';
import { StoreError } from './error.ts';

export interface PageRequest {
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface Page<Row> {
  readonly items: readonly Row[];
  /** Absent on the last page. */
  readonly next?: string;
}

interface Place {
  readonly atMs: number;
  readonly id: string;
}

/** The condition that a row lies after the page's place, in the order of time and id, both descending. */
export function isAfter(request: PageRequest, columns: { readonly time: string; readonly id: string }) {
  if (request.after === undefined) return sql<boolean>`true`;
  const place = readCursor(request.after);
  return sql<boolean>`(${sql.ref(columns.time)}, ${sql.ref(columns.id)}) < (${place.atMs}, ${place.id})`;
}

/** @param rows one more than the limit where there is a next page. */
export function toPage<Row>(rows: readonly Row[], request: PageRequest, placeOf: (row: Row) => Place): Page<Row> {
  if (rows.length <= request.limit) return { items: rows };
  const items = rows.slice(0, request.limit);
  const last = placeOf(items.at(-1)!);
  return { items, next: `${last.atMs}.${last.id}` };
}

function readCursor(text: string): Place {
  const parts = /^(\d{1,16})\.(.{1,100})$/.exec(text);
  if (parts === null) {
    throw new StoreError('bad-cursor', 'the list cannot go on there', {
      remedy: 'take `next` of the page before as `after`',
    });
  }
  return { atMs: Number(parts[1]), id: parts[2]! };
}
