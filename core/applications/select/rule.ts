/** A rule that says who is in an audience: a tree of conditions, as JSON has it. */
import type { CoordinateSystem, Position } from '../../geo/index.ts';
import type { EventKind } from '../events/index.ts';

export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule }
  /** One of these values. Whoever has no value is not in. */
  | { readonly tag: string; readonly in: readonly string[] }
  /** A number within these bounds, both included; one of them may be absent. */
  | { readonly tag: string; readonly from?: number; readonly to?: number }
  | PlaceCondition
  | { readonly event: EventCondition }
  /** Another audience: a list, or a rule under a name. */
  | { readonly audience: string };

/** Within a radius of one of these points, the edge included. Whoever has no place is not in. */
export interface PlaceCondition {
  /** A tag that is a place. */
  readonly place: string;
  readonly withinMetres: number;
  readonly of: readonly Position[];
  /** What the points mean; that of the tag's own coordinates is its owner's to say. */
  readonly system: CoordinateSystem;
}

/** Events of one person that are looked at, and what must hold of them. */
export interface EventCondition {
  readonly kind: EventKind;
  /** Of these channels or campaigns alone. */
  readonly channels?: readonly string[];
  readonly campaigns?: readonly string[];
  /** Looks back so many days of 86,400 seconds from the date of the selection; both ends count. */
  readonly withinDays: number;
  /** Frequency: how many there are, both bounds included; at least one unless it says otherwise. */
  readonly times?: { readonly from?: number; readonly to?: number };
  /** Recency: how many days ago the last of them was, both bounds included. Whoever has none is not in. */
  readonly lastDaysAgo?: { readonly from?: number; readonly to?: number };
  /** Money: what they come to together, in the smallest unit of the currency, both bounds included. Whoever has none is not in. */
  readonly value?: { readonly currency: string; readonly from?: number; readonly to?: number };
}

/** Kinds of events that have a value. */
export const valuedKinds: readonly EventKind[] = ['order', 'refund'];

/** A rule beyond these is refused before anything is computed. */
export const ruleLimits = {
  /** Conditions and groups, with those of every audience that is named, as often as it is named. */
  nodesMax: 500,
  depthMax: 32,
  /** Values in one list. */
  valuesMax: 1_000,
  /** Points in one condition. */
  pointsMax: 1_000,
  textMax: 200,
  daysMax: 3_660,
  /** In the smallest unit of a currency. */
  valueMax: 1_000_000_000_000,
} as const;
