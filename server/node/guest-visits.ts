/**
 * Visits of guests: a link's secret is exchanged for a session; the session is shown terms, consents to them with a key of its own, and runs
 * the match. It can do nothing else, and what its invite says is looked at again at each of these steps.
 */
import { randomBytes } from 'node:crypto';
import {
  checkTerms,
  type GuestList,
  type GuestOffer,
  type GuestTerms,
  guestLearning,
  secretDigest,
} from '@causeway/core/applications/guest';
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import { guestName, hasGuestConsented } from '@causeway/core/ledger';
import { requireAllowed } from '@causeway/core/policy';
import { GuestLink, type GuestLinks } from '../guests/index.ts';
import { NodeError } from '../home/index.ts';
import { ApiProblem } from '../http/index.ts';
import type { GuestInviteRow } from '../store/index.ts';
import type { Agreements } from './agreements.ts';
import type { GuestInvites } from './guest-invites.ts';
import type { Jobs } from './jobs.ts';
import { rowsMaxOf } from './proposal.ts';
import { RecentCounts } from './recent-counts.ts';
import type { Services } from './services.ts';

interface Visit {
  readonly invite: string;
  readonly openedAtMs: number;
  proposed: { readonly id: string; readonly terms: GuestTerms } | undefined;
  link: GuestLink | undefined;
}

/** A page may lie open for so long before its match begins. */
const visitMs = 60 * 60_000;
const visitsMax = 64;
/** Wrong secrets that one address may try in a minute, and sessions that one invite may have in an hour. */
const failuresMax = 10;
const opensMax = 30;
const minuteMs = 60_000;

export class GuestVisits {
  readonly #services: Services;
  readonly #parts: {
    readonly invites: GuestInvites;
    readonly agreements: Agreements;
    readonly jobs: Jobs;
    readonly links: GuestLinks;
  };
  /** By the digest of the session. */
  readonly #visits = new Map<string, Visit>();
  readonly #failures = new RecentCounts(minuteMs);
  readonly #opens = new RecentCounts(60 * minuteMs);
  /** Invites of which a run is being started: two pages at once do not take one use twice. */
  readonly #starting = new Set<string>();

  constructor(
    services: Services,
    parts: {
      readonly invites: GuestInvites;
      readonly agreements: Agreements;
      readonly jobs: Jobs;
      readonly links: GuestLinks;
    },
  ) {
    this.#services = services;
    this.#parts = parts;
  }

  /** @param source the address that asks. @throws {NodeError} `guest-invite`; {ApiProblem} `too-many-attempts`. */
  async open(secret: string, source: string): Promise<{ session: string; offer: GuestOffer }> {
    const { invites } = this.#parts;
    const nowMs = this.#services.clock.wallMs();
    if (this.#failures.of(source, nowMs) >= failuresMax) throw tooManyAttempts();
    const row = await invites.open({ secretDigest: secretDigest(secret) }).catch((error) => {
      this.#failures.add(source, nowMs);
      throw error;
    });
    if (this.#opens.of(row.id, nowMs) >= opensMax) throw tooManyAttempts();
    this.#opens.add(row.id, nowMs);
    this.#forgetOld(nowMs);
    const offer = await invites.offer(row);
    const session = randomBytes(32).toString('base64url');
    this.#visits.set(secretDigest(session), {
      invite: row.id,
      openedAtMs: nowMs,
      proposed: undefined,
      link: undefined,
    });
    return { session, offer };
  }

  /** Ends the visits of an invite that was revoked; a run that is under way fails. */
  endOf(invite: string): void {
    for (const [session, visit] of this.#visits) {
      if (visit.invite !== invite) continue;
      visit.link?.close('the invite was revoked');
      this.#visits.delete(session);
    }
  }

  /** Makes the terms of a run from the invite and what the page says of its list. */
  async propose(session: string, list: GuestList): Promise<GuestTerms> {
    const visit = this.#visitOf(session);
    const row = await this.#parts.invites.open({ id: visit.invite });
    const terms = await this.#terms(row, list);
    const { id, findings } = await this.#parts.agreements.draft(terms);
    requireAllowed(findings);
    visit.proposed = { id, terms };
    return terms;
  }

  /** The link of a session, from the moment when its page reads it. One session has one. @throws {NodeError} `guest-session`, `conflict`. */
  attach(session: string): GuestLink {
    const visit = this.#visitOf(session);
    if (!visit.proposed || visit.link) throw new NodeError('conflict', 'this session is not waiting for its match');
    visit.link = new GuestLink(guestName(visit.proposed.terms.guest.key));
    return visit.link;
  }

  /** @throws {NodeError} `guest-session` where the page does not read. */
  linkOf(session: string): GuestLink {
    const { link } = this.#visitOf(session);
    if (!link) throw new NodeError('guest-session', 'this session has no match');
    return link;
  }

  /** The guest has read who learns what, and signed. @returns the job. */
  async consent(session: string, given: { readonly agreement: string; readonly consent: string }): Promise<string> {
    const visit = this.#visitOf(session);
    const { proposed, link, invite } = visit;
    if (!proposed || proposed.id !== given.agreement || !link?.isRead || link.isClosed)
      throw new NodeError('conflict', 'these are not the terms that the page was shown, or it does not listen');
    const { terms, id } = proposed;
    const of = { network: terms.network, host: terms.host.organisation, agreement: id };
    if (!hasGuestConsented({ key: terms.guest.key, consent: given.consent }, of))
      throw new NodeError('conflict', 'the consent is not signed with the key of the terms');
    if (this.#starting.has(invite)) throw new NodeError('conflict', 'another run of this invite is being started');
    this.#starting.add(invite);
    const { invites, agreements, links, jobs } = this.#parts;
    try {
      const row = await invites.open({ id: invite });
      const { store, clock } = this.#services;
      const job = `job-${randomBytes(10).toString('hex')}`;
      const guest = { key: terms.guest.key, consent: given.consent };
      await agreements.agreeWithGuest(await agreements.draft(terms), { user: row.createdBy, guest });
      await store.guests.addRun({ agreement: id, invite, job, atMs: clock.wallMs() });
      links.add(id, link);
      return await jobs.start(id, job);
    } finally {
      this.#starting.delete(invite);
    }
  }

  async #terms(row: GuestInviteRow, list: GuestList): Promise<GuestTerms> {
    const offer = await this.#parts.invites.offer(row);
    const compared = compareProfiles(parseProfile(offer.column.profile), parseProfile(list.profile));
    if (!compared.ok) throw new NodeError('profiles-differ', compared.sentence.en);
    const learns = guestLearning(offer.receiver);
    const { minimumListRows, minimumGroupRows, expiresAt, rowsMax } = offer.limits;
    const terms: GuestTerms = {
      version: 1,
      operation: 'guest',
      network: offer.network,
      invite: row.id,
      purpose: offer.purpose,
      host: {
        organisation: offer.host.organisation,
        dataset: row.dataset,
        rowsAbout: offer.rowsAbout,
        rowsMax: rowsMaxOf(offer.rowsAbout),
        learns: learns.host,
      },
      guest: { key: list.key, rowsAbout: list.rowsAbout, rowsMax, learns: learns.guest },
      round: {
        form: formatProfile(compared.common),
        host: offer.column,
        guest: { profile: list.profile, ...(list.density === undefined ? {} : { density: list.density }) },
      },
      limits: { minimumListRows, minimumGroupRows, usesMax: 1, expiresAt },
      nonce: randomBytes(16).toString('hex'),
    };
    checkTerms(terms);
    return terms;
  }

  #visitOf(session: string): Visit {
    const visit = this.#visits.get(secretDigest(session));
    const isRunning = visit?.link !== undefined && !visit.link.isClosed;
    if (visit && (isRunning || visit.openedAtMs > this.#services.clock.wallMs() - visitMs)) return visit;
    throw new NodeError('guest-session', 'this session is over', { remedy: 'open the link again' });
  }

  #forgetOld(nowMs: number): void {
    for (const [session, visit] of this.#visits) {
      const isOver = visit.openedAtMs <= nowMs - visitMs && (!visit.link || visit.link.isClosed);
      // The oldest stand first: where too many pages lie open, they go.
      if (isOver || (this.#visits.size >= visitsMax && !visit.link)) this.#visits.delete(session);
    }
    if (this.#visits.size >= visitsMax) throw tooManyAttempts();
  }
}

function tooManyAttempts(): ApiProblem {
  return new ApiProblem({ code: 'too-many-attempts', detail: 'too many attempts', retryAfterSeconds: 60 });
}
