/** Agreements on deliveries: terms made of a finished match and of the columns that are asked for, and the own rules on them. */
import { randomBytes } from 'node:crypto';
import { type DeliverTerms, planDelivery } from '@causeway/core/applications/deliver';
import { type MatchTerms, otherSide, sideOf } from '@causeway/core/applications/match';
import { formatTime } from '@causeway/core/ledger';
import { defaultPolicy, evaluatePolicy, type Finding } from '@causeway/core/policy';
import { NodeError } from '../home/index.ts';
import { endOf, endText } from './agreement-end.ts';
import { type AgreementKind, type Plan, termsOf } from './agreements.ts';
import { factsOfPair, planFactsOf } from './proposal.ts';
import type { Services } from './services.ts';

export interface DeliverProposal {
  /** Of the match. */
  readonly job: string;
  /** Whose columns they are. */
  readonly from: 'me' | 'them';
  readonly columns: readonly string[];
  readonly purpose: string;
  readonly uses: number;
  readonly expiresAt?: string | undefined;
}

export class DeliverAgreements implements AgreementKind<DeliverTerms> {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Makes the terms of a proposal; nothing is said to anyone. @throws {NodeError} with what does not fit. */
  async terms(proposal: DeliverProposal): Promise<DeliverTerms> {
    const { home } = this.#services;
    const settings = await this.#services.settings();
    const { agreement, terms: match } = await this.#match(proposal.job);
    const own = sideOf(match, home.config.organisation);
    // What the proposer of the match is need not be what this one's is.
    const [mine, theirs] = [match[own], match[otherSide(own)]];
    const list = ({ organisation, dataset, rowsAbout, rowsMax }: MatchTerms['proposer']) => ({
      organisation,
      dataset,
      rowsAbout,
      rowsMax,
    });
    const columnOf = ({ column, profile }: MatchTerms['rounds'][number]['proposer']) => ({ column, profile });
    const expiresAt = proposal.expiresAt ? formatTime(Date.parse(proposal.expiresAt)) : match.limits.expiresAt;
    const terms: DeliverTerms = {
      version: 1,
      operation: 'deliver',
      network: match.network,
      purpose: proposal.purpose,
      proposer: list(mine),
      partner: list(theirs),
      provider: proposal.from === 'me' ? 'proposer' : 'partner',
      match: { job: proposal.job, agreement },
      keys: match.rounds.map((round) => ({
        form: round.form,
        proposer: columnOf(round[own]),
        partner: columnOf(round[otherSide(own)]),
      })),
      columns: [...proposal.columns],
      limits: {
        minimumGroupRows: Math.max(settings.minimumGroupRows, match.limits.minimumGroupRows),
        usesMax: proposal.uses,
        expiresAt,
      },
      nonce: randomBytes(16).toString('hex'),
    };
    await this.requireTrue(terms);
    return terms;
  }

  /** Needs no more than every node has. */
  requireRunnable(): void {}

  /**
   * Holds terms to the match that they name, as this node knows it, and to the columns that the provider has published.
   * @throws {NodeError} `terms-refused`.
   */
  async requireTrue(terms: DeliverTerms): Promise<void> {
    const { network } = this.#services;
    const { terms: match, agreement } = await this.#match(terms.match.job);
    const isOfMatch = terms.keys.length === match.rounds.length && agreement === terms.match.agreement;
    if (!isOfMatch || terms.keys.some(({ form }, kind) => form !== match.rounds[kind]!.form))
      throw refused('the delivery names another match than this node knows');
    for (const side of ['proposer', 'partner'] as const) {
      const matched = sideOf(match, terms[side].organisation);
      const isSame = terms.keys.every((key, kind) => key[side].column === match.rounds[kind]![matched].column);
      if (isSame && match[matched].dataset === terms[side].dataset) continue;
      throw refused(`the delivery is of another dataset of ${terms[side].organisation} than was matched`);
    }
    if (Date.parse(terms.limits.expiresAt) > Date.parse(match.limits.expiresAt))
      throw refused(`the match ends at ${match.limits.expiresAt}, and what follows from it no later`);
    const { organisation, dataset } = terms[terms.provider];
    const attributes = network.ledger.state.dataset(organisation, dataset)?.description.attributes ?? [];
    for (const column of terms.columns) {
      const published = attributes.find((attribute) => attribute.column === column);
      if (!published) throw refused(`the dataset of ${organisation} has no attribute ${column}`);
      if (published.grade === 'personal' || published.grade === 'sensitive')
        throw refused(`column ${column} is ${published.grade}, and such a column is not delivered`);
    }
  }

  async evaluate(terms: DeliverTerms, job?: string): Promise<Finding[]> {
    const { home } = this.#services;
    const { organisation } = home.config;
    const side = sideOf(terms, organisation);
    const { minimumGroupRows } = await this.#services.settings();
    const other = terms[otherSide(side)];
    return evaluatePolicy(
      organisation,
      // The lists were held to their minimum when they were matched.
      { ...defaultPolicy, minimumListRows: 1, minimumGroupRows },
      {
        ...(await factsOfPair(this.#services, { own: terms[side], other, limits: terms.limits, job })),
        limits: { minimumListRows: 1, ...terms.limits },
        densities: [],
      },
    );
  }

  async plan(terms: DeliverTerms): Promise<Plan> {
    const side = sideOf(terms, this.#services.home.config.organisation);
    const parties = [terms.proposer.organisation, terms.partner.organisation] as const;
    const plan = planDelivery(terms, side, await planFactsOf(this.#services, parties));
    return { ...plan, rounds: [...plan.rounds], alternatives: [] };
  }

  /** A match whose rows both sides learned, and by which kind of identifier: then both have the same numbers for them. */
  async #match(job: string): Promise<{ readonly agreement: string; readonly terms: MatchTerms }> {
    const { network, store } = this.#services;
    const state = network.ledger.state.job(job);
    const row = state && (await store.agreements.find(state.agreement));
    const terms = row && termsOf(row);
    if (!state || terms?.operation !== 'match' || state.status !== 'finished')
      throw refused(`${job} is no finished match of this organisation`);
    if (terms.proposer.learns !== 'rows' || terms.partner.learns !== 'rows')
      throw refused('a delivery needs a match in which both sides learned which of their rows match');
    const end = await endOf(row!, this.#services);
    if (end !== undefined) throw refused(`the agreement of the match ${endText(end)}: nothing is built on it any more`);
    return { agreement: state.agreement, terms };
  }
}

function refused(message: string): NodeError {
  return new NodeError('terms-refused', message, {
    remedy:
      'name a finished match of which both sides learned rows, and columns of the catalogue that are not personal',
  });
}
