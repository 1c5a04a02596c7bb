/**
 * The events that measurement is made of, and the one table that they are kept in. Events are instants: the zone beside them serves display and
 * day grids alone. Money is whole units of a currency, so that sums are exact.
 */

/** What happened, by code. Events of one second are ordered by it: a touch comes before an order of the same second. */
export const eventKinds = ['exposure', 'click', 'visit', 'order', 'refund'] as const;
export type EventKind = (typeof eventKinds)[number];

/** What can lead to an order. */
export const touchKinds = ['exposure', 'click', 'visit'] as const;
export type TouchKind = (typeof touchKinds)[number];

/** How `kind` stands in the table. */
export function kindCode(kind: EventKind): number {
  return eventKinds.indexOf(kind);
}

/** An event as it was read; a row of the table. */
export interface MarketingEvent {
  /** A surrogate of the person, 0 … 2³² − 1, as the room or a match gives it. */
  readonly person: number;
  /** Unix seconds. */
  readonly at: number;
  /** Minutes east of UTC, for display. */
  readonly zone: number;
  readonly kind: EventKind;
  readonly channel: string;
  readonly campaign: string;
  readonly creative: string;
  /** What a touch cost, in units of the currency (`Currencies`). */
  readonly cost: number;
  /** What an order was worth, or a refund gave back: never negative. */
  readonly value: number;
  /** ISO 4217; empty where there is no amount. */
  readonly currency: string;
  /** Equal where an event was delivered more than once. */
  readonly eventId: string;
  /** The order that an order or refund is about; empty for touches. */
  readonly orderRef: string;
}

/** The table's columns in order, with their types in DuckDB; ids may be of any type that compares. */
export const eventColumns = {
  person: 'UINTEGER',
  at: 'BIGINT',
  zone: 'SMALLINT',
  kind: 'UTINYINT',
  channel: 'VARCHAR',
  campaign: 'VARCHAR',
  creative: 'VARCHAR',
  cost: 'BIGINT',
  value: 'BIGINT',
  currency: 'VARCHAR',
  event_id: 'VARCHAR',
  order_ref: 'VARCHAR',
} as const;

/** Events outside these instants are mistakes: 2000-01-01 to 2099-12-31 UTC, in Unix seconds. */
export const eventTimes = { from: 946_684_800, until: 4_102_444_800 } as const;

/** One event weighs at most so many units, so that sums of millions stay exact. */
export const unitsMax = 10 ** 12;
/** Characters of a channel, campaign or creative. */
export const nameLengthMax = 200;
