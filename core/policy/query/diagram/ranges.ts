/** Sets of whole numbers as sorted ranges that neither touch nor overlap. */
import type { AtomRange } from '../rules/domain.ts';

/** Sorted, joined where they touch or overlap; empty ones are left out. */
export function normalRanges(ranges: readonly AtomRange[]): readonly AtomRange[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (from >= to) continue;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** What of 0 … count − 1 is not in the ranges. */
export function complementRanges(ranges: readonly AtomRange[], count: number): readonly AtomRange[] {
  const gaps: AtomRange[] = [];
  let from = 0;
  for (const range of normalRanges(ranges)) {
    if (from < range.from) gaps.push({ from, to: range.from });
    from = range.to;
  }
  if (from < count) gaps.push({ from, to: count });
  return gaps;
}
