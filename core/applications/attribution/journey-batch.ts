/** The stream of touches and orders that an attribution reads: columns of numbers, sorted by person, time, kind and event id. */
export interface JourneyBatch {
  readonly rowCount: number;
  readonly person: Uint32Array;
  /** Seconds since the beginning of the period; negative for touches before it. */
  readonly second: Int32Array;
  /** As in the event table: a touch, or an order. */
  readonly kind: Uint32Array;
  /** Of a touch the number of its placement, of an order that of its currency: places in the lists of both. */
  readonly subject: Uint32Array;
  /** What an order is worth after refunds, in units: whole numbers. */
  readonly value: Float64Array;
}

/** What a touch belongs to, by dimension. */
export const dimensions = ['channel', 'campaign', 'creative', 'audience'] as const;
export type Dimension = (typeof dimensions)[number];

/** A distinct combination; its number is its place in the list. */
export type Placement = Readonly<Record<Dimension, string>>;
