/**
 * An .xlsx workbook (ECMA-376): which sheets it has, and what a cell's style says about dates. Macros, external links and everything
 * else in it are neither run nor followed.
 */
import { isDateFormat } from './cell-number.ts';
import type { Part } from './part.ts';
import { damagedWorkbook, WorkbookError } from './workbook-error.ts';
import { parseXml, type XmlHandlers } from './xml.ts';

export interface Workbook {
  /** The visible sheets with cells, in order. */
  readonly sheets: readonly { readonly name: string; readonly part: Part }[];
  readonly sharedStrings: Part | undefined;
  /** Whether a cell style shows numbers as dates, by its index. */
  readonly dateStyles: readonly boolean[];
  /** Whether days are counted from 1904 instead of 1900. */
  readonly is1904: boolean;
  readonly hasMacros: boolean;
  readonly hasExternalLinks: boolean;
}

/** @throws {WorkbookError} `foreign` for other office documents; `damaged`. */
export async function openWorkbook(parts: readonly Part[]): Promise<Workbook> {
  const byName = new Map(parts.map((part) => [part.name, part]));
  if (byName.has('xl/workbook.bin')) throw new WorkbookError('foreign', 'a binary workbook (.xlsb)');
  const main = byName.get('xl/workbook.xml');
  if (main === undefined) throw new WorkbookError('foreign', 'an office document without sheets');
  const targets = await readTargets(byName.get('xl/_rels/workbook.xml.rels'));
  const { sheets, is1904 } = await readSheets(main);
  const found = sheets.flatMap(({ name, relation }) => {
    const part = byName.get(targets.get(relation) ?? '');
    return part === undefined ? [] : [{ name, part }];
  });
  if (found.length === 0) throw damagedWorkbook('it has no visible sheet');
  return {
    sheets: found,
    sharedStrings: byName.get('xl/sharedStrings.xml'),
    dateStyles: await readDateStyles(byName.get('xl/styles.xml')),
    is1904,
    hasMacros: byName.has('xl/vbaProject.bin'),
    hasExternalLinks: parts.some(({ name }) => name.startsWith('xl/externalLinks/')),
  };
}

/** Relation ids to names inside the archive, of worksheets that the archive holds itself. */
async function readTargets(part: Part | undefined): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  if (part === undefined) throw damagedWorkbook('its list of parts is missing');
  await parse(part, {
    open: (name, { Id, Type, Target, TargetMode }) => {
      if (name !== 'Relationship' || TargetMode === 'External' || !Type?.endsWith('/worksheet')) return;
      if (Id !== undefined && Target !== undefined)
        targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  return targets;
}

async function readSheets(part: Part): Promise<{ sheets: { name: string; relation: string }[]; is1904: boolean }> {
  const sheets: { name: string; relation: string }[] = [];
  let is1904 = false;
  await parse(part, {
    open: (name, attributes) => {
      if (name === 'workbookPr') is1904 = isTrue(attributes.date1904);
      if (name !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return;
      const relation = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      sheets.push({ name: attributes.name ?? '', relation: relation ?? '' });
    },
  });
  return { sheets, is1904 };
}

async function readDateStyles(part: Part | undefined): Promise<readonly boolean[]> {
  const customFormats = new Map<number, string>();
  const styles: boolean[] = [];
  let isCellStyles = false;
  if (part === undefined) return styles;
  await parse(part, {
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

async function parse(part: Part, handlers: Partial<XmlHandlers>): Promise<void> {
  const none = () => {};
  for await (const _ of parseXml(part, { open: none, close: none, text: none, ...handlers }));
}

function isTrue(flag: string | undefined): boolean {
  return flag === '1' || flag === 'true';
}
