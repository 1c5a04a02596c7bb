import { z } from 'zod';
import { id, line, nothing, reference, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';
import { agreementRoutes } from './agreements.ts';

/** What is decided anew each time that a proposal is made. */
const eachTime = { dryRun: true, expiresAt: true } as const;

const proposalOf = {
  match: agreementRoutes['agreement.proposeMatch'].body.omit(eachTime),
  insight: agreementRoutes['agreement.proposeInsight'].body.omit(eachTime),
  room: agreementRoutes['agreement.proposeRoom'].body.omit(eachTime),
  deliver: agreementRoutes['agreement.proposeDelivery'].body.omit(eachTime),
  activate: agreementRoutes['agreement.proposeActivation'].body.omit(eachTime),
};

/** What a template holds: the body of a proposal by its operation, complete but for the day on which it ends. */
const proposal = z.discriminatedUnion('operation', [
  proposalOf.match.extend({ operation: z.literal('match') }),
  proposalOf.insight.extend({ operation: z.literal('insight') }),
  proposalOf.room.extend({ operation: z.literal('room') }),
  proposalOf.deliver.extend({ operation: z.literal('deliver') }),
  proposalOf.activate.extend({ operation: z.literal('activate') }),
]);

const content = {
  name: line(200),
  /** How long an agreement of it lasts. */
  days: z.number().int().min(1).max(366),
  proposal,
};

const template = z.strictObject({ id, ...content, createdAt: time, createdBy: z.string() }).meta({ id: 'Template' });

export const templateRoutes = {
  'template.list': {
    method: 'GET',
    path: '/v1/templates',
    summary: 'Proposals that were kept to be made again, by name',
    roles: everyone,
    response: z.strictObject({ items: z.array(template) }),
  },
  'template.save': {
    method: 'POST',
    path: '/v1/templates',
    summary: 'Keeps a proposal under a name; one of the same name is replaced',
    roles: ['analyst'],
    body: z.strictObject(content),
    response: template,
    errors: ['conflict'],
  },
  'template.remove': {
    method: 'DELETE',
    path: '/v1/templates/{template}',
    summary: 'Forgets a template; agreements that were made of it stay',
    roles: ['analyst'],
    params: z.strictObject({ template: reference }),
    response: nothing,
  },
} as const satisfies Record<string, Route>;
