/** Makes the parts of workbooks for tests. */
import { utf8ToBytes } from '../../bytes/index.ts';
import type { Part } from '../index.ts';

export interface TestSheet {
  readonly name: string;
  /** What stands inside <sheetData>. */
  readonly rows: string;
  readonly state?: 'hidden' | 'veryHidden';
}

export interface TestPart {
  readonly name: string;
  readonly data: string;
}

export interface TestWorkbook {
  readonly sheets: readonly TestSheet[];
  readonly sharedStrings?: string;
  readonly styles?: string;
  readonly is1904?: boolean;
  readonly more?: readonly TestPart[];
}

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export function workbookParts({ sheets, sharedStrings, styles, is1904, more = [] }: TestWorkbook): TestPart[] {
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"${state === undefined ? '' : ` state="${state}"`}/>`,
  );
  const targets = sheets.map(
    (_, i) => `<Relationship Id="r${i}" Type="${relations}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const parts: TestPart[] = [
    { name: '[Content_Types].xml', data: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      data: `<?xml version="1.0" encoding="UTF-8"?><workbook ${main} xmlns:r="${relations}"><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', data: `<Relationships>${targets.join('')}</Relationships>` },
    ...sheets.map(({ rows }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      data: `<?xml version="1.0" encoding="UTF-8"?><worksheet ${main}><sheetData>${rows}</sheetData></worksheet>`,
    })),
    ...more,
  ];
  if (sharedStrings !== undefined)
    parts.push({ name: 'xl/sharedStrings.xml', data: `<sst ${main}>${sharedStrings}</sst>` });
  if (styles !== undefined) parts.push({ name: 'xl/styles.xml', data: `<styleSheet ${main}>${styles}</styleSheet>` });
  return parts;
}

/** A row of plain cells: numbers as numbers, text inline. */
export function plainRow(number: number, cells: readonly (string | number | undefined)[]): string {
  const xml = cells.map((cell, i) => {
    const reference = `${String.fromCharCode(65 + i)}${number}`;
    if (cell === undefined) return '';
    if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
    return `<c r="${reference}" t="inlineStr"><is><t>${cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></is></c>`;
  });
  return `<row r="${number}">${xml.join('')}</row>`;
}

/** As an archive gives them, cut into pieces of so many bytes. */
export function inMemory(parts: readonly TestPart[], pieceBytes = 100): Part[] {
  return parts.map(({ name, data }) => {
    const bytes = utf8ToBytes(data);
    return {
      name,
      unpackedBytes: bytes.length,
      async *chunks() {
        for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
      },
    };
  });
}
