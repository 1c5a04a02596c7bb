import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../testing/context.ts';
import { makeWorkbook, plainRow } from '../testing/workbook.ts';
import { makeZip } from '../testing/zip.ts';
import type { ReadChoices } from './layout.ts';
import { openSource } from './source.ts';
import { openContent } from './unpack.ts';
import { detectSheet, feedSheet, openSheet } from './workbook.ts';

/** Detected, opened again as it was understood, and read. */
async function read(bytes: Uint8Array, choices: ReadChoices = {}) {
  const path = join(testFolder(), 'people.xlsx');
  writeFileSync(path, bytes);
  const source = await openSource(path);
  try {
    const content = await openContent(source);
    if (content.kind !== 'workbook') throw new Error(`expected a workbook, got ${content.kind}`);
    const { layout, warnings } = await detectSheet(content.entries, path, choices);
    const rows: (string | undefined)[][] = [];
    const sink = {
      row: (cells: readonly (string | undefined)[]) => void rows.push([...cells]),
      emptyRow: () => void rows.push([]),
    };
    for await (const _ of feedSheet(await openSheet(content.entries, path, layout), sink));
    return { columns: layout.columns, rows, warnings: warnings.map(({ en }) => en) };
  } finally {
    await source.close();
  }
}

const sheetOf = (rows: string) => makeWorkbook({ sheets: [{ name: 'People', rows }] });
const header = plainRow(1, ['mobile', 'city']);
const types = { name: '[Content_Types].xml', data: '<Types/>' };

describe('a workbook', () => {
  it('is read from its archive; what is left alone is told [F15]', async () => {
    const bytes = makeWorkbook({
      sheets: [
        { name: 'Secret', rows: plainRow(1, ['hidden']), state: 'hidden' },
        { name: 'One', rows: plainRow(1, ['one']) },
        { name: 'Two', rows: plainRow(1, ['two']) },
      ],
      more: [
        { name: 'xl/vbaProject.bin', data: 'x' },
        { name: 'xl/externalLinks/externalLink1.xml', data: '<externalLink/>' },
      ],
    });
    const first = await read(bytes);
    expect(first.columns).toEqual(['one']);
    expect(first.warnings).toEqual([
      expect.stringMatching('"One"'),
      expect.stringMatching('macros'),
      expect.stringMatching('other files'),
    ]);
    expect((await read(bytes, { sheet: 'Two' })).columns).toEqual(['two']);
  });

  it.each([
    ['missing-column', 'has no visible sheet "Secret". It has "People".', sheetOf(header), { sheet: 'Secret' }],
    ['empty', 'has no data rows: the sheet "People" is empty', sheetOf(''), {}],
    [
      'unknown-format',
      'is a binary workbook (.xlsb), which is not read',
      makeZip([types, { name: 'xl/workbook.bin', data: 'x' }]),
      {},
    ],
    [
      'unknown-format',
      'is an office document without sheets',
      makeZip([types, { name: 'word/document.xml', data: '<w/>' }]),
      {},
    ],
    ['workbook-damaged', 'after row 1 stands a row that cannot be there', sheetOf(header + header), {}],
    [
      'bad-row',
      'row 1048576 stands after more than 10000 empty rows. Delete it',
      sheetOf(`${header}<row r="1048576"><c r="A1048576"><v>1</v></c></row>`),
      {},
    ],
  ] as const)('that cannot be read is said to be %s: %s', async (code, sentence, bytes, choices) => {
    await expect(read(bytes, choices)).rejects.toMatchObject({
      name: 'DataError',
      code,
      message: expect.stringContaining(sentence),
      details: { path: expect.stringMatching(/people\.xlsx$/) },
    });
  });
});
