/**
 * Distance on the ellipsoid of WGS-84: Karney, "Algorithms for geodesics" (J. Geodesy 87, 2013, sections 2 to 4), with two departures. The azimuth at the first
 * place is found by halving an interval instead of Newton's method, for the longitude that is reached grows with it; and the integrals are summed by Simpson's rule
 * instead of as series. Slower, with nothing to go wrong near antipodes; to a millimetre everywhere.
 */
import { type Position, radians } from './position.ts';

/** Metres, and the flattening, of WGS-84. */
export const equatorialRadius = 6_378_137;
export const flattening = 1 / 298.257_223_563;
const polarRadius = equatorialRadius * (1 - flattening);
const secondEccentricity = (flattening * (2 - flattening)) / (1 - flattening) ** 2;

/** Halvings, until the azimuth is right in the bits of a double beside east too. */
const halvings = 120;
/** Steps of Simpson's rule, even. */
const steps = 128;

/** Metres along the shortest line. */
export function ellipsoidalDistance(a: Position, b: Position): number {
  // The first place is the one further from the equator, and in the south: all cases are mirrors of this one.
  const [far, near] = Math.abs(a.latitude) >= Math.abs(b.latitude) ? [a, b] : [b, a];
  const mirror = far.latitude > 0 ? -1 : 1;
  const from = reduced(mirror * far.latitude);
  const to = reduced(mirror * near.latitude);
  const east = Math.abs(radians(turned(b.longitude - a.longitude)));
  if (from.sin === 0 && to.sin === 0 && east <= Math.PI * (1 - flattening)) return equatorialRadius * east;
  // From east on: an azimuth that is nearly east has all of its digits so.
  let [low, high] = [-Math.PI / 2, Math.PI / 2];
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (longitudeReached(lineFrom(from, to, middle)) < east) low = middle;
    else high = middle;
  }
  const { sigma1, sigma2, k2 } = lineFrom(from, to, (low + high) / 2);
  return polarRadius * simpson((sigma) => Math.sqrt(1 + k2 * Math.sin(sigma) ** 2), sigma1, sigma2);
}

interface Reduced {
  readonly sin: number;
  readonly cos: number;
}

/** Degrees, a ten-thousandth of a millimetre: nearer to the equator is on it, for a sine that small loses its digits. */
const onEquator = 1e-12;

/** The reduced latitude β, tan β = (1 − f) tan φ. Poles keep a cosine, so that an azimuth is one there too. */
function reduced(latitude: number): Reduced {
  if (Math.abs(latitude) < onEquator) return { sin: 0, cos: 1 };
  const beta = Math.atan((1 - flattening) * Math.tan(radians(latitude)));
  return { sin: Math.sin(beta), cos: Math.max(Math.cos(beta), 1e-15) };
}

/** A line on the auxiliary sphere, from its node: arc lengths σ, longitudes ω, and what the ellipsoid makes of them. */
interface Line {
  readonly sinAlpha0: number;
  readonly sigma1: number;
  readonly sigma2: number;
  readonly omega12: number;
  /** k² = e′² cos² α₀. */
  readonly k2: number;
}

/** Equations 5, 11 and 12: the line that leaves the first place under an azimuth α₁, counted from east, up to where it first comes to the second one's latitude. */
function lineFrom(from: Reduced, to: Reduced, southOfEast: number): Line {
  const [sin1, cos1] = [Math.cos(southOfEast), -Math.sin(southOfEast)];
  const sinAlpha0 = sin1 * from.cos;
  const cosAlpha0 = Math.hypot(cos1, sin1 * from.sin);
  // Equation 45: α₂ lies between north and east.
  const cos2 = Math.sqrt(Math.max((cos1 * from.cos) ** 2 + (to.cos ** 2 - from.cos ** 2), 0)) / to.cos;
  const sigma1 = Math.atan2(from.sin, cos1 * from.cos);
  const sigma2 = Math.atan2(to.sin, cos2 * to.cos);
  const omega = (sigma: number) => Math.atan2(sinAlpha0 * Math.sin(sigma), Math.cos(sigma));
  const omega12 = omega(sigma2) - omega(sigma1);
  return {
    sinAlpha0,
    sigma1,
    sigma2: sigma2 < sigma1 ? sigma2 + 2 * Math.PI : sigma2,
    omega12: omega12 < 0 ? omega12 + 2 * Math.PI : omega12,
    k2: secondEccentricity * cosAlpha0 ** 2,
  };
}

/** Equation 8: λ = ω − f sin α₀ ∫ (2 − f) / (1 + (1 − f) √(1 + k² sin² σ)) dσ. */
function longitudeReached({ sinAlpha0, sigma1, sigma2, omega12, k2 }: Line): number {
  const integral = simpson(
    (sigma) => (2 - flattening) / (1 + (1 - flattening) * Math.sqrt(1 + k2 * Math.sin(sigma) ** 2)),
    sigma1,
    sigma2,
  );
  return omega12 - flattening * sinAlpha0 * integral;
}

function simpson(of: (x: number) => number, from: number, to: number): number {
  const step = (to - from) / steps;
  let sum = of(from) + of(to);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * of(from + i * step);
  return (sum * step) / 3;
}

/** Degrees within −180 … 180. */
function turned(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
