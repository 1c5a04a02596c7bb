import { z } from 'zod';
import { count, organisation, page, pageOf, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

/** A record as the sequencer stored it; `entry` is the signed entry, whose form depends on its type. */
const ledgerRecord = z
  .strictObject({ index: count, sequencedAt: time, entry: z.looseObject({ type: z.string(), author: z.string() }) })
  .meta({ id: 'LedgerRecord' });

export const ledgerRoutes = {
  'ledger.verify': {
    method: 'POST',
    path: '/v1/ledger/verify',
    summary: 'Recomputes every hash, signature and rule of this node’s copy, from the first record',
    roles: everyone,
    body: z.strictObject({}),
    response: z.strictObject({
      ok: z.boolean(),
      records: count,
      root: z.string(),
      cosigners: z.array(organisation),
      detail: z.string(),
      firstBroken: count.optional(),
    }),
    errors: ['no-network'],
  },
  'ledger.show': {
    method: 'GET',
    path: '/v1/ledger/records',
    summary: 'The records, newest first',
    roles: everyone,
    query: z.strictObject({ ...page, type: z.string().max(64).optional() }),
    response: pageOf(ledgerRecord),
    errors: ['no-network'],
  },
  'ledger.head': {
    method: 'GET',
    path: '/v1/ledger/head',
    summary: 'The latest checkpoint as a signed note with the members’ cosignatures (C2SP tlog-checkpoint)',
    roles: everyone,
    response: z.strictObject({
      records: count,
      root: z.string(),
      note: z.string(),
      cosigners: z.array(organisation),
      at: time,
    }),
    errors: ['no-network'],
  },
} as const satisfies Record<string, Route>;
