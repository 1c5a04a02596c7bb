/** Agreements with guests: this organisation's own rules on them. They come about in `guest-visits.ts`, where a guest consents to an invite. */
import { type GuestTerms, matchOf } from '@causeway/core/applications/guest';
import { listDensities } from '@causeway/core/applications/match';
import { defaultPolicy, evaluatePolicy, type Finding } from '@causeway/core/policy';
import type { AgreementKind } from './agreements.ts';
import { factsOfPair } from './proposal.ts';
import type { Services } from './services.ts';

export class GuestAgreements implements AgreementKind<GuestTerms> {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** psi/ecdh runs everywhere. */
  requireRunnable(): void {}

  async evaluate(terms: GuestTerms, job?: string): Promise<Finding[]> {
    const { home, network } = this.#services;
    const { organisation } = home.config;
    const { minimumListRows, minimumGroupRows, densityPercentMax } = await this.#services.settings();
    const match = matchOf(terms);
    return evaluatePolicy(
      organisation,
      { ...defaultPolicy, minimumListRows, minimumGroupRows, densityPercentMax },
      {
        ...(await factsOfPair(this.#services, { own: terms.host, other: match.partner, limits: terms.limits, job })),
        limits: terms.limits,
        densities: listDensities(match, (list) =>
          list.organisation === organisation
            ? network.ledger.state.dataset(organisation, list.dataset)?.description.ids
            : // A guest has published nothing: what its page measured is all that is known.
              match.rounds.map(({ partner }) => partner),
        ),
      },
    );
  }

  /** How fast a stranger's browser is, this node does not know. */
  async plan(): Promise<undefined> {
    return undefined;
  }
}
