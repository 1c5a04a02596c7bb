/**
 * GCJ-02, the offset system of maps in mainland China. Its formula was never published; this is the one that everybody uses, found from its effects, and right
 * to a metre or so. Outside the country it is WGS-84.
 */
import { type Position, radians } from './position.ts';

/** The ellipsoid of Krasovsky 1940. */
const radius = 6_378_245;
const eccentricity = 0.006_693_421_622_965_943;

/** Corners of the region that is shifted: a rectangle, so wider than the country. */
const region = { south: 0.8293, north: 55.8271, west: 72.004, east: 137.8347 };

export function toGcj02(position: Position): Position {
  const { latitude, longitude } = position;
  if (isOutside(position)) return position;
  const [x, y] = [longitude - 105, latitude - 35];
  const magic = 1 - eccentricity * Math.sin(radians(latitude)) ** 2;
  const metresNorth = (radius * (1 - eccentricity)) / magic ** 1.5;
  const metresEast = (radius / Math.sqrt(magic)) * Math.cos(radians(latitude));
  return {
    latitude: latitude + degrees(north(x, y) / metresNorth),
    longitude: longitude + degrees(east(x, y) / metresEast),
  };
}

/** Rounds until the way back comes within a millimetre; five do. */
const rounds = 12;

export function fromGcj02(position: Position): Position {
  let found = position;
  for (let i = 0; i < rounds; i++) {
    const there = toGcj02(found);
    found = {
      latitude: found.latitude + position.latitude - there.latitude,
      longitude: found.longitude + position.longitude - there.longitude,
    };
  }
  return isOutside(found) ? position : found;
}

/** Whether GCJ-02 is another system than WGS-84 there. */
export function isShifted(position: Position): boolean {
  return !isOutside(position);
}

function isOutside({ latitude, longitude }: Position): boolean {
  return latitude < region.south || latitude > region.north || longitude < region.west || longitude > region.east;
}

/** Metres to the north, for degrees east and north of 105° E 35° N. */
function north(x: number, y: number): number {
  return (
    -100 +
    2 * x +
    3 * y +
    0.2 * y * y +
    0.1 * x * y +
    0.2 * Math.sqrt(Math.abs(x)) +
    waves(x) +
    wave(y, [20, 40]) +
    long(y, [160, 320])
  );
}

/** Metres to the east. */
function east(x: number, y: number): number {
  return (
    300 +
    x +
    2 * y +
    0.1 * x * x +
    0.1 * x * y +
    0.1 * Math.sqrt(Math.abs(x)) +
    waves(x) +
    wave(x, [20, 40]) +
    long(x, [150, 300])
  );
}

function waves(x: number): number {
  return ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
}

function wave(t: number, [a, b]: readonly [number, number]): number {
  return ((a * Math.sin(t * Math.PI) + b * Math.sin((t / 3) * Math.PI)) * 2) / 3;
}

function long(t: number, [a, b]: readonly [number, number]): number {
  return ((a * Math.sin((t / 12) * Math.PI) + b * Math.sin((t * Math.PI) / 30)) * 2) / 3;
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}
