/** Which rows of a long list are drawn: those that can be seen, and a few around them. */

/** Rows above and below that are drawn already, so that a scroll finds them there. */
const overscan = 8;

export interface RowWindow {
  /** First row that is drawn, and the first below that is not. */
  readonly from: number;
  readonly to: number;
}

/** @param scroll in pixels: how far it is scrolled, and how much of it can be seen. */
export function rowWindow(
  rows: { readonly count: number; readonly heightPx: number },
  scroll: { readonly topPx: number; readonly heightPx: number },
): RowWindow {
  const first = Math.floor(Math.max(0, scroll.topPx) / rows.heightPx) - overscan;
  const shown = Math.ceil(scroll.heightPx / rows.heightPx) + 2 * overscan;
  const from = Math.max(0, Math.min(first, rows.count - shown));
  return { from, to: Math.min(rows.count, from + shown) };
}
