/**
 * Circles drawn to scale in local kilometres: east and north of their middle, with lines of latitude and longitude and a scale. There is no map below: whose
 * borders and streets it would show is not for us to say, and none would have to be asked for at another origin. Within some hundred kilometres the equirectangular
 * projection with the middle's own scale is true to less than a percent.
 */
import type { Position } from '@causeway/core/geo';

export interface LocalMap {
  /** In units of the drawing, 0, 0 at the upper left. */
  readonly width: number;
  readonly height: number;
  readonly circles: readonly { readonly x: number; readonly y: number; readonly radius: number }[];
  readonly meridians: readonly Line[];
  readonly parallels: readonly Line[];
  readonly scale: { readonly width: number; readonly metres: number };
}

interface Line {
  /** x of a meridian, y of a parallel. */
  readonly at: number;
  readonly degrees: number;
}

/** East and north of the middle of all points, in metres. */
export interface LocalPoint {
  readonly east: number;
  readonly north: number;
}

/** Metres in a degree of latitude: the mean of WGS-84's ellipsoid. */
const metresPerDegree = 111_195;
const linesWanted = 5;
const scaleShare = 0.25;

export function localPoints(points: readonly Position[]): readonly LocalPoint[] {
  const { latitude, longitude } = middleOf(points);
  const perDegreeEast = metresPerDegree * Math.cos((latitude * Math.PI) / 180);
  return points.map((point) => ({
    east: turned(point.longitude - longitude) * perDegreeEast,
    north: (point.latitude - latitude) * metresPerDegree,
  }));
}

/** @param points one at least. @param radius metres. @param size of the drawing. */
export function localMap(
  points: readonly Position[],
  radius: number,
  size: { readonly width: number; readonly height: number },
): LocalMap {
  const { width, height } = size;
  const middle = middleOf(points);
  const local = localPoints(points);
  const reach = (along: readonly number[]) => 2 * (Math.max(...along.map(Math.abs)) + radius) * 1.12;
  const metres = Math.max(
    reach(local.map(({ east }) => east)) / width,
    reach(local.map(({ north }) => north)) / height,
  );
  const perDegreeEast = metresPerDegree * Math.max(0.01, Math.cos((middle.latitude * Math.PI) / 180));
  const step = roundStep((Math.min(width, height) * metres) / metresPerDegree / linesWanted);
  return {
    ...size,
    circles: local.map(({ east, north }) => ({
      x: width / 2 + east / metres,
      y: height / 2 - north / metres,
      radius: radius / metres,
    })),
    meridians: multiples(middle.longitude, ((width / 2) * metres) / perDegreeEast, step).map((degrees) => ({
      degrees,
      at: width / 2 + ((degrees - middle.longitude) * perDegreeEast) / metres,
    })),
    parallels: multiples(middle.latitude, ((height / 2) * metres) / metresPerDegree, step).map((degrees) => ({
      degrees,
      at: height / 2 - ((degrees - middle.latitude) * metresPerDegree) / metres,
    })),
    scale: scaleOf(width * scaleShare, metres),
  };
}

/** The middle of the box around all points; across 180° the short way round. */
function middleOf(points: readonly Position[]): Position {
  const first = points[0]?.longitude ?? 0;
  const middle = (along: readonly number[]) => (Math.min(...along) + Math.max(...along)) / 2;
  return {
    latitude: middle(points.map(({ latitude }) => latitude)),
    longitude: first + middle(points.map(({ longitude }) => turned(longitude - first))),
  };
}

function turned(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/** 1, 2 or 5 times a power of ten, the nearest one above. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}

function multiples(middle: number, reach: number, step: number): readonly number[] {
  const first = Math.ceil((middle - reach) / step);
  const last = Math.floor((middle + reach) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toFixed(6)));
}

/** The largest round length that is no longer than wanted. */
function scaleOf(wanted: number, metres: number): LocalMap['scale'] {
  const most = wanted * metres;
  const power = 10 ** Math.floor(Math.log10(most));
  const round = power * ([5, 2].find((factor) => factor * power <= most) ?? 1);
  return { width: round / metres, metres: round };
}
