import { z } from 'zod';
import { count, digest, organisation, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

/** What a run of an insight cost, or what a room was granted, which its keeper spends without asking. */
const spending = z.strictObject({
  operation: z.enum(['insight', 'room']),
  agreement: digest,
  purpose: z.string(),
  /** Whose user started it; of a grant, who keeps the room. */
  by: organisation,
  at: time.optional(),
  rho: count,
});

export const budgetRoutes = {
  'budget.list': {
    method: 'GET',
    path: '/v1/budgets',
    summary:
      'What figures with noise about own people may tell each partner, and have told it, by dataset; in millionths of ρ',
    roles: everyone,
    response: z.strictObject({
      items: z.array(
        z
          .strictObject({
            dataset: z.string(),
            name: z.string(),
            partner: organisation,
            committed: count,
            most: count,
            spent: z.array(spending),
          })
          .meta({ id: 'Budget' }),
      ),
    }),
  },
} as const satisfies Record<string, Route>;
