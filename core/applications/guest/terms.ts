/**
 * The terms of a match with a guest: one run of psi/ecdh between a member and somebody who has a list and a browser, and no node. The guest
 * is a key that its page made for this run.
 */
import { z } from 'zod';
import { guestName } from '../../ledger/index.ts';
import {
  checkTerms as checkMatchTerms,
  learningOf,
  type MatchTerms,
  matchTerms,
  type Receiver,
} from '../match/index.ts';

/** Who gets to know which of its own rows match. `count`: both learn how many, rounded, and nobody which. */
export const guestReceivers = ['guest', 'host', 'both', 'count'] as const;
export type GuestReceiver = (typeof guestReceivers)[number];

const { proposer, rounds, limits, network, purpose, nonce } = matchTerms.shape;
const round = rounds.element;

export const guestTerms = z.strictObject({
  version: z.literal(1),
  operation: z.literal('guest'),
  network,
  /** Of the host's node: which of its invites this run is of. */
  invite: z.string().regex(/^[a-z0-9]{1,32}$/),
  purpose,
  host: proposer,
  guest: proposer.pick({ rowsAbout: true, rowsMax: true, learns: true }).extend({
    /** Ed25519, Base64: of this run alone. */
    key: z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/),
  }),
  round: z.strictObject({
    form: round.shape.form,
    host: round.shape.proposer,
    /** The name of the guest's column stays in its browser. */
    guest: round.shape.partner.omit({ column: true }),
  }),
  limits: limits.extend({ usesMax: z.literal(1) }),
  nonce,
});

export type GuestTerms = z.infer<typeof guestTerms>;

/** What each of the two learns of the rows. */
export function guestLearning(receiver: GuestReceiver): Record<'host' | 'guest', GuestTerms['host']['learns']> {
  const mirrored: Record<GuestReceiver, Receiver> = { guest: 'them', host: 'me', both: 'both', count: 'none' };
  const { proposer: host, partner: guest } = learningOf(mirrored[receiver]);
  return { host, guest };
}

/** The same run as a match of two, of which the host is the proposer: what it computes, discloses and shows is the match's. */
export function matchOf({ host, guest, round, network, purpose, limits, nonce }: GuestTerms): MatchTerms {
  const { key, ...list } = guest;
  const column = { ...round.guest, column: round.form.split('/')[0]! };
  return {
    version: 1,
    operation: 'match',
    network,
    protocol: 'psi/ecdh',
    purpose,
    proposer: host,
    partner: { ...list, organisation: guestName(key), dataset: 'list' },
    rounds: [{ form: round.form, proposer: round.host, partner: column }],
    limits,
    nonce,
  };
}

/** The member, and the name of the guest. */
export function guestParties({ host, guest }: GuestTerms): readonly [string, string] {
  return [host.organisation, guestName(guest.key)];
}

/** @throws {RangeError} for terms that contradict themselves. */
export function checkTerms(terms: GuestTerms): void {
  checkMatchTerms(matchOf(terms));
}
