/**
 * Distance on the ellipsoid by the formula of Lambert (1942), of the first order in the flattening: to a ten-thousandth up to 15 000 km, where it is used, and much
 * quicker than the exact one. It has no meaning near antipodes.
 */
import { equatorialRadius, flattening } from './ellipsoid.ts';
import { type Position, radians } from './position.ts';

/** How far it can be from the exact distance, as a part of it; a test measures a fifth of that. */
export const lambertError = 1e-4;
/** Metres on the sphere up to which that holds. */
export const lambertMax = 15_000_000;

/** Metres. */
export function lambertDistance(a: Position, b: Position): number {
  const [from, to] = [reduced(a.latitude), reduced(b.latitude)];
  const sigma = centralAngle(from, to, radians(b.longitude - a.longitude));
  if (sigma === 0) return 0;
  const [sum, difference] = [(from + to) / 2, (to - from) / 2];
  const x = ((sigma - Math.sin(sigma)) * Math.sin(sum) ** 2 * Math.cos(difference) ** 2) / Math.cos(sigma / 2) ** 2;
  const y = ((sigma + Math.sin(sigma)) * Math.cos(sum) ** 2 * Math.sin(difference) ** 2) / Math.sin(sigma / 2) ** 2;
  return equatorialRadius * (sigma - (flattening / 2) * (x + y));
}

function reduced(latitude: number): number {
  return Math.atan((1 - flattening) * Math.tan(radians(latitude)));
}

function centralAngle(from: number, to: number, east: number): number {
  const h = Math.sin((to - from) / 2) ** 2 + Math.cos(from) * Math.cos(to) * Math.sin(east / 2) ** 2;
  return 2 * Math.asin(Math.min(1, Math.sqrt(h)));
}
