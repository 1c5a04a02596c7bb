import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Layout, nullCode, nullNumber } from '@causeway/core/applications/room';
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
    columns: ['town', 'paid'],
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
      const columns = ['what', 'event', 'order'];
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
});
