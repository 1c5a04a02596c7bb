import { z } from 'zod';
import { count, digest, page, pageOf, time } from '../fields.ts';
import type { Route } from '../route.ts';

/** One line of the audit log; `hash` covers the line and the hash before it, so that a removed or altered line shows. */
export const auditEntry = z
  .strictObject({
    sequence: count,
    at: time,
    actor: z.string(),
    action: z.string(),
    target: z.string().optional(),
    job: z.string().optional(),
    outcome: z.enum(['done', 'refused', 'failed']),
    detail: z.string().optional(),
    hash: digest,
  })
  .meta({ id: 'AuditEntry' });

export const auditRoutes = {
  'audit.list': {
    method: 'GET',
    path: '/v1/audit',
    summary: 'The audit log, newest first',
    roles: ['admin', 'auditor'],
    query: z.strictObject({ ...page, job: z.string().max(100).optional() }),
    response: pageOf(auditEntry),
  },
  'audit.verify': {
    method: 'POST',
    path: '/v1/audit/verify',
    summary: 'Recomputes the chain of hashes over the whole audit log',
    roles: ['admin', 'auditor'],
    body: z.strictObject({}),
    response: z.strictObject({ ok: z.boolean(), entries: count, firstBroken: count.optional() }),
  },
} as const satisfies Record<string, Route>;
