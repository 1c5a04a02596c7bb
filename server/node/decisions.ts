/**
 * Why an agreement was signed, rejected or ended, in the words of whoever did it. That it was, is on the ledger for good; free text may name
 * anybody, so it stays in the stores of the parties: whoever ended an agreement tells its partners over the link when they ask.
 */
import { reasonText } from '@causeway/core/api';
import { partiesOf } from '@causeway/core/applications/agreement';
import type { LedgerRecord } from '@causeway/core/ledger';
import { z } from 'zod';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../ledger/calls.ts';
import { CallRefused } from '../link/index.ts';
import type { AgreementRow, DecisionKey, DecisionRow } from '../store/index.ts';
import { termsOf } from './agreements.ts';
import { isAnswered } from './asked-partner.ts';
import type { Services } from './services.ts';

export type Decision = DecisionRow['decision'];
type Ending = Exclude<Decision, 'approved'>;
/** That an organisation ended an agreement. */
type Ended = DecisionKey<Ending>;

const reasonCall: CallForm<{ agreement: string; decision: Ending }, { reason?: string }> = {
  method: 'agreement.reason',
  question: z.strictObject({
    agreement: z.string().regex(/^[0-9a-f]{64}$/),
    decision: z.enum(['rejected', 'revoked']),
  }),
  // A partner's text is held to the form that this node's own users are held to.
  answer: z.strictObject({ reason: reasonText.exactOptional() }),
};

const askTimeoutMs = 10_000;
/** From one try to the next, longer each time. */
const askAgainMs = { first: 2_000, last: 300_000 };

export class Decisions {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
    const { links, network, store } = services;
    links.onCall(reasonCall.method, async (peer, body) => {
      const { agreement, decision } = readQuestion(reasonCall, body);
      const row = await store.agreements.find(agreement);
      if (!row || !partiesOf(termsOf(row)).includes(peer)) {
        throw new CallRefused({ code: 'agreement-unknown', detail: 'there is no such agreement with you' });
      }
      const { organisation } = services.home.config;
      const own = (await store.decisions.of(row.id)).find(
        (one) => one.organisation === organisation && one.decision === decision,
      );
      return encodeBody(own?.reason == null ? {} : { reason: own.reason });
    });
    network.whenOpen((ledger) => {
      ledger.onRecord((record) => this.#follow(record));
      void this.#askAll(
        ledger.state
          .agreements({ party: services.home.config.organisation })
          .flatMap(({ agreement, rejectedBy, revokedBy }): Ended[] => {
            const organisation = rejectedBy ?? revokedBy;
            if (organisation === undefined) return [];
            return [{ agreement, organisation, decision: rejectedBy === undefined ? 'revoked' : 'rejected' }];
          }),
      );
    });
  }

  /**
   * Decides, and keeps why: before the ledger says so, since partners ask as soon as it does.
   * @param decide is what makes it true; where it fails, the reason is forgotten.
   */
  async keep(
    row: AgreementRow,
    of: { readonly decision: Decision; readonly reason: string | undefined; readonly user: string },
    decide: () => Promise<void>,
  ): Promise<void> {
    const { store, clock, home } = this.#services;
    const { decision, reason, user } = of;
    if (reason === undefined) return decide();
    const key = { agreement: row.id, organisation: home.config.organisation, decision };
    await store.decisions.add({ ...key, reason, byUser: user, atMs: clock.wallMs() });
    try {
      await decide();
    } catch (error) {
      await store.decisions.remove(key);
      throw error;
    }
  }

  #follow({ entry }: LedgerRecord): void {
    if (entry.type !== 'agreement.rejected' && entry.type !== 'agreement.revoked') return;
    const decision = entry.type === 'agreement.rejected' ? 'rejected' : 'revoked';
    void this.#askAll([{ agreement: entry.body.agreement, organisation: entry.author, decision }]);
  }

  /** Asks whoever ended agreements why, where it is not known; the store is read once for all of them. */
  async #askAll(ended: readonly Ended[], againMs = askAgainMs.first): Promise<void> {
    const { store, clock, home } = this.#services;
    const byPartners = ended.filter(({ organisation }) => organisation !== home.config.organisation);
    try {
      for (const one of await store.decisions.unexplained(byPartners)) void this.#ask(one);
    } catch {
      clock.after(againMs, () => void this.#askAll(byPartners, longer(againMs)));
    }
  }

  /** Asks until it is known that nothing or something was said. */
  async #ask(of: Ended, againMs = askAgainMs.first): Promise<void> {
    const { store, links, clock, log, network } = this.#services;
    const { agreement, organisation, decision } = of;
    if (!network.members().some((member) => member.organisation === organisation)) return;
    try {
      const link = await links.to(organisation, { timeoutMs: askTimeoutMs });
      const question = encodeBody({ agreement, decision });
      const answer = await link.call(reasonCall.method, question, { timeoutMs: askTimeoutMs });
      const { reason = null } = readAnswer(reasonCall, answer);
      await store.decisions.add({ agreement, organisation, decision, reason, byUser: null, atMs: clock.wallMs() });
      if (reason !== null) log.info('a partner said why it ended an agreement', { agreement, peer: organisation });
    } catch (error) {
      // What is no text of the agreed form would come again, and a node of an older version would know no better.
      if (isAnswered(error)) return;
      clock.after(againMs, () => void this.#ask(of, longer(againMs)));
    }
  }
}

function longer(againMs: number): number {
  return Math.min(2 * againMs, askAgainMs.last);
}
