import { z } from 'zod';
import { count, id, nothing, share, time } from '../fields.ts';
import { problem } from '../problem.ts';
import type { Role } from '../role.ts';
import type { Route } from '../route.ts';
import { importReport, table } from './datasets.ts';

/** Where a file is: on the node's machine, or kept for whoever asked for it. */
const place = {
  path: z.string().optional(),
  download: z.strictObject({ export: id, expiresAt: time }).optional(),
};

const result = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dataset'), dataset: id, name: z.string(), report: importReport }),
  z.strictObject({ kind: z.literal('tables'), dataset: id, name: z.string(), tables: z.array(table) }),
  z.strictObject({
    kind: z.literal('export'),
    ...place,
    rows: count,
    bytes: count,
    escapedCells: count,
    /** Rows of people who opted out: they are not in the file. */
    optedOut: count,
  }),
  z.strictObject({
    kind: z.literal('activation'),
    ...place,
    destination: z.string(),
    /** Lines, each person's once. */
    rows: count,
    bytes: count,
    /** Rows of people who opted out, and rows without an identifier that the destination takes. */
    optedOut: count,
    withoutId: count,
  }),
  z.strictObject({
    kind: z.literal('backup'),
    path: z.string(),
    files: count,
    bytes: count,
    /** `external`: that database is not in the backup. */
    database: z.enum(['embedded', 'external']),
    /** What the node's copy of the ledger held when the backup began. */
    ledger: z.strictObject({ records: count, root: z.string() }).optional(),
  }),
]);

/** A long piece of work on this node alone, such as an import. */
export const operation = z
  .strictObject({
    id,
    kind: z.enum([
      'dataset.add',
      'dataset.update',
      'dataset.prepare',
      'audience.export',
      'activation.export',
      'node.backup',
    ]),
    target: z.string(),
    status: z.enum(['running', 'cancelling', 'finished', 'failed', 'cancelled']),
    stage: z.string(),
    progress: share,
    ratePerSecond: z.number().min(0).optional(),
    etaSeconds: z.number().min(0).optional(),
    startedBy: z.string(),
    startedAt: time,
    finishedAt: time.optional(),
    result: result.optional(),
    error: problem.optional(),
  })
  .meta({ id: 'Operation' });

export const operationEvent = z.strictObject({ sequence: count, at: time, operation }).meta({ id: 'OperationEvent' });

const readers: readonly Role[] = ['admin', 'steward', 'auditor'];
const params = z.strictObject({ operation: id });

export const operationRoutes = {
  'operation.list': {
    method: 'GET',
    path: '/v1/operations',
    summary: 'Long local work, newest first: what runs, and the last 100 that ended',
    roles: readers,
    response: z.strictObject({ items: z.array(operation) }),
  },
  'operation.show': {
    method: 'GET',
    path: '/v1/operations/{operation}',
    summary: 'One operation: stage, progress, rate, estimate, result or error',
    roles: readers,
    params,
    response: operation,
  },
  'operation.events': {
    method: 'GET',
    path: '/v1/operations/{operation}/events',
    summary: 'The operation each time it changes, until it has ended',
    roles: readers,
    params,
    response: operationEvent,
    stream: 'sse',
  },
  'operation.cancel': {
    method: 'POST',
    path: '/v1/operations/{operation}/cancellation',
    summary: 'Stops the work and removes what it had written',
    roles: ['admin', 'steward'],
    params,
    body: nothing,
    response: operation,
    errors: ['conflict'],
  },
} as const satisfies Record<string, Route>;
