import { z } from 'zod';
import { code, count, density, digest, id, line, nothing, profile, reference, time } from '../fields.ts';
import { everyone } from '../role.ts';
import type { Route } from '../route.ts';

const receiver = z.enum(['guest', 'host', 'both', 'count']);

/** One run of an invite: the agreement that the guest consented to, and its job. */
const run = z.strictObject({
  agreement: digest,
  job: id,
  guest: z.string(),
  status: z.enum(['running', 'finished', 'failed']),
  /** Why it failed. */
  code: code.optional(),
  at: time,
});

const invite = z
  .strictObject({
    id,
    label: z.string(),
    /** By name. */
    dataset: z.string(),
    key: z.string(),
    receiver,
    purpose: z.string(),
    /** Distinct identifiers that the guest may bring, at most. */
    rowsMax: count,
    minimumListRows: count,
    minimumGroupRows: count,
    /** `waiting`: for a second person, under four eyes; its link opens nothing yet. */
    status: z.enum(['waiting', 'open', 'used', 'expired', 'revoked']),
    usesMax: count,
    /** Runs in which something was exchanged. */
    usesTaken: count,
    createdAt: time,
    createdBy: z.string(),
    expiresAt: time,
    confirmedAt: time.optional(),
    confirmedBy: z.string().optional(),
    revokedAt: time.optional(),
    revokedBy: z.string().optional(),
    runs: z.array(run),
  })
  .meta({ id: 'GuestInvite' });

/** Their forms stand with the application: what the page and the node tell each other is more than a client of this API has to know. */
const offer = z.looseObject({ network: z.string(), purpose: z.string() }).meta({ id: 'GuestOffer' });
const terms = z.looseObject({ operation: z.literal('guest'), purpose: z.string() }).meta({ id: 'GuestTerms' });
/** What the page says of its list before anybody agrees. */
const list = z
  .strictObject({
    /** Ed25519, Base64: of this run alone. */
    key: z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'Base64 of 32 bytes'),
    profile,
    density: density.optional(),
    /** Two digits. */
    rowsAbout: z.number().int().min(0).max(10_000_000),
  })
  .meta({ id: 'GuestList' });

const session = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a guest’s session');

export const guestRoutes = {
  'guest.invite': {
    method: 'POST',
    path: '/v1/guest-invites',
    summary:
      'Invites somebody who has a list and a browser to match it with a dataset of this node; the link is shown once',
    roles: ['approver'],
    body: z.strictObject({
      /** What the guest is called here. */
      label: line(100),
      /** A published dataset of this node. */
      dataset: reference,
      /** A kind of identifier, or a column of the dataset. */
      key: line(200),
      /** Who learns which of its own rows match; `count`: both learn how many, and nobody which. */
      receiver: receiver.default('guest'),
      purpose: line(500),
      uses: z.number().int().min(1).max(100).default(1),
      /** In seven days if left out; in thirty at most. */
      expiresAt: time.optional(),
      rowsMax: z.number().int().min(1000).max(10_000_000).default(200_000),
      minimumListRows: z.number().int().min(1).max(1_000_000_000).optional(),
      minimumGroupRows: z.number().int().min(1).max(1_000_000).optional(),
    }),
    response: z.strictObject({
      invite,
      /** Address of the page on this node, with the secret behind `#`. */ path: z.string(),
    }),
    errors: ['no-network', 'conflict', 'policy-denied', 'profiles-differ'],
  },
  'guest.list': {
    method: 'GET',
    path: '/v1/guest-invites',
    summary: 'Invites of guests, newest first, with what became of them',
    roles: everyone,
    response: z.strictObject({ items: z.array(invite) }),
  },
  'guest.confirm': {
    method: 'POST',
    path: '/v1/guest-invites/{invite}/confirmation',
    summary: 'Confirms an invite that somebody else of this organisation made, where the node asks for four eyes',
    roles: ['approver'],
    params: z.strictObject({ invite: id }),
    body: nothing,
    response: invite,
    errors: ['conflict', 'four-eyes'],
  },
  'guest.revoke': {
    method: 'POST',
    path: '/v1/guest-invites/{invite}/revocation',
    summary: 'Ends an invite; a run that is under way fails',
    roles: ['admin', 'approver'],
    params: z.strictObject({ invite: id }),
    body: nothing,
    response: invite,
  },
  'visit.open': {
    method: 'POST',
    path: '/v1/guest-sessions',
    summary: 'By the page of a guest: exchanges the secret of its link for a session',
    roles: 'public',
    body: z.strictObject({ secret: session }),
    response: z.strictObject({ session, offer }),
    errors: ['guest-invite', 'too-many-attempts'],
  },
  'visit.propose': {
    method: 'POST',
    path: '/v1/guest-sessions/terms',
    summary: 'By the page of a guest: says of which kind its list is, and is answered with the terms',
    roles: 'public',
    body: z.strictObject({ session, list }),
    response: z.strictObject({ terms }),
    errors: ['guest-session', 'guest-invite', 'policy-denied', 'profiles-differ'],
  },
  'visit.consent': {
    method: 'POST',
    path: '/v1/guest-sessions/consent',
    summary: 'By the page of a guest: consents to the terms with its key; the match begins',
    roles: 'public',
    body: z.strictObject({ session, agreement: digest, consent: z.string().regex(/^[A-Za-z0-9+/]{85}[AQgw]==$/) }),
    response: z.strictObject({ job: id }),
    errors: ['guest-session', 'guest-invite', 'conflict', 'policy-denied'],
  },
} as const satisfies Record<string, Route>;
