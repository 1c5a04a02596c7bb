/** Segments of whole numbers as nested comparisons: as deep as the logarithm of their count. */
import type { Segment } from '../diagram/diagram.ts';

/**
 * An SQL expression that gives the segment's `to` in which a value lies, and `otherwise` for NULL.
 * @param value an SQL expression; it is repeated, so let it be a column's name.
 */
export function searchSql(value: string, segments: readonly Segment[], otherwise: string): string {
  // A comparison with NULL would fall into the last segment.
  return `CASE WHEN ${value} IS NULL THEN ${otherwise} ELSE ${halves(value, segments)} END`;
}

function halves(value: string, segments: readonly Segment[]): string {
  if (segments.length === 1) return String(segments[0]!.to);
  const middle = segments.length >> 1;
  const [low, high] = [segments.slice(0, middle), segments.slice(middle)];
  return `CASE WHEN ${value} < ${low.at(-1)!.end} THEN ${halves(value, low)} ELSE ${halves(value, high)} END`;
}
