/** Agreements to match: made here or at a partner, kept with their terms, decided on by people, and true as the ledger says. */
import { randomBytes } from 'node:crypto';
import type { ResponseOf, Settings } from '@causeway/core/api';
import {
  agreementId,
  checkTerms,
  type Disclosure,
  disclose,
  learningOf,
  listDensities,
  type MatchTerms,
  matchTerms,
  otherSide,
  planMatch,
  type Receiver,
  sideOf,
} from '@causeway/core/applications/match';
import type { KernelName } from '@causeway/core/group';
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import { canonicalJson, type JsonValue } from '@causeway/core/json';
import { type AgreementState, type DatasetDescription, formatTime, type LedgerRecord } from '@causeway/core/ledger';
import { defaultPolicy, evaluatePolicy, type Finding, requireAllowed } from '@causeway/core/policy';
import type { MatchProtocol } from '@causeway/core/protocols';
import { z } from 'zod';
import { NodeError } from '../home/index.ts';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../ledger/calls.ts';
import { CallRefused, isLoopback } from '../link/index.ts';
import type { AgreementRow } from '../store/index.ts';
import type { Services } from './services.ts';

export interface MatchProposal {
  readonly with: string;
  /** Own dataset, by id or name; the partner's, as it is published. */
  readonly mine: string;
  readonly theirs: string;
  /** Kinds of identifiers, or own column names, in the order of the waterfall. */
  readonly keys: readonly string[];
  readonly receiver: Receiver;
  readonly protocol?: MatchProtocol | undefined;
  readonly traffic?: 'low' | undefined;
  readonly kernelAtLeast?: KernelName | undefined;
  readonly purpose: string;
  readonly uses: number;
  readonly expiresAt?: string | undefined;
  readonly minimumListRows?: number | undefined;
  readonly minimumGroupRows?: number | undefined;
}

export interface Drafted {
  readonly id: string;
  readonly terms: MatchTerms;
  readonly disclosure: Disclosure;
  readonly plan: ResponseOf<'agreement.proposeMatch'>['plan'];
  readonly findings: readonly Finding[];
}

const termsCall: CallForm<{ agreement: string }, { terms: MatchTerms }> = {
  method: 'match.terms',
  question: z.strictObject({ agreement: z.string().regex(/^[0-9a-f]{64}$/) }),
  answer: z.strictObject({ terms: matchTerms }),
};

const dayMs = 24 * 3600_000;
const defaultDays = 30;
const fetchTimeoutMs = 10_000;
const fetchAgainMs = 2_000;

export class MatchAgreements {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
    services.links.onCall(termsCall.method, async (peer, body) => {
      const row = await services.store.agreements.find(readQuestion(termsCall, body).agreement);
      const terms = row && (row.terms as MatchTerms);
      // Whoever is no party learns nothing, not even that there is such an agreement.
      if (!terms || ![terms.proposer.organisation, terms.partner.organisation].includes(peer)) {
        throw new CallRefused({ code: 'agreement-unknown', detail: 'there is no such agreement with you' });
      }
      return encodeBody({ terms });
    });
    services.network.whenOpen((ledger) => {
      ledger.onRecord((record) => this.#follow(record));
      for (const agreement of ledger.state.agreements({ party: services.home.config.organisation }))
        void this.#fetchTerms(agreement);
    });
  }

  /** Makes terms, disclosure and plan of a proposal; nothing is said to anyone. @throws {NodeError} with what does not fit. */
  async draft(proposal: MatchProposal): Promise<Drafted> {
    const { network, home, clock } = this.#services;
    const { ledger } = network;
    const own = await this.#ownDataset(proposal.mine);
    const theirs = this.#partnersDataset(proposal.with, proposal.theirs);
    const settings = await this.#services.settings();
    const learns = learningOf(proposal.receiver);
    const list = (
      organisation: string,
      dataset: string,
      description: DatasetDescription,
      side: 'proposer' | 'partner',
    ) => ({
      organisation,
      dataset,
      rowsAbout: description.rowsAbout,
      rowsMax: rowsMaxOf(description.rowsAbout),
      learns: learns[side],
    });
    const terms: MatchTerms = {
      version: 1,
      operation: 'match',
      network: ledger.log.network,
      protocol: proposal.protocol ?? 'psi/ecdh',
      ...(proposal.traffic === undefined ? {} : { traffic: proposal.traffic }),
      ...(proposal.kernelAtLeast === undefined ? {} : { kernelAtLeast: proposal.kernelAtLeast }),
      purpose: proposal.purpose,
      proposer: list(home.config.organisation, own.dataset, own.description, 'proposer'),
      partner: list(proposal.with, theirs.dataset, theirs.description, 'partner'),
      rounds: proposal.keys.map((key) => roundOf(key, own.description, theirs.description, proposal.with)),
      limits: {
        minimumListRows: proposal.minimumListRows ?? settings.minimumListRows,
        minimumGroupRows: proposal.minimumGroupRows ?? settings.minimumGroupRows,
        usesMax: proposal.uses,
        expiresAt: proposal.expiresAt
          ? formatTime(Date.parse(proposal.expiresAt))
          : formatTime(clock.wallMs() + defaultDays * dayMs),
      },
      nonce: randomBytes(16).toString('hex'),
    };
    try {
      checkTerms(terms);
    } catch (cause) {
      throw new NodeError('profiles-differ', (cause as Error).message, { cause });
    }
    this.#requireKernel(terms);
    return {
      id: agreementId(terms),
      terms,
      disclosure: disclose(terms),
      plan: await this.plan(terms),
      findings: await this.evaluate(terms),
    };
  }

  /** Keeps a draft and, unless four eyes are asked for, proposes it. */
  async propose(drafted: Drafted, user: string): Promise<AgreementRow> {
    requireAllowed(drafted.findings);
    const settings = await this.#services.settings();
    const row = await this.#keep(drafted, { status: settings.fourEyes ? 'draft' : 'proposed', user });
    if (!settings.fourEyes) await this.#sayProposed(drafted.terms, drafted.id);
    return row;
  }

  /** A person's yes: to a draft of this organisation, or to a partner's proposal. */
  async approve(row: AgreementRow, by: { readonly user: string; readonly disclosure: string }): Promise<void> {
    const terms = row.terms as MatchTerms;
    const settings = await this.#services.settings();
    if (by.disclosure !== disclose(terms).digest) {
      throw new NodeError('disclosure-differs', 'the statement that was read is not that of this agreement', {
        remedy: 'show the agreement again, read who learns what, and approve with the digest that is shown there',
      });
    }
    if (settings.fourEyes && row.proposedByUser === by.user) {
      throw new NodeError('four-eyes', 'who proposed an agreement may not approve it here', {
        remedy: 'ask another user who is an approver',
      });
    }
    this.#requireKernel(terms);
    requireAllowed(await this.evaluate(terms));
    if (row.status === 'draft') {
      await this.#sayProposed(terms, row.id);
    } else {
      await this.#services.network.ledger.append('agreement.signed', { agreement: row.id });
    }
    const to = row.status === 'draft' ? 'proposed' : 'active';
    await this.#services.store.agreements.move(row.id, {
      from: [row.status],
      to,
      atMs: this.#services.clock.wallMs(),
      byUser: by.user,
    });
  }

  /** What this node could not run is not agreed to. */
  #requireKernel({ protocol }: MatchTerms): void {
    if (protocol !== 'psi/vole' || this.#services.vole) return;
    throw new NodeError('native-library-missing', 'psi/vole needs the native library, which this node does not have', {
      remedy: 'install a C++ compiler and run "npm run build:native", or agree on psi/ecdh',
    });
  }

  /**
   * This organisation's own rules on an agreement.
   * @param job a run of it that the ledger has already, which does not stand in its own way.
   */
  async evaluate(terms: MatchTerms, job?: string): Promise<Finding[]> {
    const { home, clock, store, network } = this.#services;
    const side = sideOf(terms, home.config.organisation);
    const settings: Settings = await this.#services.settings();
    const { minimumListRows, minimumGroupRows, densityPercentMax, evaluationsPerDayMax } = settings;
    const other = terms[otherSide(side)];
    const own = await store.datasets.find(terms[side].dataset);
    const runsToday = this.#runsSince(other.organisation, clock.wallMs() - dayMs, job);
    return evaluatePolicy(
      home.config.organisation,
      { ...defaultPolicy, minimumListRows, minimumGroupRows, densityPercentMax, evaluationsPerDayMax },
      {
        partner: other.organisation,
        limits: terms.limits,
        daysLeft: (Date.parse(terms.limits.expiresAt) - clock.wallMs()) / dayMs,
        ownRows: own?.rows ?? 0,
        partnerRows: other.rowsMax,
        runsToday,
        evaluationsOfRun: evaluationsOfRun(terms, side),
        densities: listDensities(
          terms,
          ({ organisation, dataset }) => network.ledger.state.dataset(organisation, dataset)?.description.ids,
        ),
      },
    );
  }

  /** The plan as this side sees it. */
  async plan(terms: MatchTerms): Promise<ResponseOf<'agreement.proposeMatch'>['plan']> {
    const { capacities, home, network } = this.#services;
    const side = sideOf(terms, home.config.organisation);
    const partner = await capacities.of(terms[otherSide(side)].organisation);
    const parties = [terms.proposer.organisation, terms.partner.organisation];
    const endpoints = network.members().filter(({ organisation }) => parties.includes(organisation));
    const plan = planMatch(terms, side, {
      own: await capacities.own(),
      partner: partner?.capacity,
      link: partner?.link,
      sharesMachine: endpoints.some(({ endpoint }) => endpoint !== undefined && isLoopback(endpoint)),
      between: 'nodes',
    });
    return { ...plan, rounds: [...plan.rounds], alternatives: [...plan.alternatives] };
  }

  #runsSince(partner: string, sinceMs: number, except: string | undefined): number {
    const { network, home } = this.#services;
    const { state } = network.ledger;
    const shared = new Set(
      state
        .agreements({ party: home.config.organisation })
        .filter(({ parties }) => parties.includes(partner))
        .map(({ agreement }) => agreement),
    );
    return state
      .jobs()
      .filter(({ job, agreement, startedAtMs }) => job !== except && shared.has(agreement) && startedAtMs >= sinceMs)
      .length;
  }

  async #sayProposed(terms: MatchTerms, id: string): Promise<void> {
    await this.#services.network.ledger.append('agreement.proposed', {
      agreement: id,
      parties: [terms.proposer.organisation, terms.partner.organisation],
      datasets: [
        { owner: terms.proposer.organisation, dataset: terms.proposer.dataset },
        { owner: terms.partner.organisation, dataset: terms.partner.dataset },
      ],
      operation: 'match',
      usesMax: terms.limits.usesMax,
      expiresAt: terms.limits.expiresAt,
    });
  }

  /** An agreement of this organisation that it has not: its terms are fetched from the other party, and held to their hash. */
  #follow({ entry }: LedgerRecord): void {
    if (entry.type !== 'agreement.proposed') return;
    const { agreement, parties } = entry.body;
    if (parties.includes(this.#services.home.config.organisation))
      void this.#fetchTerms({ agreement, parties, proposedBy: entry.author });
  }

  async #fetchTerms(of: Pick<AgreementState, 'agreement' | 'parties' | 'proposedBy'>): Promise<void> {
    const { store, links, log, clock, home } = this.#services;
    const { agreement, parties, proposedBy: proposer } = of;
    if (await store.agreements.find(agreement)) return;
    // Its own are there, unless this node was restored from a backup.
    const peer = parties.find((party) => party !== home.config.organisation)!;
    try {
      const link = await links.to(peer, { timeoutMs: fetchTimeoutMs });
      const answer = await link.call(termsCall.method, encodeBody({ agreement }), { timeoutMs: fetchTimeoutMs });
      const { terms } = readAnswer(termsCall, answer);
      if (agreementId(terms) !== agreement || terms.proposer.organisation !== proposer) {
        log.warn('the terms that a partner sent are not those on the ledger', { agreement, peer });
        return;
      }
      checkTerms(terms);
      const drafted = {
        id: agreement,
        terms,
        disclosure: disclose(terms),
        plan: await this.plan(terms),
        findings: await this.evaluate(terms),
      };
      await this.#keep(drafted, { status: 'proposed' });
      log.info('the terms of an agreement came from the partner', { agreement, peer });
    } catch {
      // Not reached, or the dataset is not here yet: the proposal stays on the ledger, and is fetched again.
      clock.after(fetchAgainMs, () => void this.#fetchTerms(of));
    }
  }

  async #keep(
    drafted: Drafted,
    how: { readonly status: 'draft' | 'proposed'; readonly user?: string },
  ): Promise<AgreementRow> {
    const { store, clock } = this.#services;
    const { id, terms, disclosure, plan, findings } = drafted;
    await store.agreements.create({
      id,
      status: how.status,
      operation: terms.operation,
      terms: JSON.parse(canonicalJson(terms as unknown as JsonValue)),
      disclosure,
      plan,
      findings,
      signatures: [],
      proposedBy: terms.proposer.organisation,
      ...(how.user ? { proposedByUser: how.user } : {}),
      atMs: clock.wallMs(),
      expiresAtMs: Date.parse(terms.limits.expiresAt),
    });
    return (await store.agreements.find(id))!;
  }

  async #ownDataset(reference: string): Promise<{ dataset: string; description: DatasetDescription }> {
    const { store, network, home } = this.#services;
    const row = await store.datasets.find(reference);
    const published = row && network.ledger.state.dataset(home.config.organisation, row.id);
    if (row && published?.status === 'published') return { dataset: row.id, description: published.description };
    throw new NodeError(
      'conflict',
      row ? `the dataset ${row.name} is not published` : `there is no dataset of that name here`,
      {
        remedy: row
          ? `publish it first: causeway dataset publish ${row.name}`
          : 'see what there is with `causeway dataset list`',
      },
    );
  }

  #partnersDataset(owner: string, reference: string): { dataset: string; description: DatasetDescription } {
    const { state } = this.#services.network.ledger;
    if (state.member(owner)?.status !== 'active') {
      throw new NodeError('conflict', `${owner} is not a member of this network`, {
        remedy: 'see who is with `causeway network members`',
        partner: owner,
      });
    }
    const found = state.datasets({ owner }).find(({ dataset, name }) => dataset === reference || name === reference);
    if (found) return found;
    throw new NodeError('conflict', `${owner} has published no dataset of that name`, {
      remedy: 'see what is offered with `causeway catalogue`',
      partner: owner,
    });
  }
}

/** Evaluations that the partner may ask of this side in one run: its whole list, for each kind of identifier. */
function evaluationsOfRun(terms: MatchTerms, side: 'proposer' | 'partner'): number | undefined {
  if (terms.protocol !== 'psi/oprf' || terms[side].learns === 'rows') return undefined;
  return terms[otherSide(side)].rowsMax * terms.rounds.length;
}

/** How many distinct identifiers a list may bring, when about so many rows were published: a tenth more, and never below 1,000. */
export function rowsMaxOf(rowsAbout: number): number {
  return Math.max(1000, Math.ceil(rowsAbout * 1.1));
}

/** Finds the two columns that a key names, and their common form. */
function roundOf(
  key: string,
  own: DatasetDescription,
  theirs: DatasetDescription,
  partner: string,
): MatchTerms['rounds'][number] {
  const named = (ids: DatasetDescription['ids']) =>
    ids.find(({ profile }) => parseProfile(profile).type === key) ??
    ids.find(({ column, profile }) => column === key || profile === key);
  const mine = named(own.ids);
  if (!mine) {
    throw new NodeError('profiles-differ', `our dataset has no identifier ${key}`, {
      remedy: `choose among ${kinds(own)}`,
    });
  }
  const type = parseProfile(mine.profile).type;
  const other = theirs.ids.find(({ profile }) => parseProfile(profile).type === type);
  if (!other) {
    throw new NodeError('profiles-differ', `the dataset of ${partner} has no ${type}`, {
      remedy: `choose among ${kinds(theirs)}`,
      partner,
    });
  }
  const compared = compareProfiles(parseProfile(mine.profile), parseProfile(other.profile));
  if (!compared.ok) throw new NodeError('profiles-differ', compared.sentence.en, { partner });
  return { form: formatProfile(compared.common), proposer: mine, partner: other };
}

function kinds({ ids }: DatasetDescription): string {
  return ids.map(({ profile }) => profile).join(', ') || 'none';
}
