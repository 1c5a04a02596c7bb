/** Makes .xlsx workbooks for tests. */
import { makeZip, type ZipMember } from './zip.ts';

export interface TestSheet {
  readonly name: string;
  /** What stands inside <sheetData>. */
  readonly rows: string;
  readonly state?: 'hidden' | 'veryHidden';
}

export interface TestWorkbook {
  readonly sheets: readonly TestSheet[];
  readonly sharedStrings?: string;
  readonly styles?: string;
  readonly is1904?: boolean;
  readonly more?: readonly ZipMember[];
}

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export function makeWorkbook({ sheets, sharedStrings, styles, is1904, more = [] }: TestWorkbook): Buffer {
  const list = sheets.map(
    ({ name, state }, i) =>
      `<sheet name="${name}" sheetId="${i + 1}" r:id="r${i}"${state === undefined ? '' : ` state="${state}"`}/>`,
  );
  const parts = sheets.map(
    (_, i) => `<Relationship Id="r${i}" Type="${relations}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  );
  const members: ZipMember[] = [
    { name: '[Content_Types].xml', data: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      data: `<?xml version="1.0" encoding="UTF-8"?><workbook ${main} xmlns:r="${relations}"><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', data: `<Relationships>${parts.join('')}</Relationships>` },
    ...sheets.map(({ rows }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      data: `<?xml version="1.0" encoding="UTF-8"?><worksheet ${main}><sheetData>${rows}</sheetData></worksheet>`,
    })),
    ...more,
  ];
  if (sharedStrings !== undefined)
    members.push({ name: 'xl/sharedStrings.xml', data: `<sst ${main}>${sharedStrings}</sst>` });
  if (styles !== undefined) members.push({ name: 'xl/styles.xml', data: `<styleSheet ${main}>${styles}</styleSheet>` });
  return makeZip(members);
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
