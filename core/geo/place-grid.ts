/**
 * Places as whole numbers, on a grid as coarse as whoever owns them lets them be: a person's home to the metre is the person. The grid is the same all over the
 * earth, in degrees, and 180° west is 180° east.
 */
import type { Position } from './position.ts';

/** Metres: the least circle that anybody may be asked about in. */
export const leastRadius = 1_000;

/** Rows of the grid in a degree: 1 000, 100, 10 or 1. One is at most a ninth of the least circle's radius high, and no wider than that. */
export function rowsPerDegree(radiusMin: number): number {
  const coarser = Math.floor(Math.log10(radiusMin / leastRadius));
  return 10 ** Math.min(3, Math.max(0, 3 - coarser));
}

/** Places that the grid has, poles as often as longitudes. */
export function placeCount(perDegree: number): number {
  return (180 * perDegree + 1) * 360 * perDegree;
}

/** The grid's place that is nearest by latitude and by longitude: 0 … `placeCount` − 1, row by row from the south. */
export function placeNumber({ latitude, longitude }: Position, perDegree: number): number {
  const width = 360 * perDegree;
  const row = Math.round((latitude + 90) * perDegree);
  const column = Math.round((longitude + 180) * perDegree) % width;
  return row * width + column;
}

/** Where a place of the grid is. */
export function positionOfPlace(place: number, perDegree: number): Position {
  const width = 360 * perDegree;
  return { latitude: Math.floor(place / width) / perDegree - 90, longitude: (place % width) / perDegree - 180 };
}
