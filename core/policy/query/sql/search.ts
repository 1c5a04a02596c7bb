/** Segments of whole numbers as nested comparisons: as deep as the logarithm of their count. */
import type { Segment } from '../diagram/diagram.ts';

/**
 * An SQL expression that gives the segment's `to` in which a value lies.
 * @param value an SQL expression that is never NULL; it is repeated, so let it be a column's name.
 */
export function searchSql(value: string, segments: readonly Segment[]): string {
  if (segments.length === 1) return String(segments[0]!.to);
  const middle = segments.length >> 1;
  const [low, high] = [segments.slice(0, middle), segments.slice(middle)];
  return `CASE WHEN ${value} < ${low.at(-1)!.end} THEN ${searchSql(value, low)} ELSE ${searchSql(value, high)} END`;
}
