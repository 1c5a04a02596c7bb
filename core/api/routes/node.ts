import { z } from 'zod';
import { code, count, id, nothing, organisation, path, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

const warning = z.strictObject({ code, detail: z.string(), remedy: z.string().optional() }).meta({ id: 'Warning' });

const linkStatus = z
  .strictObject({
    organisation,
    state: z.enum(['connected', 'reconnecting', 'closed']),
    endpoint: z.string().optional(),
    since: time.optional(),
    detail: z.string().optional(),
  })
  .meta({ id: 'LinkStatus' });

export const status = z
  .strictObject({
    organisation,
    name: z.string(),
    version: z.string(),
    startedAt: time,
    uptimeSeconds: count,
    kernel: z.enum(['ifma', 'avx2', 'portable', 'wasm']),
    database: z.strictObject({
      state: z.enum(['up', 'recovering', 'down']),
      kind: z.enum(['embedded', 'external']),
      version: z.string().optional(),
    }),
    network: z.strictObject({ id: z.string(), name: z.string(), operator: organisation }).optional(),
    ledger: z.strictObject({ records: count, root: z.string(), checkedAt: time }).optional(),
    links: z.array(linkStatus),
    jobs: z.strictObject({ running: count, queued: count }),
    memoryBytes: count,
    warnings: z.array(warning),
  })
  .meta({ id: 'Status' });

const check = z
  .strictObject({ name: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.string().optional() })
  .meta({ id: 'Check' });

export const nodeRoutes = {
  'node.health': {
    method: 'GET',
    path: '/v1/health',
    summary: 'Whether the node is up; says nothing else, needs no user',
    roles: 'public',
    response: z.strictObject({ status: z.enum(['up', 'starting', 'failing']) }),
  },
  'node.status': {
    method: 'GET',
    path: '/v1/status',
    summary: 'Version, uptime, kernel, database, ledger head, links and warnings',
    roles: everyone,
    response: status,
  },
  'node.doctor': {
    method: 'POST',
    path: '/v1/doctor',
    summary: 'Checks the node, or the way to one partner and back',
    roles: everyone,
    body: z.strictObject({ peer: organisation.optional() }),
    response: z.strictObject({ ok: z.boolean(), checks: z.array(check) }),
  },
  'node.backup': {
    method: 'POST',
    path: '/v1/backups',
    summary:
      'Copies the node with its keys and database into a new folder of its machine, while it runs; answers with an operation',
    roles: ['admin'],
    body: z.strictObject({ to: path }),
    response: z.strictObject({ operation: id }),
    errors: ['conflict', 'file-not-allowed'],
  },
  'node.stop': {
    method: 'POST',
    path: '/v1/stop',
    summary: 'Stops the node; running jobs resume when it starts again',
    roles: ['admin'],
    body: nothing,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
