/** What members are told of a dataset: its description, with the values of those columns whose owner publishes them. */
import { resolve } from 'node:path';
import { detect } from '@causeway/core/identifiers';
import { canonicalBytes, type JsonValue } from '@causeway/core/json';
import {
  type DatasetDescription,
  mayListValues,
  publishedValue,
  publishedValueLengthMax,
  publishedValuesMax,
  roundRowsAbout,
} from '@causeway/core/ledger';
import type { ImportReport } from '../engine/index.ts';
import { NodeError } from '../home/index.ts';
import type { Services } from './services.ts';

/** All lists of one dataset together, as the ledger has them: an entry is at most twice as long. */
const listsBytesMax = 32_768;
/** A column is a list of tags where at least this share of its rows has one of the values that are listed. */
const listedShareMin = 0.5;

interface Words {
  readonly en: string;
  readonly zh: string;
}

/** An import, and where its rows lie. */
export interface Published {
  readonly report: ImportReport;
  /** Relative to the home. */
  readonly folder: string;
}

export interface Publication {
  readonly description: DatasetDescription;
  /** Columns that have other values too: of fewer people, or such as no agreement could name. */
  readonly partial: readonly string[];
}

export interface PublicationAnew extends Publication {
  /** Why lists that were asked for are not there; undefined where all are. */
  readonly refused: Words | undefined;
}

/** Columns whose values can be published, whatever stands in them. */
export function listableColumns({ ids, attributes }: ImportReport): readonly string[] {
  return attributes
    .filter((attribute) => mayListValues(attribute) && ids.every(({ column }) => column !== attribute.column))
    .map(({ column }) => column);
}

/** The columns of a description whose values it lists. */
export function listedColumns({ attributes }: DatasetDescription): readonly string[] {
  return attributes.filter(({ values }) => values !== undefined).map(({ column }) => column);
}

/** What members may see of an import without the values of any column: names, kinds, how densely telephone numbers lie, and a rounded size. */
export function describe(report: ImportReport): DatasetDescription {
  return {
    rowsAbout: roundRowsAbout(report.rowCount),
    ids: report.ids.map(({ column, profile, density }) => ({
      column,
      profile,
      ...(density === undefined ? {} : { density }),
    })),
    attributes: report.attributes.map(({ column, type, grade }) => ({ column, type, grade })),
  };
}

/** Puts a description on the ledger, in place of the one before. */
export async function publish(
  { network }: Services,
  dataset: { readonly id: string; readonly name: string },
  description: DatasetDescription,
): Promise<void> {
  await network.ledger.append('dataset.published', { dataset: dataset.id, name: dataset.name, description });
}

/**
 * The description with the values of some columns.
 * @throws {NodeError} `values-refused` with the columns of which there can be no list, and why.
 */
export async function publicationOf(
  services: Services,
  published: Published,
  columns: readonly string[],
  signal: AbortSignal,
): Promise<Publication> {
  const { refused, ...publication } = await publicationAnew(services, published, columns, signal);
  if (refused === undefined) return publication;
  throw new NodeError('values-refused', refused.en, { remedy: 'publish the description without these values' });
}

/** The same of rows that came in place of others: a list that can be made no more is left out, for the rows are to be of use without it. */
export async function publicationAnew(
  services: Services,
  published: Published,
  columns: readonly string[],
  signal: AbortSignal,
): Promise<PublicationAnew> {
  const lists = new Map<string, readonly string[]>();
  const partial: string[] = [];
  const refused: Words[] = [];
  let bytes = 0;
  for (const column of new Set(columns)) {
    const list = await listOf(services, published, column, signal);
    if ('refused' in list) {
      refused.push(list.refused);
      continue;
    }
    bytes += canonicalBytes(list.values as unknown as JsonValue).length;
    if (bytes > listsBytesMax) {
      refused.push(reasons.tooLong(column));
      continue;
    }
    lists.set(column, list.values);
    if (!list.isWhole) partial.push(column);
  }
  const plain = describe(published.report);
  const attributes = plain.attributes.map((attribute) => {
    const values = lists.get(attribute.column);
    return values === undefined ? attribute : { ...attribute, values };
  });
  return {
    description: { ...plain, attributes },
    partial,
    refused: refused.length === 0 ? undefined : together(refused),
  };
}

function together(reasons: readonly Words[]): Words {
  return {
    en: `no values are published: ${reasons.map(({ en }) => en).join('; ')}`,
    zh: `未发布取值：${reasons.map(({ zh }) => zh).join('；')}`,
  };
}

async function listOf(
  { engine, home, settings }: Services,
  { report, folder }: Published,
  column: string,
  signal: AbortSignal,
): Promise<{ readonly values: readonly string[]; readonly isWhole: boolean } | { readonly refused: Words }> {
  const attribute = report.attributes.find((one) => one.column === column);
  if (report.ids.some((id) => id.column === column)) return { refused: reasons.identifier(column) };
  if (attribute === undefined) return { refused: reasons.unknown(column) };
  if (!mayListValues(attribute)) return { refused: reasons.notListable(column, attribute) };
  const { minimumGroupRows: minimumPeople } = await settings();
  const found = await engine.commonValues(
    {
      parquet: resolve(home.folder, folder, 'rows.parquet'),
      column: attribute.storedAs,
      minimumPeople,
      valuesMax: publishedValuesMax,
      lengthMax: publishedValueLengthMax,
    },
    { signal },
  );
  if (found.hasMore) return { refused: reasons.tooMany(column) };
  // What no agreement could name is no help to anybody who chooses.
  const values = found.values.filter((value) => publishedValue.safeParse(value).success).sort();
  if (values.length === 0) return { refused: reasons.none(column, minimumPeople) };
  if (found.listedRows < listedShareMin * found.filledRows) return { refused: reasons.rare(column, minimumPeople) };
  const { type, digest, mixed } = detect({ name: '', cells: values });
  if (type !== null || digest !== null || mixed) return { refused: reasons.identifiers(column) };
  return { values, isWhole: values.length === found.values.length && found.listedRows === found.filledRows };
}

const reasons = {
  unknown: (column: string) => ({ en: `there is no attribute ${column}`, zh: `没有属性列 ${column}` }),
  identifier: (column: string) => ({
    en: `${column} is a column of identifiers, whose values nobody is shown`,
    zh: `${column} 是标识列，其取值不向任何人展示`,
  }),
  notListable: (column: string, { grade, type }: { readonly grade: string; readonly type: string }) => ({
    en: `${column} is ${grade} and of the type ${type}; values are published of public and internal columns of text or whole numbers`,
    zh: `${column} 的级别为 ${grade}、类型为 ${type}；只有公开或内部级别的文本列或整数列可以发布取值`,
  }),
  tooMany: (column: string) => ({
    en: `${column} has more than ${publishedValuesMax} values, which is no list to choose from; make a coarser column of it, such as one of provinces beside one of towns`,
    zh: `${column} 的取值超过 ${publishedValuesMax} 个，不便选择；请另建一个较粗的列，例如在城市之外增加省份`,
  }),
  none: (column: string, minimum: number) => ({
    en: `${column} has no value of at least ${minimum} people`,
    zh: `${column} 没有至少 ${minimum} 人共有的取值`,
  }),
  rare: (column: string, minimum: number) => ({
    en: `most rows of ${column} have a value of fewer than ${minimum} people: it is no list of tags`,
    zh: `${column} 的大多数行，其取值不足 ${minimum} 人共有：它不是标签列`,
  }),
  identifiers: (column: string) => ({
    en: `the values of ${column} look like identifiers; if they are, its grade is too low`,
    zh: `${column} 的取值看起来像标识；若确是标识，则该列的级别定得过低`,
  }),
  tooLong: (column: string) => ({
    en: `with the values of ${column} the lists of this dataset are longer than ${listsBytesMax} bytes together`,
    zh: `加上 ${column} 的取值，本数据集的取值列表合计超过 ${listsBytesMax} 字节`,
  }),
} as const satisfies Record<string, (...of: never[]) => Words>;
