import { z } from 'zod';
import { columnName, count, digest, id, page, pageOf, path, reference, time, words } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

export const audience = z
  .strictObject({
    id,
    name: z.string(),
    job: id,
    /** Under which it was made, and when its rows are given out no more. */
    agreement: digest,
    expiresAt: time,
    dataset: id,
    datasetName: z.string(),
    rows: count,
    digest,
    status: z.enum(['ready', 'withdrawn']),
    createdAt: time,
  })
  .meta({ id: 'Audience' });

const params = z.strictObject({ audience: reference });

const destination = z
  .strictObject({
    id: z.string(),
    name: words,
    layout: z.enum(['list', 'table']),
    kinds: z.array(z.string()),
    source: z.string(),
    caution: z.string().optional(),
  })
  .meta({ id: 'Destination' });

export const audienceRoutes = {
  'audience.destinations': {
    method: 'GET',
    path: '/v1/destinations',
    summary: 'Where audiences can go, and the kinds of identifiers that each takes',
    roles: everyone,
    response: z.strictObject({ items: z.array(destination) }),
  },
  'audience.list': {
    method: 'GET',
    path: '/v1/audiences',
    summary: 'Named sets of this organisation’s own rows, newest first',
    roles: everyone,
    query: z.strictObject({ ...page, dataset: reference.optional() }),
    response: pageOf(audience),
  },
  'audience.show': {
    method: 'GET',
    path: '/v1/audiences/{audience}',
    summary: 'One audience: its rows, where it came from, its digest',
    roles: everyone,
    params,
    response: audience,
  },
  'audience.export': {
    method: 'POST',
    path: '/v1/audiences/{audience}/exports',
    summary:
      'Writes the rows to a CSV file, on the node’s machine or to be downloaded; long, so it answers with an operation',
    roles: ['admin', 'steward'],
    params,
    body: z.strictObject({
      /** Without one the file is kept for whoever asked, until it is downloaded or ten minutes have gone. */
      to: path.optional(),
      columns: z.array(columnName).min(1).max(200).optional(),
      /** In the form of a destination, instead of columns as they are: `causeway audience destinations` lists them. */
      destination: z.string().min(1).max(50).optional(),
      /** Which kind of identifier a destination of lists gets, by its name there. */
      kind: z.string().min(1).max(50).optional(),
      /** Own datasets of people who opted out: their rows are left out. Those of the settings always are. */
      without: z.array(reference).max(20).default([]),
    }),
    response: z.strictObject({ operation: id }),
    errors: ['file-not-allowed', 'policy-denied'],
  },
  'audience.download': {
    method: 'GET',
    path: '/v1/audiences/{audience}/exports/{export}',
    summary:
      'The file of an export that was written to be downloaded: for whoever asked for it, while the agreement is in force',
    roles: ['admin', 'steward'],
    params: params.extend({ export: id }),
    response: z.unknown(),
    download: true,
    file: { type: 'text/csv; charset=utf-8' },
    errors: ['conflict'],
  },
} as const satisfies Record<string, Route>;
