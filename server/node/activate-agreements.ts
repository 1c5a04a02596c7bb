/** Agreements on activations: terms made of what both sides have published, the own rules on them, and what a run would take. */
import type { RequestOf } from '@causeway/core/api';
import { type ActivateTerms, activateDaysMax, planActivate } from '@causeway/core/applications/activate';
import { listDensities, otherSide, sideOf } from '@causeway/core/applications/match';
import { defaultPolicy, evaluatePolicy, type Finding } from '@causeway/core/policy';
import { opjaDerivation } from '@causeway/core/protocols/opja';
import { pairCipher } from '@causeway/core/protocols/pair';
import type { AgreementKind, Plan } from './agreements.ts';
import { factsOfPair, pairOf, planFactsOf, roundOf } from './proposal.ts';
import type { Services } from './services.ts';

export type ActivateProposal = Omit<RequestOf<'agreement.proposeActivation'>, 'dryRun'>;

/** For how many days an agreement is proposed, where nothing else is asked for: below the most, for two clocks are never one. */
const defaultDays: Readonly<Record<ActivateTerms['form']['kind'], number>> = { pair: 29, opja: 90 };

export class ActivateAgreements implements AgreementKind<ActivateTerms> {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  async terms(proposal: ActivateProposal): Promise<ActivateTerms> {
    const { common, descriptions } = await pairOf(this.#services, proposal, defaultDays[proposal.form.kind]);
    const { form, proposer, partner } = roundOf(proposal.key, ...descriptions, proposal.with);
    const terms: ActivateTerms = {
      version: 1,
      operation: 'activate',
      ...common,
      advertiser: proposal.advertiser === 'me' ? 'proposer' : 'partner',
      form:
        proposal.form.kind === 'pair'
          ? { kind: 'pair', cipher: pairCipher }
          : { ...proposal.form, derivation: opjaDerivation },
      key: { form, proposer, partner },
    };
    return terms;
  }

  /** Needs no more than every node has. */
  requireRunnable(): void {}

  async evaluate(terms: ActivateTerms, job?: string): Promise<Finding[]> {
    const { home, network } = this.#services;
    const { organisation } = home.config;
    const side = sideOf(terms, organisation);
    const { minimumListRows, minimumGroupRows, densityPercentMax } = await this.#services.settings();
    const other = terms[otherSide(side)];
    const daysMax = Math.min(defaultPolicy.daysMax, activateDaysMax[terms.form.kind]);
    return evaluatePolicy(
      organisation,
      { ...defaultPolicy, minimumListRows, minimumGroupRows, densityPercentMax, daysMax },
      {
        ...(await factsOfPair(this.#services, { own: terms[side], other, limits: terms.limits, job })),
        limits: terms.limits,
        densities: listDensities(
          { ...terms, rounds: [terms.key] },
          (list) => network.ledger.state.dataset(list.organisation, list.dataset)?.description.ids,
        ),
      },
    );
  }

  async plan(terms: ActivateTerms): Promise<Plan> {
    const side = sideOf(terms, this.#services.home.config.organisation);
    const parties = [terms.proposer.organisation, terms.partner.organisation] as const;
    const plan = planActivate(terms, side, await planFactsOf(this.#services, parties));
    return { ...plan, rounds: [...plan.rounds], alternatives: [] };
  }
}
