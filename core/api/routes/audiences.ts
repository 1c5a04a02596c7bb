import { z } from 'zod';
import { columnName, count, digest, id, page, pageOf, path, reference, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

export const audience = z
  .strictObject({
    id,
    name: z.string(),
    job: id,
    dataset: id,
    datasetName: z.string(),
    rows: count,
    digest,
    status: z.enum(['ready', 'withdrawn']),
    createdAt: time,
  })
  .meta({ id: 'Audience' });

const params = z.strictObject({ audience: reference });

export const audienceRoutes = {
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
    summary: 'Writes the rows to a CSV file on the node’s machine; long, so it answers with an operation',
    roles: ['admin', 'steward'],
    params,
    body: z.strictObject({ to: path, columns: z.array(columnName).min(1).max(200).optional() }),
    response: z.strictObject({ operation: id }),
    errors: ['file-not-allowed', 'policy-denied'],
  },
} as const satisfies Record<string, Route>;
