import { z } from 'zod';
import { line, nothing, organisation, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

const network = z.strictObject({ id: z.string(), name: line(200), operator: organisation }).meta({ id: 'Network' });

export const member = z
  .strictObject({
    organisation,
    name: z.string(),
    tlsFingerprint: z.string(),
    identityKey: z.string(),
    endpoint: z.string().optional(),
    operator: z.boolean(),
    self: z.boolean(),
    status: z.enum(['member', 'left']),
    joinedAt: time,
    link: z.enum(['connected', 'reconnecting', 'closed']).optional(),
  })
  .meta({ id: 'Member' });

export const networkRoutes = {
  'network.create': {
    method: 'POST',
    path: '/v1/network',
    summary: 'Founds a network with this node as its operator',
    roles: ['admin'],
    body: z.strictObject({ name: line(200) }),
    response: network,
    errors: ['already-in-network'],
  },
  'network.invite': {
    method: 'POST',
    path: '/v1/network/invites',
    summary: 'Makes an invite for one organisation: one line to paste, valid once',
    roles: ['admin'],
    body: nothing,
    response: z.strictObject({ invite: z.string(), expiresAt: time }),
    errors: ['not-operator'],
  },
  'network.join': {
    method: 'POST',
    path: '/v1/network/members',
    summary: 'Joins the network that an invite names',
    roles: ['admin'],
    body: z.strictObject({ invite: z.string().min(1).max(4096) }),
    response: network,
    errors: ['already-in-network', 'invite-refused', 'link-failed'],
  },
  'network.rename': {
    method: 'PATCH',
    path: '/v1/network/name',
    summary:
      'Calls this organisation otherwise, for all members to see: its short name, its keys and what was signed before stay as they are',
    roles: ['admin'],
    body: z.strictObject({ name: line(200) }),
    response: z.strictObject({ name: z.string() }),
    errors: ['no-network', 'name-in-use'],
  },
  'network.members': {
    method: 'GET',
    path: '/v1/network/members',
    summary: 'Who is in the network',
    roles: everyone,
    response: z.strictObject({ items: z.array(member) }),
  },
} as const satisfies Record<string, Route>;
