/** What was filtered, by reason, as a marketer and a media both read it. */

import { eventKinds, type TouchKind } from '../events/index.ts';
import { percentText } from '../report/index.ts';
import { grouped, type Words } from '../words.ts';
import { type InvalidReason, invalidReasons } from './reasons.ts';

/** Rows of `trafficCountsSql`. */
export type TrafficCounts = readonly {
  readonly kind: TouchKind;
  /** Undefined: valid. */
  readonly reason: InvalidReason | undefined;
  readonly events: number;
  /** Ids, for whoever wants to appeal. */
  readonly sample: readonly string[];
}[];

export interface TrafficReport {
  readonly kinds: readonly {
    readonly kind: TouchKind;
    readonly events: number;
    readonly invalid: number;
    /** 0 … 1; absent without events. */
    readonly invalidShare?: number;
    readonly byReason: Readonly<
      Partial<Record<InvalidReason, { readonly events: number; readonly sample: readonly string[] }>>
    >;
  }[];
  readonly words: readonly Words[];
}

const names: Readonly<Record<TouchKind, Words>> = {
  exposure: { en: 'exposures', zh: '次曝光' },
  click: { en: 'clicks', zh: '次点击' },
  visit: { en: 'visits', zh: '次访问' },
};

export function reportTraffic(counts: TrafficCounts): TrafficReport {
  const kinds = eventKinds.flatMap((kind) => {
    const own = counts.filter((row) => row.kind === kind);
    if (kind === 'order' || kind === 'refund' || own.length === 0) return [];
    const events = own.reduce((sum, row) => sum + row.events, 0);
    const invalid = own.reduce((sum, row) => sum + (row.reason === undefined ? 0 : row.events), 0);
    const byReason = Object.fromEntries(
      own.flatMap(({ reason, events: count, sample }) =>
        reason === undefined ? [] : [[reason, { events: count, sample }] as const],
      ),
    );
    return [{ kind, events, invalid, ...(events === 0 ? {} : { invalidShare: invalid / events }), byReason }];
  });
  return { kinds, words: kinds.flatMap(sentences) };
}

function sentences({ kind, events, invalid, invalidShare, byReason }: TrafficReport['kinds'][number]): Words[] {
  const name = names[kind];
  const share = invalidShare === undefined ? '' : ` (${percentText(invalidShare, 1)})`;
  const all: Words = {
    en: `${grouped(invalid)} of ${grouped(events)} ${name.en}${share} are invalid and not counted.`,
    zh: `${grouped(events)} ${name.zh}中有 ${grouped(invalid)} 次无效${share}，不计入。`,
  };
  const reasons = (Object.keys(invalidReasons) as InvalidReason[]).flatMap((reason) => {
    const found = byReason[reason];
    if (found === undefined) return [];
    const { en, zh } = invalidReasons[reason];
    return [{ en: `${grouped(found.events)}: ${en}.`, zh: `${grouped(found.events)}：${zh}。` }];
  });
  return [all, ...reasons];
}
