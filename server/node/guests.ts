/**
 * Guests: people with a list and a browser, whom a person of this organisation invites to match it with one dataset. The link's secret is
 * exchanged for a session; the session is shown terms, consents to them with a key of its own, and runs the match. What it may do is what
 * its invite says, looked at again at each of these steps.
 */
import { randomBytes } from 'node:crypto';
import type { ResponseOf } from '@causeway/core/api';
import {
  checkTerms,
  type GuestList,
  type GuestOffer,
  type GuestReceiver,
  type GuestTerms,
  guestFragment,
  guestLearning,
  secretDigest,
} from '@causeway/core/applications/guest';
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import { type DatasetDescription, formatTime, guestName, hasGuestConsented } from '@causeway/core/ledger';
import { requireAllowed } from '@causeway/core/policy';
import { GuestLink, type GuestLinks } from '../guests/index.ts';
import { NodeError } from '../home/index.ts';
import { ApiProblem } from '../http/index.ts';
import type { GuestInviteRow } from '../store/index.ts';
import type { Agreements } from './agreements.ts';
import type { Jobs } from './jobs.ts';
import { dayMs, expiryOf, ownDataset, rowsMaxOf } from './proposal.ts';
import { type Services, timeText } from './services.ts';

export type GuestInvite = ResponseOf<'guest.list'>['items'][number];

export interface GuestInvitation {
  readonly label: string;
  readonly dataset: string;
  readonly key: string;
  readonly receiver: GuestReceiver;
  readonly purpose: string;
  readonly uses: number;
  readonly expiresAt?: string | undefined;
  readonly rowsMax: number;
  readonly minimumListRows?: number | undefined;
  readonly minimumGroupRows?: number | undefined;
}

/** What an invite has fixed, as the store keeps it. */
type InviteRules = Omit<GuestInvitation, 'label' | 'dataset' | 'uses' | 'expiresAt'> & {
  /** The identifier's column. */
  readonly key: string;
  readonly minimumListRows: number;
  readonly minimumGroupRows: number;
};

interface Visit {
  readonly invite: string;
  readonly openedAtMs: number;
  proposed: { readonly id: string; readonly terms: GuestTerms } | undefined;
  link: GuestLink | undefined;
}

const defaultDays = 7;
const daysMax = 30;
/** A page may lie open for so long before its match begins. */
const visitMs = 60 * 60_000;
const visitsMax = 64;
/** Wrong secrets that one address may try in a minute, and sessions that one invite may have in an hour. */
const failuresMax = 10;
const opensMax = 30;
const minuteMs = 60_000;

export class Guests {
  readonly #services: Services;
  readonly #agreements: Agreements;
  readonly #jobs: Jobs;
  readonly #links: GuestLinks;
  /** By the digest of the session. */
  readonly #visits = new Map<string, Visit>();
  readonly #failures = new RecentCounts(minuteMs);
  readonly #opens = new RecentCounts(60 * minuteMs);
  /** Invites of which a run is being started: two pages at once do not take one use twice. */
  readonly #starting = new Set<string>();

  constructor(
    services: Services,
    parts: { readonly agreements: Agreements; readonly jobs: Jobs; readonly links: GuestLinks },
  ) {
    this.#services = services;
    this.#agreements = parts.agreements;
    this.#jobs = parts.jobs;
    this.#links = parts.links;
  }

  /** @throws {NodeError} with what does not fit. @returns the path of the link, whose secret is not kept. */
  async invite(asked: GuestInvitation, user: string): Promise<{ invite: GuestInvite; path: string }> {
    const { store, clock } = this.#services;
    const settings = await this.#services.settings();
    if (settings.fourEyes) {
      throw new NodeError('four-eyes', 'this node asks for four eyes, and an invite is the word of one person', {
        remedy: 'agree with the guest as a member of the network, or put the setting fourEyes off on purpose',
      });
    }
    const { dataset, description } = await ownDataset(this.#services, asked.dataset);
    const column = idColumn(description, asked.key);
    const expiresAtMs = Date.parse(expiryOf(this.#services, asked.expiresAt, defaultDays));
    if (expiresAtMs <= clock.wallMs() || expiresAtMs > clock.wallMs() + daysMax * dayMs) {
      throw new NodeError('conflict', `an invite ends in the future, within ${daysMax} days`);
    }
    const { minimumListRows = settings.minimumListRows, minimumGroupRows = settings.minimumGroupRows } = asked;
    if (minimumListRows < settings.minimumListRows || minimumGroupRows < settings.minimumGroupRows) {
      throw new NodeError(
        'conflict',
        `this node's minimum is ${settings.minimumListRows} identifiers in a list and ${settings.minimumGroupRows} behind a figure`,
        {
          remedy: 'leave the minimum out, or lower the settings on purpose',
        },
      );
    }
    const { receiver, purpose, rowsMax } = asked;
    const rules: InviteRules = { key: column.column, receiver, purpose, rowsMax, minimumListRows, minimumGroupRows };
    const secret = randomBytes(32).toString('base64url');
    const id = randomBytes(8).toString('hex');
    await store.guests.create({
      id,
      secretDigest: secretDigest(secret),
      label: asked.label,
      dataset,
      rules,
      usesMax: asked.uses,
      by: user,
      atMs: clock.wallMs(),
      expiresAtMs,
    });
    return { invite: await this.#view((await store.guests.find({ id }))!), path: `/guest#${guestFragment(secret)}` };
  }

  async list(): Promise<GuestInvite[]> {
    return Promise.all((await this.#services.store.guests.list()).map((row) => this.#view(row)));
  }

  /** @returns undefined where there is no such invite. */
  async revoke(id: string, user: string): Promise<GuestInvite | undefined> {
    const { store, clock } = this.#services;
    await store.guests.revoke(id, { atMs: clock.wallMs(), by: user });
    for (const [session, visit] of this.#visits) {
      if (visit.invite !== id) continue;
      visit.link?.close('the invite was revoked');
      this.#visits.delete(session);
    }
    const row = await store.guests.find({ id });
    return row && this.#view(row);
  }

  /** @param source the address that asks. @throws {NodeError} `guest-invite`, the same for every reason that a stranger may not know. */
  async open(secret: string, source: string): Promise<{ session: string; offer: GuestOffer }> {
    const nowMs = this.#services.clock.wallMs();
    if (this.#failures.of(source, nowMs) >= failuresMax) throw tooManyAttempts();
    const row = await this.#services.store.guests.find({ secretDigest: secretDigest(secret) });
    if (!row || (await this.#stateOf(row)) !== 'open') {
      this.#failures.add(source, nowMs);
      throw inviteOver();
    }
    if (this.#opens.of(row.id, nowMs) >= opensMax) throw tooManyAttempts();
    this.#opens.add(row.id, nowMs);
    this.#forgetOld(nowMs);
    const offer = await this.#offer(row);
    const session = randomBytes(32).toString('base64url');
    this.#visits.set(secretDigest(session), {
      invite: row.id,
      openedAtMs: nowMs,
      proposed: undefined,
      link: undefined,
    });
    return { session, offer };
  }

  /** Makes the terms of a run from the invite and what the page says of its list. */
  async propose(session: string, list: GuestList): Promise<GuestTerms> {
    const visit = this.#visitOf(session);
    const row = await this.#openInvite(visit.invite);
    const terms = await this.#terms(row, list);
    const { id, findings } = await this.#agreements.draft(terms);
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
    try {
      const row = await this.#openInvite(invite);
      const { store, clock } = this.#services;
      const job = `job-${randomBytes(10).toString('hex')}`;
      const guest = { key: terms.guest.key, consent: given.consent };
      await this.#agreements.agreeWithGuest(await this.#agreements.draft(terms), { user: row.createdBy, guest });
      await store.guests.addRun({ agreement: id, invite, job, atMs: clock.wallMs() });
      this.#links.add(id, link);
      return await this.#jobs.start(id, job);
    } finally {
      this.#starting.delete(invite);
    }
  }

  async #offer(row: GuestInviteRow): Promise<GuestOffer> {
    const { home, network } = this.#services;
    const { description } = await ownDataset(this.#services, row.dataset);
    const { purpose, receiver, key, rowsMax, minimumListRows, minimumGroupRows } = row.rules as InviteRules;
    return {
      network: network.ledger.log.network,
      host: { organisation: home.config.organisation, name: home.config.name },
      label: row.label,
      purpose,
      receiver,
      column: idColumn(description, key),
      rowsAbout: description.rowsAbout,
      limits: {
        minimumListRows,
        minimumGroupRows,
        rowsMax,
        expiresAt: formatTime(row.expiresAtMs),
        usesLeft: row.usesMax - this.#usesTaken(await this.#services.store.guests.runs({ invite: row.id })),
      },
    };
  }

  async #terms(row: GuestInviteRow, list: GuestList): Promise<GuestTerms> {
    const offer = await this.#offer(row);
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
    if (visit && visit.openedAtMs > this.#services.clock.wallMs() - visitMs) return visit;
    throw new NodeError('guest-session', 'this session is over', { remedy: 'open the link again' });
  }

  async #openInvite(id: string): Promise<GuestInviteRow> {
    const row = await this.#services.store.guests.find({ id });
    if (row && (await this.#stateOf(row)) === 'open') return row;
    throw inviteOver();
  }

  async #stateOf(row: GuestInviteRow): Promise<GuestInvite['status']> {
    if (row.revokedAtMs !== null) return 'revoked';
    const runs = await this.#services.store.guests.runs({ invite: row.id });
    if (this.#usesTaken(runs) >= row.usesMax) return 'used';
    return row.expiresAtMs <= this.#services.clock.wallMs() ? 'expired' : 'open';
  }

  /** As the ledger counts: a run in which nothing was exchanged takes no use. One that is about to start does. */
  #usesTaken(runs: readonly { readonly agreement: string; readonly job: string }[]): number {
    const { state } = this.#services.network.ledger;
    return runs.filter(({ agreement, job }) => !state.job(job) || state.agreement(agreement)!.usesTaken > 0).length;
  }

  async #view(row: GuestInviteRow): Promise<GuestInvite> {
    const { store, network } = this.#services;
    const rules = row.rules as InviteRules;
    const runs = await store.guests.runs({ invite: row.id });
    return {
      id: row.id,
      label: row.label,
      dataset: (await store.datasets.find(row.dataset))?.name ?? row.dataset,
      ...rules,
      status: await this.#stateOf(row),
      usesMax: row.usesMax,
      usesTaken: this.#usesTaken(runs),
      createdAt: timeText(row.createdAtMs),
      createdBy: row.createdBy,
      expiresAt: timeText(row.expiresAtMs),
      ...(row.revokedAtMs === null ? {} : { revokedAt: timeText(row.revokedAtMs), revokedBy: row.revokedBy! }),
      runs: runs.map(({ agreement, job, atMs }) => {
        const state = network.ledger.state.job(job);
        const failure = state?.failures[0];
        return {
          agreement,
          job,
          guest: network.ledger.state.agreement(agreement)?.guest?.name ?? '',
          status: state?.status ?? 'running',
          ...(failure ? { code: failure.code } : {}),
          at: timeText(atMs),
        };
      }),
    };
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

/** How often something has happened lately. */
class RecentCounts {
  readonly #windowMs: number;
  readonly #times = new Map<string, number[]>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  of(name: string, nowMs: number): number {
    const recent = (this.#times.get(name) ?? []).filter((atMs) => atMs > nowMs - this.#windowMs);
    if (recent.length === 0) this.#times.delete(name);
    else this.#times.set(name, recent);
    return recent.length;
  }

  add(name: string, nowMs: number): void {
    this.#times.set(name, [...(this.#times.get(name) ?? []), nowMs]);
  }
}

function idColumn({ ids }: DatasetDescription, key: string): DatasetDescription['ids'][number] {
  const column =
    ids.find(({ column }) => column === key) ?? ids.find(({ profile }) => parseProfile(profile).type === key);
  if (column) return column;
  throw new NodeError('profiles-differ', `the dataset has no identifier ${key}`, {
    remedy: `choose among ${ids.map(({ profile }) => profile).join(', ')}`,
  });
}

function inviteOver(): NodeError {
  return new NodeError('guest-invite', 'this invite is unknown, used, revoked, or too old', {
    remedy: 'ask whoever sent the link for a new one',
  });
}

function tooManyAttempts(): ApiProblem {
  return new ApiProblem({ code: 'too-many-attempts', detail: 'too many attempts', retryAfterSeconds: 60 });
}
