/** Agreements of every kind: made here or at a partner, kept with their terms, decided on by people, and true as the ledger says. */
import type { ResponseOf } from '@causeway/core/api';
import {
  type AgreementTerms,
  agreementId,
  agreementTerms,
  checkTerms,
  type Disclosure,
  datasetsOf,
  disclose,
  partiesOf,
} from '@causeway/core/applications/agreement';
import { canonicalJson, type JsonValue } from '@causeway/core/json';
import type { AgreementState, Bodies, LedgerRecord } from '@causeway/core/ledger';
import { type Finding, requireAllowed } from '@causeway/core/policy';
import { z } from 'zod';
import { NodeError } from '../home/index.ts';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../ledger/calls.ts';
import { CallRefused } from '../link/index.ts';
import type { AgreementRow } from '../store/index.ts';
import type { Services } from './services.ts';

export type Plan = ResponseOf<'agreement.proposeMatch'>['plan'];

/** What a node does with agreements of one kind. */
export interface AgreementKind<Terms extends AgreementTerms> {
  /** @throws {NodeError} for terms that this node could not run. */
  requireRunnable(terms: Terms): void;
  /**
   * This organisation's own rules on an agreement.
   * @param job a run of it that the ledger has already, which does not stand in its own way.
   */
  evaluate(terms: Terms, job?: string): Promise<Finding[]>;
  /** What a run would take, as this side sees it. */
  plan(terms: Terms): Promise<Plan | undefined>;
}

/** One for each operation. */
export type AgreementKinds = {
  readonly [Operation in AgreementTerms['operation']]: AgreementKind<
    Extract<AgreementTerms, { readonly operation: Operation }>
  >;
};

export interface Drafted {
  readonly id: string;
  readonly terms: AgreementTerms;
  readonly disclosure: Disclosure;
  readonly plan: Plan | undefined;
  readonly findings: readonly Finding[];
}

const termsCall: CallForm<{ agreement: string }, { terms: AgreementTerms }> = {
  method: 'agreement.terms',
  question: z.strictObject({ agreement: z.string().regex(/^[0-9a-f]{64}$/) }),
  answer: z.strictObject({ terms: agreementTerms }),
};

const fetchTimeoutMs = 10_000;
const fetchAgainMs = 2_000;

/** The terms of an agreement that this node keeps. */
export function termsOf(row: AgreementRow): AgreementTerms {
  return row.terms as AgreementTerms;
}

export class Agreements {
  readonly #services: Services;
  readonly #kinds: AgreementKinds;

  constructor(services: Services, kinds: AgreementKinds) {
    this.#services = services;
    this.#kinds = kinds;
    services.links.onCall(termsCall.method, async (peer, body) => {
      const row = await services.store.agreements.find(readQuestion(termsCall, body).agreement);
      const terms = row && termsOf(row);
      // Whoever is no party learns nothing, not even that there is such an agreement.
      if (!terms || !partiesOf(terms).includes(peer)) {
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

  /** Makes disclosure, plan and findings of terms; nothing is said to anyone. @throws {NodeError} for terms that contradict themselves or could not be run here. */
  async draft(terms: AgreementTerms): Promise<Drafted> {
    try {
      checkTerms(terms);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      throw new NodeError('terms-refused', cause.message, { cause });
    }
    const kind = this.#kindOf(terms);
    kind.requireRunnable(terms);
    return this.#drafted(terms);
  }

  /** Keeps a draft and, unless four eyes are asked for, proposes it. */
  async propose(drafted: Drafted, user: string): Promise<AgreementRow> {
    requireAllowed(drafted.findings);
    const settings = await this.#services.settings();
    const row = await this.#keep(drafted, { status: settings.fourEyes ? 'draft' : 'proposed', user });
    if (!settings.fourEyes) await this.#sayProposed(drafted.terms, drafted.id);
    return row;
  }

  /**
   * Keeps a draft that a guest has consented to, and puts it on the ledger: it is in force at once.
   * @param user who made the invite, and so agreed for this organisation.
   */
  async agreeWithGuest(
    drafted: Drafted,
    { user, guest }: { readonly user: string; readonly guest: Bodies['agreement.proposed']['guest'] & object },
  ): Promise<void> {
    requireAllowed(drafted.findings);
    await this.#keep(drafted, { status: 'active', user });
    await this.#sayProposed(drafted.terms, drafted.id, guest);
  }

  /** A person's yes: to a draft of this organisation, or to a partner's proposal. */
  async approve(row: AgreementRow, by: { readonly user: string; readonly disclosure: string }): Promise<void> {
    const terms = termsOf(row);
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
    this.#kindOf(terms).requireRunnable(terms);
    requireAllowed(await this.evaluate(terms));
    if (row.status === 'draft') {
      await this.#sayProposed(terms, row.id);
    } else {
      await this.#services.network.ledger.append('agreement.signed', { agreement: row.id });
    }
    await this.#services.store.agreements.move(row.id, {
      from: [row.status],
      to: row.status === 'draft' || partiesOf(terms).length > 2 ? 'proposed' : 'active',
      atMs: this.#services.clock.wallMs(),
      byUser: by.user,
    });
  }

  /** This organisation's own rules on an agreement. @param job as {@link AgreementKind.evaluate} has it. */
  evaluate(terms: AgreementTerms, job?: string): Promise<Finding[]> {
    return this.#kindOf(terms).evaluate(terms, job);
  }

  /** The plan as this side sees it. */
  plan(terms: AgreementTerms): Promise<Plan | undefined> {
    return this.#kindOf(terms).plan(terms);
  }

  /** The kinds' table and the terms' union agree by construction, which the compiler cannot see through an index. */
  #kindOf({ operation }: AgreementTerms): AgreementKind<AgreementTerms> {
    return this.#kinds[operation] as AgreementKind<AgreementTerms>;
  }

  async #drafted(terms: AgreementTerms): Promise<Drafted> {
    return {
      id: agreementId(terms),
      terms,
      disclosure: disclose(terms),
      plan: await this.plan(terms),
      findings: await this.evaluate(terms),
    };
  }

  async #sayProposed(terms: AgreementTerms, id: string, guest?: Bodies['agreement.proposed']['guest']): Promise<void> {
    await this.#services.network.ledger.append('agreement.proposed', {
      agreement: id,
      // A guest is no member, and stands there by its key.
      parties: terms.operation === 'guest' ? [terms.host.organisation] : [...partiesOf(terms)],
      datasets: [...datasetsOf(terms)],
      operation: terms.operation,
      ...(terms.operation === 'room' ? { room: terms.room } : {}),
      ...(guest === undefined ? {} : { guest }),
      usesMax: terms.limits.usesMax,
      expiresAt: terms.limits.expiresAt,
    });
  }

  /** An agreement of this organisation that it has not: its terms are fetched from another party, and held to their hash. */
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
    const { organisation } = home.config;
    // Its own are there, unless this node was restored from a backup.
    const peer = proposer === organisation ? parties.find((party) => party !== organisation) : proposer;
    // Of an agreement with a guest nobody else has the terms.
    if (peer === undefined) return;
    try {
      const link = await links.to(peer, { timeoutMs: fetchTimeoutMs });
      const answer = await link.call(termsCall.method, encodeBody({ agreement }), { timeoutMs: fetchTimeoutMs });
      const { terms } = readAnswer(termsCall, answer);
      if (agreementId(terms) !== agreement || partiesOf(terms)[0] !== proposer) {
        log.warn('the terms that a partner sent are not those on the ledger', { agreement, peer });
        return;
      }
      checkTerms(terms);
      await this.#keep(await this.#drafted(terms), { status: 'proposed' });
      log.info('the terms of an agreement came from the partner', { agreement, peer });
    } catch {
      // Not reached, or the dataset is not here yet: the proposal stays on the ledger, and is fetched again.
      clock.after(fetchAgainMs, () => void this.#fetchTerms(of));
    }
  }

  async #keep(
    drafted: Drafted,
    how: { readonly status: 'draft' | 'proposed' | 'active'; readonly user?: string },
  ): Promise<AgreementRow> {
    const { store, clock } = this.#services;
    const { id, terms, disclosure, plan, findings } = drafted;
    await store.agreements.create({
      id,
      status: how.status,
      operation: terms.operation,
      terms: JSON.parse(canonicalJson(terms as unknown as JsonValue)),
      disclosure,
      ...(plan === undefined ? {} : { plan }),
      findings,
      signatures: [],
      proposedBy: partiesOf(terms)[0]!,
      ...(how.user ? { proposedByUser: how.user } : {}),
      atMs: clock.wallMs(),
      expiresAtMs: Date.parse(terms.limits.expiresAt),
    });
    return (await store.agreements.find(id))!;
  }
}
