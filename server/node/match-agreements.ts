/** Agreements to match: terms made of what both sides have published, the own rules on them, and what a run would take. */
import type { Settings } from '@causeway/core/api';
import {
  learningOf,
  listDensities,
  type MatchTerms,
  otherSide,
  planMatch,
  type Receiver,
  sideOf,
} from '@causeway/core/applications/match';
import type { KernelName } from '@causeway/core/group';
import { defaultPolicy, evaluatePolicy, type Finding } from '@causeway/core/policy';
import type { MatchProtocol } from '@causeway/core/protocols';
import { NodeError } from '../home/index.ts';
import type { AgreementKind, Plan } from './agreements.ts';
import { factsOfPair, pairOf, planFactsOf, roundOf } from './proposal.ts';
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

const defaultDays = 30;

export class MatchAgreements implements AgreementKind<MatchTerms> {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Makes the terms of a proposal; nothing is said to anyone. @throws {NodeError} with what does not fit. */
  async terms(proposal: MatchProposal): Promise<MatchTerms> {
    const { common, descriptions } = await pairOf(this.#services, proposal, defaultDays);
    const learns = learningOf(proposal.receiver);
    const terms: MatchTerms = {
      version: 1,
      operation: 'match',
      ...common,
      protocol: proposal.protocol ?? 'psi/ecdh',
      ...(proposal.traffic === undefined ? {} : { traffic: proposal.traffic }),
      ...(proposal.kernelAtLeast === undefined ? {} : { kernelAtLeast: proposal.kernelAtLeast }),
      proposer: { ...common.proposer, learns: learns.proposer },
      partner: { ...common.partner, learns: learns.partner },
      rounds: proposal.keys.map((key) => roundOf(key, ...descriptions, proposal.with)),
    };
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
    const { home, network } = this.#services;
    const side = sideOf(terms, home.config.organisation);
    const settings: Settings = await this.#services.settings();
    const { minimumListRows, minimumGroupRows, densityPercentMax, evaluationsPerDayMax } = settings;
    const other = terms[otherSide(side)];
    return evaluatePolicy(
      home.config.organisation,
      { ...defaultPolicy, minimumListRows, minimumGroupRows, densityPercentMax, evaluationsPerDayMax },
      {
        ...(await factsOfPair(this.#services, { own: terms[side], other, limits: terms.limits, job })),
        limits: terms.limits,
        evaluationsOfRun: evaluationsOfRun(terms, side),
        densities: listDensities(
          terms,
          ({ organisation, dataset }) => network.ledger.state.dataset(organisation, dataset)?.description.ids,
        ),
      },
    );
  }

  async plan(terms: MatchTerms): Promise<Plan> {
    const side = sideOf(terms, this.#services.home.config.organisation);
    const parties = [terms.proposer.organisation, terms.partner.organisation] as const;
    const plan = planMatch(terms, side, await planFactsOf(this.#services, parties));
    return { ...plan, rounds: [...plan.rounds], alternatives: [...plan.alternatives] };
  }
}

/** Evaluations that the partner may ask of this side in one run: its whole list, for each kind of identifier. */
function evaluationsOfRun(terms: MatchTerms, side: 'proposer' | 'partner'): number | undefined {
  if (terms.protocol !== 'psi/oprf' || terms[side].learns === 'rows') return undefined;
  return terms[otherSide(side)].rowsMax * terms.rounds.length;
}
