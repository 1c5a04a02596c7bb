import { z } from 'zod';
import {
  columnName,
  count,
  density,
  digest,
  grade,
  id,
  line,
  nothing,
  organisation,
  page,
  pageOf,
  path,
  profile,
  reference,
  time,
  words,
} from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

const notice = z
  .strictObject({ code: z.string(), words, rows: count.optional(), firstRows: z.array(count).max(5).optional() })
  .meta({ id: 'Notice' });

/** What a file looks like before it is taken in. `form` shows the shape of values with every letter and digit masked. */
export const fileReport = z
  .strictObject({
    path: z.string(),
    bytes: count,
    container: z.string(),
    format: z.string(),
    encoding: z.string().optional(),
    delimiter: z.string().optional(),
    header: z.boolean().optional(),
    rowsAbout: count,
    columns: z.array(
      z.strictObject({
        name: z.string(),
        form: z.string(),
        profile: profile.optional(),
        grade: grade.optional(),
        notices: z.array(notice),
      }),
    ),
    /** How the file begins, by column, masked as `form` is; at most 5 rows and 50 columns. */
    firstRows: z.array(z.array(z.string())).max(5),
    notices: z.array(notice),
  })
  .meta({ id: 'FileReport' });

/** What became of each row of an id column. Row numbers count data rows from 1, the header not included. */
export const importReport = z
  .strictObject({
    rows: count,
    ids: z.array(
      z.strictObject({
        column: z.string(),
        profile: z.string(),
        accepted: count,
        distinct: count,
        density: density.optional(),
        empty: count,
        changed: z.array(notice),
        refused: z.array(notice),
      }),
    ),
    notices: z.array(notice),
  })
  .meta({ id: 'ImportReport' });

const idColumn = z.strictObject({ column: columnName, profile });
const attribute = z.strictObject({
  column: columnName,
  type: z.string(),
  grade,
  /** Values that at least the owner’s minimum group of people have, where it publishes them: by their text, without a count. */
  values: z.array(z.string()).optional(),
});
/** Columns whose values are published with the description: none, unless they are named. */
const values = z.array(columnName).max(200).default([]);

/** What members see of a dataset: no row, no small count, no value of few people. */
export const description = z
  .strictObject({
    rowsAbout: count,
    ids: z.array(idColumn.extend({ density: density.optional() })),
    attributes: z.array(attribute),
  })
  .meta({ id: 'DatasetDescription' });

export const dataset = z
  .strictObject({
    id,
    name: z.string(),
    status: z.enum(['ready', 'published', 'withdrawn', 'broken']),
    rows: count,
    bytes: count,
    description,
    createdAt: time,
    createdBy: z.string(),
    publishedAt: time.optional(),
  })
  .meta({ id: 'Dataset' });

/** Tags of a dataset's identifiers under a key for one partner, which psi/oprf answers under. */
export const table = z
  .strictObject({
    partner: organisation,
    /** The common form of the identifiers, such as `phone/sha256`. */
    form: z.string(),
    /** Counts the keys, and the lists under the present one. */
    epoch: count,
    version: count,
    rows: count,
    bytes: count,
    preparedAt: time,
    /** Whether it is of the dataset as it is now. */
    current: z.boolean(),
    /** What the key has answered, and what it may. */
    evaluations: z.strictObject({ made: count, max: count }),
  })
  .meta({ id: 'Table' });

const datasetDetail = dataset
  .extend({ report: importReport, file: z.string(), tables: z.array(table) })
  .meta({ id: 'DatasetDetail' });
const params = z.strictObject({ dataset: reference });

export const datasetRoutes = {
  'dataset.inspect': {
    method: 'POST',
    path: '/v1/files/inspect',
    summary: 'Looks at a file on the node’s machine and takes nothing in',
    roles: ['admin', 'steward'],
    body: z.strictObject({ path }),
    response: fileReport,
    errors: ['file-not-allowed'],
  },
  'dataset.add': {
    method: 'POST',
    path: '/v1/datasets',
    summary: 'Takes a file of the node’s machine in; long, so it answers with an operation',
    roles: ['admin', 'steward'],
    body: z.strictObject({
      path,
      name: line(200),
      ids: z.array(idColumn).min(1).max(20),
      attributes: z
        .array(z.strictObject({ column: columnName, grade }))
        .max(200)
        .default([]),
    }),
    response: z.strictObject({ operation: id }),
    errors: ['conflict', 'file-not-allowed'],
  },
  'dataset.update': {
    method: 'POST',
    path: '/v1/datasets/{dataset}/rows',
    summary:
      'Takes a newer file in place of the dataset’s rows, with the same columns; long, so it answers with an operation. Audiences of the rows before are withdrawn; tables of psi/oprf are brought up to date by what changed',
    roles: ['admin', 'steward'],
    params,
    body: z.strictObject({ path }),
    response: z.strictObject({ operation: id }),
    errors: ['conflict', 'file-not-allowed'],
  },
  'dataset.list': {
    method: 'GET',
    path: '/v1/datasets',
    summary: 'This organisation’s datasets',
    roles: everyone,
    response: z.strictObject({ items: z.array(dataset) }),
  },
  'dataset.show': {
    method: 'GET',
    path: '/v1/datasets/{dataset}',
    summary: 'One dataset with the report of its import',
    roles: everyone,
    params,
    response: datasetDetail,
  },
  'dataset.refused': {
    method: 'GET',
    path: '/v1/datasets/{dataset}/refused',
    summary: 'Which rows of the file were refused and why, in its order: of at most 100,000; never what stood there',
    roles: ['admin', 'steward', 'auditor'],
    params,
    query: z.strictObject({ ...page, limit: z.coerce.number<number>().int().min(1).max(10_000).default(1000) }),
    response: pageOf(z.strictObject({ row: count, column: z.string(), code: z.string() })),
  },
  'dataset.values': {
    method: 'GET',
    path: '/v1/datasets/{dataset}/values',
    summary:
      'The values of an attribute that may be grouped by, the most frequent first: at most 100, of at least the minimum group of rows each',
    roles: ['steward', 'analyst', 'auditor'],
    params,
    query: z.strictObject({ column: line(200) }),
    response: z.strictObject({
      items: z.array(z.strictObject({ value: z.string(), rows: count })),
      /** Whether the column has no other values. */
      whole: z.boolean(),
    }),
    errors: ['conflict'],
  },
  'dataset.prepare': {
    method: 'POST',
    path: '/v1/datasets/{dataset}/tables',
    summary:
      'Makes the tables of psi/oprf for a partner ahead, or brings them up to date; long, so it answers with an operation. `keys`: kinds of identifiers or column names, all by default; `theirs`: a dataset of the partner’s, all that it has published by default; `newKey`: ends the present key',
    roles: ['admin', 'steward'],
    params,
    body: z.strictObject({
      with: organisation,
      keys: z.array(line(200)).min(1).max(20).optional(),
      theirs: reference.optional(),
      newKey: z.boolean().default(false),
    }),
    response: z.strictObject({ operation: id }),
    errors: ['conflict', 'no-network', 'profiles-differ'],
  },
  'dataset.previewPublication': {
    method: 'POST',
    path: '/v1/datasets/{dataset}/publication/preview',
    summary:
      'What members would see of the dataset, with the values of the columns that are named; nothing is published',
    roles: ['admin', 'steward'],
    params,
    body: z.strictObject({ values }),
    response: z.strictObject({
      description,
      /** Of the description: what was seen is what is published. */
      digest,
      /** Columns whose values can be published at all, by their kind and grade. */
      listable: z.array(z.string()),
      /** Those of the description’s lists that are not all of their column: it has values of fewer people, or such as no agreement could name. */
      partial: z.array(z.string()),
    }),
    errors: ['values-refused'],
  },
  'dataset.publish': {
    method: 'POST',
    path: '/v1/datasets/{dataset}/publication',
    summary:
      'Puts the description (never a row) on the ledger, for members to apply for, with the values of the columns that are named: those of at least the minimum group of people, at most 200 of a column. Published again without a column, its values are withdrawn; the ledger’s history keeps them',
    roles: ['admin', 'steward'],
    params,
    body: z.strictObject({
      values,
      /** The digest of the preview that a person has seen: anything else is then not published. */
      seen: digest.optional(),
    }),
    response: dataset,
    errors: ['conflict', 'no-network', 'values-refused'],
  },
  'dataset.withdraw': {
    method: 'DELETE',
    path: '/v1/datasets/{dataset}/publication',
    summary: 'Takes the description out of the catalogue; agreements on it can no longer run',
    roles: ['admin', 'steward'],
    params,
    response: dataset,
    errors: ['conflict'],
  },
  'dataset.remove': {
    method: 'DELETE',
    path: '/v1/datasets/{dataset}',
    summary: 'Deletes the node’s copy and its audiences; the source file stays',
    roles: ['admin', 'steward'],
    params,
    response: nothing,
    errors: ['conflict'],
  },
  'catalogue.list': {
    method: 'GET',
    path: '/v1/catalogue',
    summary: 'What the members of the network have published, this organisation included',
    roles: everyone,
    query: z.strictObject({ organisation: organisation.optional() }),
    response: z.strictObject({
      items: z.array(
        z.strictObject({
          owner: organisation,
          ownerName: z.string(),
          dataset: id,
          name: z.string(),
          description,
          publishedAt: time,
          self: z.boolean(),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>;
