/** Who is within a radius: the sphere decides for nearly all places, a quick formula on the ellipsoid for most others, and the exact distance for the rest. */
import { ellipsoidalDistance } from './ellipsoid.ts';
import { lambertDistance, lambertError, lambertMax } from './lambert.ts';
import { checkPosition, type Position, radians } from './position.ts';
import { meanRadius, sphereError, sphericalDistance } from './sphere.ts';

export interface Circle {
  readonly centre: Position;
  /** Metres, up to half the earth's circumference. */
  readonly radius: number;
}

export const radiusMax = 20_037_509;

/** Whether a place is in a circle, its edge included. @throws {RangeError} for a radius outside 0 … `radiusMax`. */
export function isWithin(position: Position, { centre, radius }: Circle): boolean {
  requireRadius(radius);
  const about = sphericalDistance(position, centre);
  if (about < radius * (1 - sphereError)) return true;
  if (about > radius * (1 + sphereError)) return false;
  if (about < lambertMax) {
    const nearer = lambertDistance(position, centre);
    if (nearer < radius * (1 - lambertError)) return true;
    if (nearer > radius * (1 + lambertError)) return false;
  }
  return ellipsoidalDistance(position, centre) <= radius;
}

/** Circles of one radius around several centres: who is in any of them. */
export class Circles {
  readonly #radius: number;
  /** From the south to the north. */
  readonly #centres: readonly Position[];
  /** Degrees of latitude beyond which no centre can be near. */
  readonly #reach: number;

  /** @throws {RangeError} as `isWithin`. @throws {PositionError} of a centre. */
  constructor(centres: readonly Position[], radius: number) {
    requireRadius(radius);
    this.#radius = radius;
    this.#centres = centres.map(checkPosition).sort((a, b) => a.latitude - b.latitude);
    this.#reach = (radius * (1 + sphereError)) / (meanRadius * radians(1));
  }

  hold(position: Position): boolean {
    const from = this.#firstFrom(position.latitude - this.#reach);
    for (let i = from; i < this.#centres.length; i++) {
      const centre = this.#centres[i]!;
      if (centre.latitude > position.latitude + this.#reach) return false;
      if (isWithin(position, { centre, radius: this.#radius })) return true;
    }
    return false;
  }

  #firstFrom(latitude: number): number {
    let [low, high] = [0, this.#centres.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#centres[middle]!.latitude < latitude) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function requireRadius(radius: number): void {
  if (!(radius >= 0 && radius <= radiusMax))
    throw new RangeError(`radius: expected 0 to ${radiusMax} metres, got ${radius}`);
}
