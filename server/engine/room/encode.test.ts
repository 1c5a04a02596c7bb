import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, nullCode, nullNumber } from '@causeway/core/applications/room';
import { positionOfPlace, toGcj02 } from '@causeway/core/geo';
import { describe, expect, it } from 'vitest';
import { testContext, testFolder } from '../testing/context.ts';
import { testDataset } from '../testing/dataset.ts';
import { query } from '../testing/parquet.ts';
import { encodeRoomTable } from './encode.ts';
import { loadRoom, roomTablePath } from './load.ts';
import { layout } from './testing/rows.ts';

const content = 'mobile,town,paid\n13800000001,north,5\n13800000002,south,-7\n13800000003,,\n13800000004,south,1000\n';
const attributes = [
  { column: 'town', grade: 'internal' },
  { column: 'paid', grade: 'internal' },
] as const;

/** @param orderSecret whatever orders the rows. */
async function encode(of: Layout = layout('t', 1), file = content, orderSecret = '1'.repeat(64)) {
  const { parquet, report } = await testDataset(file, {
    ids: [{ column: 'mobile', profile: 'phone' }],
    attributes: [...attributes],
  });
  const folder = testFolder();
  const pseudonyms = join(folder, 'pseudonyms');
  // Row i has a pseudonym of bytes i + 1; the last row has none.
  const bytes = new Uint8Array(report.rowCount * 16);
  for (let row = 0; row < report.rowCount - 1; row++) bytes.fill(row + 1, row * 16, row * 16 + 16);
  writeFileSync(pseudonyms, bytes);
  const to = join(folder, 'rows');
  const input = {
    parquet,
    sha256: report.parquet.sha256,
    layout: of,
    columns: [{ column: 'town' }, { column: 'paid' }],
    pseudonyms: [pseudonyms],
    orderSecret,
    to,
  };
  const { rows } = await encodeRoomTable(input, testContext());
  return { rows, to, packed: readFileSync(to) };
}

interface Row {
  readonly event: number;
  readonly order: number;
}

function rowsOf(packed: Buffer) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return Array.from({ length: packed.length / 26 }, (_, i) => ({
    pseudonym: packed[i * 26]!,
    code: view.getUint16(i * 26 + 16, true),
    number: view.getBigInt64(i * 26 + 18, true),
  })).toSorted((a, b) => a.pseudonym - b.pseudonym);
}

describe('rows that go to a room', () => {
  it('are pseudonyms and packed values, what is missing told as missing', async () => {
    const { rows, packed } = await encode();
    expect(rows).toBe(4);
    expect(rowsOf(packed)).toEqual([
      { pseudonym: 0, code: 1, number: 1000n },
      { pseudonym: 1, code: 0, number: 5n },
      { pseudonym: 2, code: 1, number: -7n },
      { pseudonym: 3, code: nullCode, number: nullNumber },
    ]);
  });

  it('hold no text and no identifier', async () => {
    const { packed } = await encode();
    for (const text of ['north', 'south', '138000', 'town']) expect(packed.includes(text)).toBe(false);
  });

  it('stand in an order that a secret gives, and not the file', async () => {
    const many = `mobile,town,paid\n${Array.from({ length: 60 }, (_, i) => `138000000${10 + i},north,${i}`).join('\n')}\n`;
    const numbers = async (secret: string) => {
      const { packed } = await encode(layout('t', 1), many, secret);
      return Array.from({ length: 60 }, (_, i) => Number(packed.readBigInt64LE(i * 26 + 18)));
    };
    const [first, again, other] = [
      await numbers('1'.repeat(64)),
      await numbers('1'.repeat(64)),
      await numbers('2'.repeat(64)),
    ];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first).not.toEqual(first.toSorted((a, b) => a - b));
  });

  it('come out of the room’s engine as they went in', async () => {
    const of = layout('t', 1);
    const { to } = await encode(of);
    const folder = testFolder();
    await loadRoom({ tables: [{ layout: of, rows: to }], secret: '3'.repeat(64), folder }, testContext());
    const found = await query(`SELECT city, spent FROM '${roomTablePath(folder, 0)}' ORDER BY spent NULLS LAST`);
    expect(found).toEqual([
      ['south', '-7'],
      ['north', '5'],
      ['south', '1000'],
      [null, null],
    ]);
  });

  it.each<[string, Partial<Layout>]>([
    [
      'a value that is not declared',
      { columns: [{ kind: 'code', name: 'city', values: ['north'], isNullable: true }, layout('t', 1).columns[1]!] },
    ],
    [
      'a value that is missing where one is asked for',
      {
        columns: [
          { kind: 'code', name: 'city', values: ['north', 'south'], isNullable: false },
          layout('t', 1).columns[1]!,
        ],
      },
    ],
    [
      'a number above its range',
      {
        columns: [
          layout('t', 1).columns[0]!,
          { kind: 'number', name: 'spent', min: -1000, max: 999, isNullable: true, isTime: false },
        ],
      },
    ],
    [
      'a number below its range',
      {
        columns: [
          layout('t', 1).columns[0]!,
          { kind: 'number', name: 'spent', min: -6, max: 1000, isNullable: true, isTime: false },
        ],
      },
    ],
  ])('stay at home with %s: the column and how many rows are told, and no value', async (_, changes) => {
    const failed = await encode(layout('t', 1, changes)).catch((error) => error);
    expect(failed).toMatchObject({ code: 'value-not-allowed' });
    expect(failed.message).toMatch(/\d rows hold/);
    for (const text of ['south', '1000,', '-7,']) expect(failed.message).not.toContain(text);
  });

  describe('with keys of events', () => {
    const file =
      'mobile,what,event,order\n13800000001,order,e7,o1\n13800000002,refund,e9,o1\n13800000003,exposure,e7,\n13800000004,order,e1,o2\n';
    const of: Layout = {
      table: 't',
      person: 'person',
      rows: 'event',
      pseudonyms: 1,
      columns: [
        { kind: 'code', name: 'kind', values: ['exposure', 'order', 'refund'], isNullable: false },
        { kind: 'key', name: 'event_id', exempt: undefined },
        { kind: 'key', name: 'order_ref', exempt: { column: 0, codes: [0] } },
      ],
      rowBytes: 26,
      chunkRows: 100,
    };

    async function keys(content = file, orderSecret = '1'.repeat(64)) {
      const { parquet, report } = await testDataset(content, {
        ids: [{ column: 'mobile', profile: 'phone' }],
        attributes: ['what', 'event', 'order'].map((column) => ({ column, grade: 'internal' as const })),
      });
      const folder = testFolder();
      const pseudonyms = join(folder, 'pseudonyms');
      const bytes = new Uint8Array(report.rowCount * 16);
      for (let row = 0; row < report.rowCount; row++) bytes.fill(row + 1, row * 16, row * 16 + 16);
      writeFileSync(pseudonyms, bytes);
      const to = join(folder, 'rows');
      const { sha256 } = report.parquet;
      const columns = ['what', 'event', 'order'].map((column) => ({ column }));
      await encodeRoomTable(
        { parquet, sha256, layout: of, columns, pseudonyms: [pseudonyms], orderSecret, to },
        testContext(),
      );
      const packed = readFileSync(to);
      const rows = Array.from({ length: report.rowCount }, (_, i) => i * 26)
        .toSorted((a, b) => packed[a]! - packed[b]!)
        .map((at) => ({ event: packed.readUInt32LE(at + 18), order: packed.readUInt32LE(at + 22) }));
      return { rows, packed, to };
    }

    it('tell which rows have the same, and not what', async () => {
      const { rows, packed } = await keys();
      const [order, refund, exposure, other] = rows as [Row, Row, Row, Row];
      expect(exposure.event).toBe(order.event);
      expect(new Set([order.event, refund.event, other.event])).toEqual(new Set([1, 2, 3]));
      expect(refund.order).toBe(order.order);
      expect(other.order).not.toBe(order.order);
      expect(exposure.order).toBe(0);
      for (const text of ['e7', 'o1', 'e9']) expect(packed.includes(text)).toBe(false);
    });

    it('are numbered in an order that is of one upload alone', async () => {
      const many = `mobile,what,event,order\n${Array.from({ length: 40 }, (_, i) => `138000000${10 + i},order,e${i},o${i}`).join('\n')}\n`;
      const [first, again, other] = [await keys(many), await keys(many), await keys(many, '2'.repeat(64))];
      expect(first.rows).toEqual(again.rows);
      expect(first.rows).not.toEqual(other.rows);
      // Nor does the number of an order follow from that of its event.
      expect(first.rows.some(({ event, order }) => event !== order)).toBe(true);
    });

    it.each([
      ['an event', file.replace('e9', '')],
      ['an order', file.replace('e1,o2', 'e1,')],
    ])('stay at home where %s has none', async (_, content) => {
      await expect(keys(content)).rejects.toMatchObject({ code: 'value-not-allowed' });
    });

    it('come out of the room’s engine as numbers; an upload without one is refused there', async () => {
      const { to } = await keys();
      const folder = testFolder();
      const load = () =>
        loadRoom({ tables: [{ layout: of, rows: to }], secret: '3'.repeat(64), folder }, testContext());
      await load();
      const sql = `SELECT kind, count(DISTINCT event_id), count(order_ref) FROM '${roomTablePath(folder, 0)}' GROUP BY kind ORDER BY kind`;
      expect(await query(sql)).toEqual([
        ['exposure', '1', '0'],
        ['order', '2', '2'],
        ['refund', '1', '1'],
      ]);
      const packed = readFileSync(to);
      const order = [0, 1, 2, 3].find((i) => packed.readUInt16LE(i * 26 + 16) === 1)!;
      packed.writeUInt32LE(0, order * 26 + 22);
      writeFileSync(to, packed);
      await expect(load()).rejects.toMatchObject({ code: 'wrong-form' });
    });
  });

  it('stay at home where a number is asked for and the column is text, or has fractions', async () => {
    const fractions = content.replace(',5\n', ',5.5\n');
    await expect(encode(layout('t', 1), fractions)).rejects.toMatchObject({ code: 'wrong-form' });
    const texts = content.replace(',5\n', ',five\n');
    await expect(encode(layout('t', 1), texts)).rejects.toMatchObject({ code: 'wrong-form' });
  });

  describe('and have places', () => {
    const place = { kind: 'place', name: 'home', system: 'gcj02', perDegree: 1000, isNullable: true } as const;

    async function places(lines: readonly string[], changes: Partial<typeof place> | { isNullable: false } = {}) {
      const { parquet, report } = await testDataset(`mobile,lat,lng\n${lines.join('\n')}\n`, {
        ids: [{ column: 'mobile', profile: 'phone' }],
        attributes: ['lat', 'lng'].map((column) => ({ column, grade: 'internal' as const })),
      });
      const folder = testFolder();
      const pseudonyms = join(folder, 'pseudonyms');
      const bytes = new Uint8Array(report.rowCount * 16);
      for (let row = 0; row < report.rowCount; row++) bytes.fill(row + 1, row * 16, row * 16 + 16);
      writeFileSync(pseudonyms, bytes);
      const of: Layout = { ...layout('t', 1), columns: [{ ...place, ...changes }], rowBytes: 24, chunkRows: 100 };
      const to = join(folder, 'rows');
      const { sha256 } = report.parquet;
      const columns = [{ column: 'lat', longitude: 'lng' }];
      await encodeRoomTable(
        { parquet, sha256, layout: of, columns, pseudonyms: [pseudonyms], orderSecret: '1'.repeat(64), to },
        testContext(),
      );
      await loadRoom({ tables: [{ layout: of, rows: to }], secret: '3'.repeat(64), folder }, testContext());
      const found = await query(`SELECT home FROM '${roomTablePath(folder, 0)}' ORDER BY home NULLS LAST`);
      return found.map(([home]) => (home === null ? undefined : positionOfPlace(Number(home), 1000)));
    }
    const line = (i: number, lat: string, lng: string) => `1380000000${i},${lat},${lng}`;

    it('[F123] these are converted from the system that was named, rounded, and missing where both numbers are', async () => {
      const onMap = toGcj02({ latitude: 31.2304, longitude: 121.4737 });
      const [there, none] = await places([
        line(1, String(onMap.latitude.toFixed(7)), String(onMap.longitude.toFixed(7))),
        line(2, '', ''),
      ]);
      expect(there!.latitude).toBeCloseTo(31.23, 9);
      expect(there!.longitude).toBeCloseTo(121.474, 9);
      expect(none).toBeUndefined();
      const [plain] = await places([line(1, '-33.86788', '151.20732'), line(2, '', '')]);
      expect(plain).toEqual({ latitude: -33.868, longitude: 151.207 });
    });

    it.each<[string, string, string, string]>([
      ['swapped columns', '121.47', '31.23', 'swapped'],
      ['a latitude that there is not', '91', '121', 'beyond 90 degrees'],
      ['a longitude that there is not', '31', '181', 'beyond 180'],
      ['one number without the other', '31.23', '', 'no number'],
      ['a text', 'north', '121', 'no number'],
      ['0, 0', '0', '0', 'know no place'],
    ])('[F122] %s is reported with how many rows have it, and nothing is uploaded', async (_, lat, lng, words) => {
      const bad = places([line(1, '31.23', '121.47'), line(2, lat, lng), line(3, lat, lng)]);
      await expect(bad).rejects.toMatchObject({ code: 'value-not-allowed', message: expect.stringContaining(words) });
      await expect(bad).rejects.toThrow('2 rows');
      await expect(bad).rejects.not.toThrow(/13800|121\.47|31\.23/);
    });

    it('a place of BD-09 outside of its country is reported, and none that is missing where one is asked for', async () => {
      await expect(places([line(1, '51.5', '-0.1')], { system: 'bd09' as never })).rejects.toThrow('lies outside');
      await expect(places([line(1, '', '')], { isNullable: false })).rejects.toMatchObject({
        code: 'value-not-allowed',
      });
    });
  });
});
