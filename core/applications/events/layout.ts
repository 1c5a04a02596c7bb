/** Where the cells of an event stand in an organisation's table, said once by the person who knows it. */
import type { EventKind } from './event.ts';
import { type Currencies, checkCurrencies } from './money.ts';
import { zonePeriods } from './zone.ts';

/** A column of the table, or one text for all rows. */
export type Cell = { readonly column: string } | { readonly always: string };

export interface AmountColumn {
  readonly column: string;
  /** Its numbers are of so many digits after the point of the currency: 0 for yuan (`12.30`), 2 for fen, 6 for millionths. 0 unless told otherwise. */
  readonly digits?: number;
}

export interface EventLayout {
  /** Whole numbers: the surrogate that a match or a room gave each person. */
  readonly person: string;
  /** One kind for all rows, or what each text of a column means; `leave-out` is counted and told. */
  readonly kind:
    | { readonly always: EventKind }
    | { readonly column: string; readonly kinds: Readonly<Record<string, EventKind | 'leave-out'>> };
  readonly time: {
    readonly column: string;
    /** `text`: `2026-06-16 10:00:00`, with `T`, a fraction and an offset if they are there; or Unix time as a whole number. */
    readonly form: 'text' | 'seconds' | 'milliseconds';
    /** Of times that name none; without it those rows are refused. */
    readonly zone?: string;
  };
  readonly channel: Cell;
  readonly campaign?: Cell;
  readonly creative?: Cell;
  /** What touches cost. */
  readonly cost?: AmountColumn;
  /** What orders are worth and refunds give back. */
  readonly value?: AmountColumn;
  readonly currency?: Cell;
  readonly currencies?: Currencies;
  /** Equal where an event was delivered again. Without it every row is an event of its own. */
  readonly eventId?: string;
  /** The number of an order. */
  readonly orderRef?: string;
  /** When the data were taken, Unix seconds: what is later is refused. */
  readonly takenAt: number;
}

/** @throws {RangeError} for a layout that cannot be read by; the message names the part. */
export function checkLayout(layout: EventLayout): void {
  checkCurrencies(layout.currencies ?? {});
  if (layout.time.zone !== undefined) zonePeriods(layout.time.zone);
  for (const amount of [layout.cost, layout.value]) {
    if (amount === undefined) continue;
    if (layout.currency === undefined) throw new RangeError('currency: amounts need one');
    const { digits = 0 } = amount;
    if (!Number.isInteger(digits) || digits < 0 || digits > 6)
      throw new RangeError(`digits: expected 0 to 6, got ${digits}`);
  }
  const kinds = 'always' in layout.kind ? [layout.kind.always] : Object.values(layout.kind.kinds);
  const hasOrders = kinds.some((kind) => kind === 'order' || kind === 'refund');
  if (hasOrders && layout.orderRef === undefined) throw new RangeError('orderRef: orders and refunds need a number');
}
