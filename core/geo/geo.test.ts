import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../test/shared.ts';
import {
  bd09FromGcj02,
  Circles,
  checkPosition,
  ellipsoidalDistance,
  fromGcj02,
  gcj02FromBd09,
  isWithin,
  lambertDistance,
  lambertError,
  lambertMax,
  meanRadius,
  type Position,
  placeCount,
  placeInColumns,
  placeNumber,
  positionOfPlace,
  radiusMax,
  rowsPerDegree,
  sphereError,
  sphericalDistance,
  toGcj02,
  toWgs84,
} from './index.ts';

const at = (latitude: number, longitude: number): Position => ({ latitude, longitude });
const refused = (code: string) => expect.objectContaining({ name: 'PositionError', code });
const shared = <T>(path: string): T => JSON.parse(readFileSync(sharedPath(path), 'utf8')) as T;
/** WGS-84: a quarter of a meridian, and the equator's length, in metres. */
const quarter = 10_001_965.729;
const equator = 2 * Math.PI * 6_378_137;

describe.skipIf(!hasShared('vectors/geo/geodesic_wgs84_karney20.json'))('[F122] Karney’s twenty lines', () => {
  const { columns, cases } = hasShared('vectors/geo/geodesic_wgs84_karney20.json')
    ? shared<{ columns: string[]; cases: number[][] }>('vectors/geo/geodesic_wgs84_karney20.json')
    : { columns: [], cases: [] };
  const ends = cases.map((line) => {
    const of = (name: string) => line[columns.indexOf(name)]!;
    const within = (longitude: number) => longitude - 360 * Math.round(longitude / 360);
    return { from: at(of('lat1'), within(of('lon1'))), to: at(of('lat2'), within(of('lon2'))), metres: of('s12_m') };
  });

  it('have their lengths to a millionth on the ellipsoid, to half a per cent on the sphere', () => {
    expect(ends.length).toBe(20);
    for (const { from, to, metres } of ends) {
      expect(Math.abs(ellipsoidalDistance(from, to) - metres)).toBeLessThan(1e-3);
      expect(Math.abs(sphericalDistance(from, to) / metres - 1)).toBeLessThan(0.005);
    }
  });
});

describe('[F122] distances', () => {
  it('are right at poles, across the date line, along meridians and the equator, and between antipodes', () => {
    expect(ellipsoidalDistance(at(0, 0), at(90, 0))).toBeCloseTo(quarter, 2);
    expect(ellipsoidalDistance(at(90, 12), at(-90, 77))).toBeCloseTo(2 * quarter, 2);
    expect(ellipsoidalDistance(at(90, 0), at(90, 133))).toBeCloseTo(0, 3);
    expect(ellipsoidalDistance(at(10, 179.9), at(10, -179.9))).toBeCloseTo(
      ellipsoidalDistance(at(10, 0), at(10, 0.2)),
      4,
    );
    expect(ellipsoidalDistance(at(0, 0), at(0, 1))).toBeCloseTo(equator / 360, 6);
    // Antipodes on the equator are joined over a pole, for that is shorter.
    expect(ellipsoidalDistance(at(0, 0), at(0, 180))).toBeCloseTo(2 * quarter, 2);
    expect(ellipsoidalDistance(at(0, 0), at(0.5, 179.7))).toBeCloseTo(19_944_127.421, 2);
    expect(ellipsoidalDistance(at(31, 121), at(31, 121))).toBeCloseTo(0, 6);
    // Beside the equator, where the azimuth is nearly east.
    for (const tiny of [1e-6, 1e-8, 1e-10, 1e-13]) {
      expect(ellipsoidalDistance(at(tiny, 0), at(tiny / 2, 40))).toBeCloseTo(equator / 9, 2);
      expect(ellipsoidalDistance(at(-tiny, 0), at(tiny, 170))).toBeCloseTo((equator * 170) / 360, 2);
    }
  });

  it('are the same both ways, mirrored and turned, and the sphere’s are near them', () => {
    // To a tenth of a metre: what is nearer than that is told to a millimetre, not in parts.
    const latitude = fc.integer({ min: -90e6, max: 90e6 }).map((micro) => micro / 1e6);
    const longitude = fc.integer({ min: -180e6, max: 180e6 }).map((micro) => micro / 1e6);
    fc.assert(
      fc.property(latitude, longitude, latitude, longitude, (a, x, b, y) => {
        const metres = ellipsoidalDistance(at(a, x), at(b, y));
        expect(ellipsoidalDistance(at(b, y), at(a, x))).toBeCloseTo(metres, 3);
        expect(ellipsoidalDistance(at(-a, x), at(-b, y))).toBeCloseTo(metres, 3);
        expect(ellipsoidalDistance(at(a, 0), at(b, y - x))).toBeCloseTo(metres, 2);
        expect(Math.abs(sphericalDistance(at(a, x), at(b, y)) - metres)).toBeLessThanOrEqual(
          sphereError * metres + 1e-3,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('of numbers that are no place are refused; swapped columns are asked about', () => {
    expect(() => checkPosition(at(121.47, 31.23))).toThrow(refused('swapped'));
    for (const wrong of [at(91, 100), at(0, 181), at(-200, 0)]) {
      expect(() => checkPosition(wrong)).toThrow(refused('out-of-range'));
    }
    expect(() => checkPosition(at(Number.NaN, 0))).toThrow(refused('no-number'));
    expect(checkPosition(at(-90, 180))).toEqual(at(-90, 180));
  });
});

describe('[F123] GCJ-02, BD-09 and WGS-84', () => {
  it('are told apart by whoever brings the numbers, never guessed', () => {
    expect(toWgs84(at(31, 121), 'wgs84')).toEqual(at(31, 121));
    for (const system of ['gcj02', 'bd09'] as const) {
      const shifted = sphericalDistance(toWgs84(at(31, 121), system), at(31, 121));
      expect(shifted).toBeGreaterThan(100);
      expect(shifted).toBeLessThan(2000);
    }
  });

  it('BD-09 is as its published example has it, there and back, and is none outside of the country', () => {
    const onBaidu = bd09FromGcj02(at(39.915, 116.404));
    expect(onBaidu.latitude).toBeCloseTo(39.92133699351021, 9);
    expect(onBaidu.longitude).toBeCloseTo(116.41036949371029, 9);
    const place = [
      fc.double({ min: 18, max: 53, noNaN: true }),
      fc.double({ min: 74, max: 134, noNaN: true }),
    ] as const;
    fc.assert(
      fc.property(...place, (latitude, longitude) => {
        const there = bd09FromGcj02(at(latitude, longitude));
        expect(sphericalDistance(gcj02FromBd09(there), at(latitude, longitude))).toBeLessThan(0.001);
        const map = bd09FromGcj02(toGcj02(at(latitude, longitude)));
        expect(sphericalDistance(toWgs84(map, 'bd09'), at(latitude, longitude))).toBeLessThan(0.01);
      }),
    );
    for (const outside of [at(51.5, -0.1), at(-33.9, 151.2), at(0.5, 100)])
      expect(() => toWgs84(outside, 'bd09')).toThrow(refused('outside-system'));
  });

  it('a column’s 0, 0 is no place, and that of a question is one', () => {
    expect(() => placeInColumns(at(0, 0), 'wgs84')).toThrow(refused('no-place'));
    expect(placeInColumns(at(0, 0.001), 'wgs84')).toEqual(at(0, 0.001));
    expect(toWgs84(at(0, 0), 'wgs84')).toEqual(at(0, 0));
    expect(() => placeInColumns(at(121, 31), 'gcj02')).toThrow(refused('swapped'));
  });

  it.skipIf(!hasShared('vectors/geo/gcj02_eviltransform.json'))(
    'are as the published cases of three cities have them, there and back',
    () => {
      const { cases, distance } = shared<{
        cases: { wgs: [number, number]; gcj: [number, number] }[];
        distance: { a: [number, number]; b: [number, number]; metres: number; tolerance: number };
      }>('vectors/geo/gcj02_eviltransform.json');
      expect(cases).toHaveLength(3);
      for (const { wgs, gcj } of cases) {
        const there = toGcj02(at(...wgs));
        expect(there.latitude).toBeCloseTo(gcj[0], 5);
        expect(there.longitude).toBeCloseTo(gcj[1], 5);
        expect(sphericalDistance(fromGcj02(at(...gcj)), at(...wgs))).toBeLessThan(0.5);
      }
      // Those were measured on a sphere of the equator's radius.
      const metres = (sphericalDistance(at(...distance.a), at(...distance.b)) * 6_378_137) / meanRadius;
      expect(Math.abs(metres - distance.metres)).toBeLessThanOrEqual(distance.tolerance);
    },
  );

  it('come back to the place they came from, and are the same outside the country', () => {
    const inside = [
      fc.double({ min: 18, max: 53, noNaN: true }),
      fc.double({ min: 74, max: 134, noNaN: true }),
    ] as const;
    fc.assert(
      fc.property(...inside, (latitude, longitude) => {
        const back = fromGcj02(toGcj02(at(latitude, longitude)));
        expect(sphericalDistance(back, at(latitude, longitude))).toBeLessThan(0.01);
      }),
    );
    for (const place of [at(51.5, -0.1), at(-33.9, 151.2), at(40.7, -74)]) {
      expect(toGcj02(place)).toEqual(place);
      expect(fromGcj02(place)).toEqual(place);
    }
  });
});

describe('[F122] the quick distance on the ellipsoid', () => {
  it('is within its error, up to where it is used', () => {
    const place = fc.tuple(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    );
    const near = fc.tuple(
      fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      fc.double({ min: -0.1, max: 0.1, noNaN: true }),
    );
    const measure = (a: Position, b: Position) => {
      const about = sphericalDistance(a, b);
      if (about > lambertMax || about < 1) return;
      expect(Math.abs(lambertDistance(a, b) / ellipsoidalDistance(a, b) - 1)).toBeLessThan(lambertError / 5);
    };
    fc.assert(
      fc.property(place, place, ([a, x], [b, y]) => measure(at(a, x), at(b, y))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(place, near, ([a, x], [north, east]) =>
        measure(at(a, x), at(Math.max(-90, Math.min(90, a + north)), x + east)),
      ),
      { numRuns: 500 },
    );
    expect(lambertDistance(at(3, 4), at(3, 4))).toBe(0);
  });
});

describe('[F124] who is within a radius', () => {
  it('is decided on the ellipsoid at the edge, which counts', () => {
    const centre = at(31.23, 121.47);
    const place = at(39.9, 116.4);
    const radius = ellipsoidalDistance(centre, place);
    expect(isWithin(place, { centre, radius })).toBe(true);
    expect(isWithin(place, { centre, radius: radius - 0.01 })).toBe(false);
    expect(isWithin(centre, { centre, radius: 0 })).toBe(true);
    expect(isWithin(at(-31.23, -58.53), { centre, radius: radiusMax })).toBe(true);
    for (const wrong of [-1, Number.NaN, radiusMax + 1]) {
      expect(() => isWithin(place, { centre, radius: wrong })).toThrow(RangeError);
      expect(() => new Circles([centre], wrong)).toThrow(RangeError);
    }
  });

  it('of any of several centres is what measuring each on the ellipsoid finds, for places everywhere and any radius', () => {
    const places = Array.from({ length: 300 }, (_, i) =>
      at(((i * 7919) % 18_001) / 100 - 90, ((i * 104_729) % 36_001) / 100 - 180),
    );
    const centres = [at(31.23, 121.47), at(90, 0), at(0, 180), at(-45, -179.99), at(-89.99, 50)];
    for (const radius of [0, 500_000, 5_003_000, 15_000_000, radiusMax]) {
      for (const some of [centres.slice(0, 1), centres.slice(1, 3), centres]) {
        const circles = new Circles(some, radius);
        const exact = places.filter((place) =>
          some.some(
            (centre) => sphericalDistance(place, centre) < radius * 0.9 || ellipsoidalDistance(place, centre) <= radius,
          ),
        );
        expect(places.filter((place) => circles.hold(place))).toEqual(exact);
      }
    }
  });

  it.skipIf(!hasShared('data/geonames_cities/cities15000.txt.gz'))(
    'of the cities of China is what measuring each on the ellipsoid finds',
    () => {
      const cities = gunzipSync(readFileSync(sharedPath('data/geonames_cities/cities15000.txt.gz')))
        .toString('utf8')
        .trim()
        .split('\n')
        .map((line) => line.split('\t'))
        .filter((cells) => cells[8] === 'CN')
        .map((cells) => at(Number(cells[4]), Number(cells[5])));
      expect(cities.length).toBeGreaterThan(700);
      for (const [centre, radius] of [
        [at(31.23, 121.47), 300_000],
        [at(39.9, 116.4), 1_067_000],
        [at(22.54, 113.91), 50_000],
      ] as const) {
        const circles = new Circles([centre], radius);
        const inside = cities.filter((city) => circles.hold(city));
        expect(inside).toHaveLength(cities.filter((city) => ellipsoidalDistance(city, centre) <= radius).length);
        expect(inside.length).toBeGreaterThan(0);
      }
    },
  );
});

describe('the grid of places', () => {
  it('is as coarse as the least circle: a ninth of its radius, and no coarser than a degree', () => {
    const rows = [1_000, 9_999, 10_000, 99_999, 100_000, 1_000_000, 20_000_000].map(rowsPerDegree);
    expect(rows).toEqual([1000, 1000, 100, 100, 10, 1, 1]);
    for (const radius of [1_000, 10_000, 100_000])
      expect(ellipsoidalDistance(at(89, 0), at(89 + 1 / rowsPerDegree(radius), 0))).toBeLessThan(radius / 8.9);
  });

  it('has a number for every place, which is that of the nearest of the grid, across the date line and at the poles', () => {
    for (const perDegree of [1, 10, 100, 1000]) {
      fc.assert(
        fc.property(
          fc.double({ min: -90, max: 90, noNaN: true }),
          fc.double({ min: -180, max: 180, noNaN: true }),
          (latitude, longitude) => {
            const number = placeNumber(at(latitude, longitude), perDegree);
            expect(number).toBeGreaterThanOrEqual(0);
            expect(number).toBeLessThan(placeCount(perDegree));
            const back = positionOfPlace(number, perDegree);
            expect(Math.abs(back.latitude - latitude)).toBeLessThanOrEqual(0.5 / perDegree + 1e-9);
            const east = Math.abs(back.longitude - longitude);
            expect(Math.min(east, 360 - east)).toBeLessThanOrEqual(0.5 / perDegree + 1e-9);
            expect(placeNumber(back, perDegree)).toBe(number);
          },
        ),
      );
      expect(placeNumber(at(10, 180), perDegree)).toBe(placeNumber(at(10, -180), perDegree));
      expect(placeNumber(at(90, 179.9999), perDegree)).toBeLessThan(placeCount(perDegree));
    }
    expect(Number.isSafeInteger(placeCount(1000))).toBe(true);
  });
});
