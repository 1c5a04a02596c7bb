/**
 * An .xlsx workbook (ECMA-376): which sheets it has, and what a cell's style says about dates. Macros, external links and everything
 * else in it are neither run nor followed.
 */
import { DataError } from '../../errors.ts';
import type { ZipEntry } from '../zip.ts';
import { isDateFormat } from './cell-number.ts';
import { damagedWorkbook, parseXml, type XmlHandlers } from './xml.ts';

export interface Workbook {
  /** The visible sheets with cells, in order. */
  readonly sheets: readonly { readonly name: string; readonly entry: ZipEntry }[];
  readonly sharedStrings: ZipEntry | undefined;
  /** Whether a cell style shows numbers as dates, by its index. */
  readonly dateStyles: readonly boolean[];
  /** Whether days are counted from 1904 instead of 1900. */
  readonly is1904: boolean;
  readonly hasMacros: boolean;
  readonly hasExternalLinks: boolean;
}

/** @throws {DataError} `unknown-format` for other office documents; `workbook-damaged`. */
export async function openWorkbook(entries: readonly ZipEntry[], path: string): Promise<Workbook> {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.has('xl/workbook.bin')) throw foreign(path, 'a binary workbook (.xlsb)');
  const main = byName.get('xl/workbook.xml');
  if (main === undefined) throw foreign(path, 'an office document without sheets');
  const targets = await readTargets(byName.get('xl/_rels/workbook.xml.rels'), path);
  const { sheets, is1904 } = await readSheets(main, path);
  const found = sheets.flatMap(({ name, relation }) => {
    const entry = byName.get(targets.get(relation) ?? '');
    return entry === undefined ? [] : [{ name, entry }];
  });
  if (found.length === 0) throw damagedWorkbook(path, 'it has no visible sheet');
  return {
    sheets: found,
    sharedStrings: byName.get('xl/sharedStrings.xml'),
    dateStyles: await readDateStyles(byName.get('xl/styles.xml'), path),
    is1904,
    hasMacros: byName.has('xl/vbaProject.bin'),
    hasExternalLinks: entries.some(({ name }) => name.startsWith('xl/externalLinks/')),
  };
}

/** Relation ids to names inside the archive, of worksheets that the archive holds itself. */
async function readTargets(entry: ZipEntry | undefined, path: string): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  if (entry === undefined) throw damagedWorkbook(path, 'its list of parts is missing');
  await parse(entry, path, {
    open: (name, { Id, Type, Target, TargetMode }) => {
      if (name !== 'Relationship' || TargetMode === 'External' || !Type?.endsWith('/worksheet')) return;
      if (Id !== undefined && Target !== undefined)
        targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  return targets;
}

async function readSheets(
  entry: ZipEntry,
  path: string,
): Promise<{ sheets: { name: string; relation: string }[]; is1904: boolean }> {
  const sheets: { name: string; relation: string }[] = [];
  let is1904 = false;
  await parse(entry, path, {
    open: (name, attributes) => {
      if (name === 'workbookPr') is1904 = isTrue(attributes.date1904);
      if (name !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return;
      const relation = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      sheets.push({ name: attributes.name ?? '', relation: relation ?? '' });
    },
  });
  return { sheets, is1904 };
}

async function readDateStyles(entry: ZipEntry | undefined, path: string): Promise<readonly boolean[]> {
  const customFormats = new Map<number, string>();
  const styles: boolean[] = [];
  let isCellStyles = false;
  if (entry === undefined) return styles;
  await parse(entry, path, {
    open: (name, attributes) => {
      if (name === 'numFmt') customFormats.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      if (name === 'cellXfs') isCellStyles = true;
      if (name === 'xf' && isCellStyles) {
        const format = Number(attributes.numFmtId ?? 0);
        styles.push(isDateFormat(format, customFormats.get(format)));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') isCellStyles = false;
    },
  });
  return styles;
}

async function parse(entry: ZipEntry, path: string, handlers: Partial<XmlHandlers>): Promise<void> {
  const none = () => {};
  for await (const _ of parseXml(entry, { open: none, close: none, text: none, ...handlers }, path));
}

function isTrue(flag: string | undefined): boolean {
  return flag === '1' || flag === 'true';
}

function foreign(path: string, what: string): DataError {
  return new DataError(
    'unknown-format',
    `${path} is ${what}, which is not read. Save the sheet as .xlsx or as CSV in UTF-8.`,
    { path },
  );
}
