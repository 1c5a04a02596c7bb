/** Agreements to match: terms made of what both sides have published, the own rules on them, and what a run would take. */
import { randomBytes } from 'node:crypto';
import type { Settings } from '@causeway/core/api';
import {
  checkTerms,
  learningOf,
  listDensities,
  type MatchTerms,
  otherSide,
  planMatch,
  type Receiver,
  sideOf,
} from '@causeway/core/applications/match';
import type { KernelName } from '@causeway/core/group';
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import { type DatasetDescription, formatTime } from '@causeway/core/ledger';
import { defaultPolicy, evaluatePolicy, type Finding } from '@causeway/core/policy';
import type { MatchProtocol } from '@causeway/core/protocols';
import { NodeError } from '../home/index.ts';
import { isLoopback } from '../link/index.ts';
import type { AgreementKind, Plan } from './agreements.ts';
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

const dayMs = 24 * 3600_000;
const defaultDays = 30;

export class MatchAgreements implements AgreementKind<MatchTerms> {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Makes the terms of a proposal; nothing is said to anyone. @throws {NodeError} with what does not fit. */
  async terms(proposal: MatchProposal): Promise<MatchTerms> {
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
    return terms;
  }

  /** What this node could not run is not agreed to. */
  requireRunnable({ protocol }: MatchTerms): void {
    if (protocol !== 'psi/vole' || this.#services.vole) return;
    throw new NodeError('native-library-missing', 'psi/vole needs the native library, which this node does not have', {
      remedy: 'install a C++ compiler and run "npm run build:native", or agree on psi/ecdh',
    });
  }

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

  async plan(terms: MatchTerms): Promise<Plan> {
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
