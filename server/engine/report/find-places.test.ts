/** Conditions by place, over rows whose places are known: against measuring each of them. */
import { join } from 'node:path';
import { compileAudience, compileReport, parseReportRequest } from '@causeway/core/applications/request';
import {
  bd09FromGcj02,
  ellipsoidalDistance,
  type Position,
  placeNumber,
  positionOfPlace,
  rowsPerDegree,
  toGcj02,
} from '@causeway/core/geo';
import { type Catalogue, compileQuery, parseCatalogue } from '@causeway/core/policy/query';
import { describe, expect, it } from 'vitest';
import { openParser } from '../query/testing/parser.ts';
import { testContext, testFolder } from '../testing/context.ts';
import { testDatabase } from '../testing/database.ts';
import { runReport } from './run.ts';

const at = (latitude: number, longitude: number): Position => ({ latitude, longitude });
const asker = { receivers: ['brand'], group: 'brand', purpose: 'measurement' };
const shanghai = at(31.2304, 121.4737);
const radiusMin = 2_000;

function catalogueWith(change: object = {}): Catalogue {
  const rights = {
    k: 20,
    protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
    purposes: ['measurement', 'activation'],
    receivers: ['brand'],
  };
  const person = { name: 'person', type: 'key', join: true, aggregates: ['count'], select: true, ...rights };
  const home = { name: 'home', type: 'place', filter: 'within', isNullable: true, system: 'gcj02', radiusMin };
  const table = (name: string, owner: string, columns: readonly object[]) => ({
    ...{ name, owner, subjects: `people-of-${owner}`, kind: 'person', person: 'person' },
    columns: [person, ...columns],
  });
  return parseCatalogue({
    ...{ network: 'fair', zone: 'Asia/Shanghai', epoch: 'e'.repeat(64), audiences: [] },
    tables: [table('customers', 'brand', []), table('users', 'media', [{ ...home, ...rights, ...change }])],
  });
}
const catalogue = catalogueWith();

const request = (place: object) => ({
  ...{ application: 'select', people: 'customers', with: ['users'], events: [], asOf: 1_751_299_200 },
  rule: { place: 'users.home', ...place },
});
const around = (points: readonly Position[], withinMetres: number, system = 'wgs84') =>
  request({ withinMetres, of: [...points], system });

/** Customers 0 …, each of whom is a user at a place, or at none. */
async function countOf(places: readonly (Position | undefined)[], wanted: object): Promise<number> {
  const folder = testFolder();
  const { run, load } = await testDatabase([folder]);
  const perDegree = rowsPerDegree(radiusMin);
  await load(
    'users',
    { person: 'UINTEGER', home: 'BIGINT' },
    places.map((place, i) => [i, place === undefined ? null : placeNumber(place, perDegree)]),
  );
  await run('CREATE TABLE customers AS SELECT person FROM users');
  const tables = [];
  for (const name of ['customers', 'users']) {
    const file = join(folder, `${name}.parquet`);
    await run(`COPY ${name} TO '${file}' (FORMAT parquet)`);
    tables.push({ name, files: [file] });
  }
  const input = {
    request: parseReportRequest(wanted),
    catalogue,
    tables,
    audiences: [],
    isOwn: false,
    timeLimitMs: 60_000,
  };
  const made = await runReport(input, testContext());
  if (!('numbers' in made)) throw new Error('expected numbers');
  return Number(made.numbers.size![0]);
}

/** Where the grid has somebody. */
function told(place: Position): Position {
  const perDegree = rowsPerDegree(radiusMin);
  return positionOfPlace(placeNumber(place, perDegree), perDegree);
}
const inside = (places: readonly Position[], centres: readonly Position[], metres: number) =>
  places.filter((place) => centres.some((centre) => ellipsoidalDistance(told(place), centre) <= metres)).length;

const codeOf = (work: () => unknown) => {
  try {
    work();
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('[F124] a condition by place', () => {
  /** From the middle outwards, closer than the grid is. */
  const spiral = (centre: Position, count: number, stepMetres: number) =>
    Array.from({ length: count }, (_, i) =>
      at(
        centre.latitude + ((stepMetres * i) / 111_000) * Math.sin(i),
        centre.longitude + ((stepMetres * i) / 95_000) * Math.cos(i),
      ),
    );

  it('counts those whom measuring each on the ellipsoid counts, and nobody without a place', async () => {
    const places = spiral(shanghai, 400, 40);
    for (const metres of [2_000, 5_000, 11_111]) {
      const expected = inside(places, [shanghai], metres);
      expect(expected).toBeGreaterThan(10);
      expect(expected).toBeLessThan(400);
      expect(await countOf([...places, undefined], around([shanghai], metres))).toBe(expected);
    }
    const everybody = await countOf(
      [...places, undefined],
      request({ withinMetres: 2_000_000, of: [shanghai], system: 'wgs84' }),
    );
    expect(everybody).toBe(400);
  });

  it('takes a list of points, and counts nobody twice', async () => {
    const centres = [shanghai, at(31.25, 121.48), at(39.9042, 116.4074)];
    const places = [...spiral(shanghai, 200, 40), ...spiral(centres[2]!, 200, 40), at(22.5, 114)];
    expect(await countOf(places, around(centres, 3_000))).toBe(inside(places, centres, 3_000));
  });

  it('[F122] holds across the date line and around the poles', async () => {
    const places = [at(10, 179.99), at(10, -179.99), at(10, 180), at(10, -180), at(10, 179.9), at(10, -179.5)];
    expect(await countOf(places, around([at(10, -179.999)], 4_000))).toBe(4);
    const north = [at(90, 0), at(90, -77), at(89.99, 12), at(89.99, -168), at(89.9, 0)];
    expect(await countOf(north, around([at(89.995, 100)], 3_000))).toBe(4);
    expect(await countOf([at(-90, 5), at(-89.99, 170)], around([at(-90, 0)], 2_000))).toBe(2);
  });

  it('[F123] is the same in whatever system its points are named, and another where it is the wrong one', async () => {
    const places = spiral(shanghai, 300, 30);
    const onMap = toGcj02(shanghai);
    const expected = inside(places, [shanghai], 3_000);
    expect(await countOf(places, around([onMap], 3_000, 'gcj02'))).toBe(expected);
    expect(await countOf(places, around([bd09FromGcj02(onMap)], 3_000, 'bd09'))).toBe(expected);
    expect(await countOf(places, around([bd09FromGcj02(onMap)], 3_000, 'wgs84'))).not.toBe(expected);
  });
});

describe('[F124] what an owner lets be asked of places', () => {
  const compiled = (wanted: object, of = catalogue) =>
    codeOf(() => compileReport({ request: parseReportRequest(wanted), catalogue: of, asker }));

  it('is no circle below its least radius, however many there are', () => {
    expect(compiled(around([shanghai], 2_000))).toBe('allowed');
    expect(compiled(around([shanghai], 1_999))).toBe('circle-too-small');
    expect(compiled(around([shanghai, at(31, 121)], 10))).toBe('circle-too-small');
    expect(() => catalogueWith({ radiusMin: 999 })).toThrow('radiusMin');
  });

  it('is nothing where its rule does not say so, and no question in SQL in any case', async () => {
    expect(compiled(around([shanghai], 5_000), catalogueWith({ filter: 'no' }))).toBe('no-filter');
    const parser = await openParser();
    const codes: string[] = [];
    for (const text of [
      'SELECT count(*) FROM users WHERE home = 5',
      'SELECT home, count(*) FROM users GROUP BY home',
      'SELECT avg(home) FROM users',
    ]) {
      const tree = await parser.tree(text);
      codes.push(codeOf(() => compileQuery({ tree, catalogue, asker })));
    }
    parser.close();
    expect(codes).toEqual(['place-in-question', 'no-group', 'not-a-number']);
  });

  it('decides who is in an audience only where it says select', () => {
    const audience = (of: Catalogue) =>
      codeOf(() =>
        compileAudience({
          request: parseReportRequest(around([shanghai], 5_000)),
          catalogue: of,
          asker: { receivers: ['brand'], group: 'brand', purpose: 'activation', minimumPersons: 50 },
        }),
      );
    expect(audience(catalogue)).toBe('no-select');
    expect(audience(catalogueWith({ select: true }))).toBe('allowed');
  });
});
