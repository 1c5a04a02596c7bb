/** The figures of a match that a side may be shown, with everything below the minimum group taken out and said to be taken out. */

/** Exact figures of one side after a run, by round; they stay inside the node. */
export interface RoundCounts {
  readonly form: string;
  /** Rows that took part, and distinct identifiers among them. */
  readonly rows: number;
  readonly keys: number;
  readonly partnerKeys: number;
  /** Distinct identifiers found in both lists; undefined for a side that learns nothing. */
  readonly matchedKeys: number | undefined;
  /** Own rows that carry them and had not matched before; undefined unless this side learns rows. */
  readonly matchedRows: number | undefined;
}

/** What people and programs are shown. */
export interface ShownCounts {
  /** Rows of the own dataset, and distinct identifiers of the first kind among them. */
  readonly rows: number;
  readonly distinct: number;
  /** Distinct identifiers of the first kind that the partner brought. */
  readonly partnerRows: number;
  /** Own rows matched, or, where only a count is learned, identifiers in both lists rounded to the minimum group. */
  readonly matched?: number;
  /** Whole percent of the own rows, masked above 85 %. */
  readonly matchRate?: string;
  readonly byKey: readonly {
    readonly key: string;
    readonly rows: number;
    readonly matched?: number;
    readonly share?: number;
  }[];
  readonly hidden: readonly { readonly figure: string; readonly reason: string }[];
}

/** Above this a rate would say of nearly every row that it matched (PAIR 1.0). */
const rateShownMax = 85;

/** @param minimumGroupRows counts below it are hidden, zero as well: that nothing matched is a small count too. */
export function showCounts(rowCount: number, rounds: readonly RoundCounts[], minimumGroupRows: number): ShownCounts {
  const first = rounds[0]!;
  const hidden: { figure: string; reason: string }[] = [];
  const show = (figure: string, value: number | undefined): number | undefined => {
    if (value === undefined) return undefined;
    if (value >= minimumGroupRows) return value;
    hidden.push({ figure, reason: `fewer than ${minimumGroupRows}` });
    return undefined;
  };
  const learnsRows = first.matchedRows !== undefined;
  const total = learnsRows
    ? rounds.reduce((sum, round) => sum + (round.matchedRows ?? 0), 0)
    : first.matchedKeys === undefined
      ? undefined
      : roundTo(first.matchedKeys, minimumGroupRows);
  const matched = show('matched', total);
  const byKey = rounds.map(({ form, rows, matchedRows }) => {
    const shown = learnsRows && rounds.length > 1 ? show(form, matchedRows) : undefined;
    const share = shown !== undefined && matched ? Math.round((100 * shown) / matched) / 100 : undefined;
    return {
      key: form,
      rows,
      ...(shown === undefined ? {} : { matched: shown }),
      ...(share === undefined ? {} : { share }),
    };
  });
  const base = learnsRows ? rowCount : first.keys;
  return {
    rows: rowCount,
    distinct: first.keys,
    partnerRows: first.partnerKeys,
    ...(matched === undefined ? {} : { matched, matchRate: matchRate(matched, base) }),
    byKey: withoutComplement(byKey, matched),
    hidden,
  };
}

/** Whole percent, masked above 85 %; `0 %` for an empty base. */
export function matchRate(matched: number, base: number): string {
  const percent = base === 0 ? 0 : Math.floor((100 * matched) / base);
  return percent > rateShownMax ? `>${rateShownMax} %` : `${percent} %`;
}

/** A single hidden part would follow from the total and the other parts: then the parts are all hidden. */
function withoutComplement(byKey: ShownCounts['byKey'], matched: number | undefined): ShownCounts['byKey'] {
  if (byKey.length < 2 || matched === undefined) return byKey;
  const hiddenCount = byKey.filter((part) => part.matched === undefined).length;
  return hiddenCount === 1 ? byKey.map(({ key, rows }) => ({ key, rows })) : byKey;
}

function roundTo(value: number, step: number): number {
  return value < step ? value : Math.round(value / step) * step;
}
