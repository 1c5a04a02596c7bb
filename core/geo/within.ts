/** Who is within a radius of a place: the sphere decides for nearly all rows, the ellipsoid for the few near the edge. */
import { sqlIdentifier } from '../sql/index.ts';
import { fromGcj02 } from './china-offset.ts';
import { ellipsoidalDistance } from './ellipsoid.ts';
import { type CoordinateSystem, checkPosition, type Position, PositionError } from './position.ts';
import { meanRadius, sphereError, sphericalDistance } from './sphere.ts';

export interface Circle {
  readonly centre: Position;
  /** Metres, up to half the earth's circumference. */
  readonly radius: number;
}

export const radiusMax = 20_037_509;

/** A column's numbers as a place in WGS-84. @throws {PositionError} `system-needed` where nobody said what they mean. */
export function positionOf(given: Position, system: CoordinateSystem | undefined): Position {
  const position = checkPosition(given);
  switch (system) {
    case undefined:
      throw new PositionError('system-needed');
    case 'wgs84':
      return position;
    case 'gcj02':
      return fromGcj02(position);
  }
}

/** Whether a place is in a circle, its edge included. @throws {RangeError} for a radius outside 0 … `radiusMax`. */
export function isWithin(position: Position, { centre, radius }: Circle): boolean {
  requireRadius(radius);
  const about = sphericalDistance(position, centre);
  if (about < radius * (1 - sphereError)) return true;
  if (about > radius * (1 + sphereError)) return false;
  return ellipsoidalDistance(position, centre) <= radius;
}

/**
 * @param source what stands after FROM, with columns `latitude` and `longitude` in WGS-84.
 * @returns a SELECT of all its columns and `near`: TRUE inside, FALSE outside, NULL near the edge, for `isWithin` to decide; rows that are no place are outside.
 * @throws {RangeError} for a radius outside 0 … `radiusMax`; {PositionError} of the centre.
 */
export function withinSql(source: string, { centre, radius }: Circle): string {
  requireRadius(radius);
  const { latitude, longitude } = checkPosition(centre);
  const [lat, lng] = [sqlIdentifier('latitude'), sqlIdentifier('longitude')];
  const half = (angle: string) => `pow(sin(radians(${angle}) / 2), 2)`;
  const h = `${half(`${lat} - ${double(latitude)}`)} + cos(radians(${lat})) * cos(radians(${double(latitude)})) * ${half(`${lng} - ${double(longitude)}`)}`;
  const metres = `2 * ${double(meanRadius)} * asin(least(1, sqrt(${h})))`;
  const isPlace = `coalesce(abs(${lat}) <= 90 AND abs(${lng}) <= 180, false)`;
  return `SELECT * EXCLUDE (causeway_metres), CASE WHEN causeway_metres IS NULL OR causeway_metres > ${double(radius * (1 + sphereError))} THEN false
      WHEN causeway_metres < ${double(radius * (1 - sphereError))} THEN true END AS near
    FROM (SELECT *, CASE WHEN ${isPlace} THEN ${metres} END AS causeway_metres FROM ${source})`;
}

function requireRadius(radius: number): void {
  if (!(radius >= 0 && radius <= radiusMax))
    throw new RangeError(`radius: expected 0 to ${radiusMax} metres, got ${radius}`);
}

function double(value: number): string {
  return `CAST('${value}' AS DOUBLE)`;
}
