import { z } from 'zod';
import { code, id, nothing, path, reference, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

const keys = z
  .strictObject({
    /** X25519, as Base64url; the newest first. */
    keys: z.array(z.strictObject({ publicKey: z.string(), madeAt: time })),
    /** The TXT record that publishes them; absent where there are none. */
    delivery: z.string().optional(),
  })
  .meta({ id: 'OpjaKeys' });

/** What a domain publishes, as this node sees it now: in DNS, or in the setting `opjaKeys` in place of it. */
const published = z
  .strictObject({
    domain: z.string(),
    /** The current one first; empty where there is a problem. */
    keys: z.array(z.string()),
    /** Whether one of them is this node’s, and young enough to seal labels. */
    own: z.boolean(),
    /** What to publish so that this node’s keys are found under it; empty where it has none. */
    records: z.array(z.strictObject({ name: z.string(), text: z.string() })),
    problem: z.strictObject({ code, detail: z.string() }).optional(),
  })
  .meta({ id: 'OpjaDomain' });

export const activationRoutes = {
  'activation.export': {
    method: 'POST',
    path: '/v1/jobs/{job}/activation',
    summary:
      'Writes what an advertiser has of an activation: ids of people whom both have (PAIR), or the campaign that opens labels (OPJA)',
    roles: ['admin', 'steward'],
    params: z.strictObject({ job: reference }),
    body: z.strictObject({ to: path }),
    response: z.strictObject({ operation: id }),
    errors: ['conflict', 'file-not-allowed'],
  },
  'activation.keys': {
    method: 'GET',
    path: '/v1/opja/keys',
    summary: 'The public keys that this node seals labels with, and the DNS record that publishes them',
    roles: everyone,
    response: keys,
  },
  'activation.domain': {
    method: 'GET',
    path: '/v1/opja/domains/{domain}',
    summary: 'Which keys a domain publishes, and whether one is this node’s: looked up now',
    roles: everyone,
    params: z.strictObject({
      domain: z.string().regex(/^[a-z0-9.-]{4,253}$/, 'a domain in lower case, such as dsp.example'),
    }),
    response: published,
  },
  'activation.newKey': {
    method: 'POST',
    path: '/v1/opja/keys',
    summary: 'Makes a key to seal labels with; it is used once it is published',
    roles: ['admin'],
    body: nothing,
    response: keys,
  },
} as const satisfies Record<string, Route>;
