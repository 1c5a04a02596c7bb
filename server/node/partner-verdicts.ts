/**
 * What the rules of the other parties say of a proposal, told to whoever proposed it: which rule, how it came out, and, of what is refused, in
 * words. An allowed rule's words would tell its owner's settings, and those of the privacy budget what its owner has agreed with others.
 */
import type { ResponseOf } from '@causeway/core/api';
import { partiesOf } from '@causeway/core/applications/agreement';
import type { Finding, PolicyRule } from '@causeway/core/policy';
import { z } from 'zod';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../ledger/calls.ts';
import { CallRefused } from '../link/index.ts';
import type { AgreementRow } from '../store/index.ts';
import { type Agreements, termsOf } from './agreements.ts';
import { isAnswered } from './asked-partner.ts';
import type { Services } from './services.ts';

export type PartnerVerdicts = ResponseOf<'agreement.verdicts'>['items'][number];
type Verdict = NonNullable<PartnerVerdicts['verdicts']>[number];

const sentence = z.string().max(2000);
const verdictsCall: CallForm<{ agreement: string }, { verdicts: Verdict[] }> = {
  method: 'agreement.verdicts',
  question: z.strictObject({ agreement: z.string().regex(/^[0-9a-f]{64}$/) }),
  answer: z.strictObject({
    verdicts: z
      .array(
        z.strictObject({
          rule: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
          outcome: z.enum(['allowed', 'warned', 'refused']),
          words: z.strictObject({ en: sentence, zh: sentence }).exactOptional(),
        }),
      )
      .max(50),
  }),
};

/** A person waits for it. */
const askTimeoutMs = 3_000;
const untold: ReadonlySet<PolicyRule> = new Set(['privacy-budget']);

export class Verdicts {
  readonly #services: Services;

  constructor(services: Services, agreements: Agreements) {
    this.#services = services;
    const { links, store } = services;
    links.onCall(verdictsCall.method, async (peer, body) => {
      const row = await store.agreements.find(readQuestion(verdictsCall, body).agreement);
      // For whoever proposed it, to change what is refused; nobody else is told that there is such an agreement.
      if (row?.proposedBy !== peer)
        throw new CallRefused({ code: 'agreement-unknown', detail: 'there is no such proposal of yours' });
      return encodeBody({ verdicts: told(await agreements.evaluate(termsOf(row))) });
    });
  }

  /** Asks all other parties at once; who does not answer is named with why. Nobody is asked of what another party proposed. */
  async of(row: AgreementRow): Promise<PartnerVerdicts[]> {
    const { links, home } = this.#services;
    const { organisation: self } = home.config;
    const terms = termsOf(row);
    if (row.proposedBy !== self || row.status === 'draft' || terms.operation === 'guest') return [];
    const others = partiesOf(terms).filter((party) => party !== self);
    return Promise.all(
      others.map(async (organisation): Promise<PartnerVerdicts> => {
        try {
          const link = await links.to(organisation, { timeoutMs: askTimeoutMs });
          const question = encodeBody({ agreement: row.id });
          const answer = await link.call(verdictsCall.method, question, { timeoutMs: askTimeoutMs });
          return { organisation, ...readAnswer(verdictsCall, answer) };
        } catch (error) {
          return { organisation, unknown: isAnswered(error) ? 'not-told' : 'unreachable' };
        }
      }),
    );
  }
}

/** What a party says of its own findings to whoever proposed. */
export function told(findings: readonly Finding[]): Verdict[] {
  return findings.map(({ rule, outcome, words }) => ({
    rule,
    outcome,
    ...(outcome === 'allowed' || untold.has(rule) ? {} : { words: { ...words } }),
  }));
}
