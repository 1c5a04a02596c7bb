/**
 * How far the parties of a job are, as they tell each other when a person looks: states and times of stages, and no count. Whoever is a
 * party sees the other's messages come and go anyway; what they say of sizes stays with the terms.
 */
import type { ResponseOf } from '@causeway/core/api';
import { z } from 'zod';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../ledger/calls.ts';
import { CallRefused, type Links } from '../link/index.ts';
import type { JobRow } from '../store/index.ts';
import { isAnswered } from './asked-partner.ts';
import type { StageView } from './job-progress.ts';

export type PartnerView = ResponseOf<'job.partners'>['items'][number];
type Told = Pick<Required<PartnerView>, 'status' | 'attempt' | 'stages'>;

const instant = z.iso.datetime();
const told = z.strictObject({
  status: z.enum(['queued', 'running', 'interrupted', 'cancelling', 'finished', 'failed', 'cancelled']),
  attempt: z.int().min(0),
  stages: z
    .array(
      z.strictObject({
        name: z.string().max(100),
        status: z.enum(['waiting', 'running', 'done', 'failed']),
        progress: z.number().min(0).max(1),
        startedAt: instant.exactOptional(),
        finishedAt: instant.exactOptional(),
      }),
    )
    .max(200),
});
const stagesCall: CallForm<{ job: string }, z.infer<typeof told>> = {
  method: 'job.stages',
  question: z.strictObject({ job: z.string().min(1).max(64) }),
  answer: told,
};

type ToldRow = Pick<JobRow, 'status' | 'attempt' | 'stages'> & { readonly partners: readonly string[] };

/** What it needs of a node. */
export interface PartnerStagesPorts {
  readonly links: Links;
  readonly store: {
    readonly jobs: {
      find(id: string): Promise<ToldRow | undefined>;
    };
  };
}

export class PartnerStages {
  readonly #links: Links;
  readonly #timeoutMs: number;

  /** @param options.timeoutMs how long a partner has: a person waits for it. */
  constructor({ links, store }: PartnerStagesPorts, { timeoutMs = 3_000 }: { readonly timeoutMs?: number } = {}) {
    this.#links = links;
    this.#timeoutMs = timeoutMs;
    links.onCall(stagesCall.method, async (peer, body) => {
      const { job } = readQuestion(stagesCall, body);
      return encodeBody(toldTo(peer, await store.jobs.find(job)));
    });
  }

  /** Asks all partners at once; who does not answer is named with why. */
  ofPartners(row: { readonly id: string; readonly partners: readonly string[] }): Promise<PartnerView[]> {
    const timeoutMs = this.#timeoutMs;
    return Promise.all(
      row.partners.map(async (organisation): Promise<PartnerView> => {
        try {
          const link = await this.#links.to(organisation, { timeoutMs });
          const answer = await link.call(stagesCall.method, encodeBody({ job: row.id }), { timeoutMs });
          return { organisation, ...readAnswer(stagesCall, answer) };
        } catch (error) {
          return { organisation, unknown: isAnswered(error) ? 'not-told' : 'unreachable' };
        }
      }),
    );
  }
}

/** @throws {CallRefused} `not-found` for whoever is no party: that there is such a job is not said either. */
function toldTo(peer: string, row: ToldRow | undefined): Told {
  if (!row?.partners.includes(peer)) throw new CallRefused({ code: 'not-found', detail: 'there is no such job' });
  const stages = (row.stages as readonly StageView[]).map(
    ({ name, status, progress, startedAt, finishedAt }): StageView => ({
      name,
      status,
      progress: Math.round(progress * 100) / 100,
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(finishedAt === undefined ? {} : { finishedAt }),
    }),
  );
  return { status: row.status, attempt: row.attempt, stages };
}
