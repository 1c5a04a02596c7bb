/** What parties of a job tell each other beside what they exchange: signatures under the outcome, and why one of them stopped. */
import { z } from 'zod';
import { type CallForm, encodeBody, readAnswer, readQuestion } from '../../ledger/calls.ts';
import { CallRefused, LinkError, type Links, type PeerFailure } from '../../link/index.ts';

const job = z.string().min(1).max(64);
const signedOutcome = z.strictObject({
  job,
  outcome: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.base64().max(100),
});
const failure = z.strictObject({ job, code: z.string().regex(/^[a-z0-9-]{1,63}$/), detail: z.string().max(2000) });
type SignedOutcome = z.infer<typeof signedOutcome>;

const sign: CallForm<SignedOutcome, { signature: string }> = {
  method: 'job.sign',
  question: signedOutcome,
  answer: z.strictObject({ signature: z.base64().max(100) }),
};
const explain: CallForm<z.infer<typeof failure>, Record<string, never>> = {
  method: 'job.failed',
  question: failure,
  answer: z.strictObject({}),
};

const running: CallForm<{ job: string }, { isRunning: boolean }> = {
  method: 'job.running',
  question: z.strictObject({ job }),
  answer: z.strictObject({ isRunning: z.boolean() }),
};

/** One for each node: answers partners for every job that runs here. */
export class JobCalls {
  readonly #links: Links;
  readonly #timeoutMs: number;
  readonly #running = new Set<string>();
  /** Own signatures, by job, from the moment when the outcome is computed. */
  readonly #outcomes = new Map<string, SignedOutcome>();
  readonly #causes = new Map<string, PeerFailure>();

  /** @param options.timeoutMs how long a partner has to answer. */
  constructor(links: Links, { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}) {
    this.#links = links;
    this.#timeoutMs = timeoutMs;
    links.onCall(sign.method, async (_peer, body) => encodeBody(this.#answer(readQuestion(sign, body))));
    links.onCall(explain.method, async (peer, body) => {
      const { job: id, code, detail } = readQuestion(explain, body);
      this.#causes.set(`${peer}/${id}`, { code, detail });
      return encodeBody({});
    });
    links.onCall(running.method, async (_peer, body) =>
      encodeBody({ isRunning: this.#running.has(readQuestion(running, body).job) }),
    );
  }

  /** An attempt at a job is under way here, until {@link forget}. */
  begin(id: string): void {
    this.#running.add(id);
  }

  /** Whether an attempt at the job is under way at a partner: neither paused nor ended. False where it cannot be reached. */
  async isRunning(peer: string, id: string): Promise<boolean> {
    try {
      return readAnswer(running, await this.#call(peer, running.method, { job: id })).isRunning;
    } catch {
      return false;
    }
  }

  /** Lets the partner have the own signature from now on. */
  offer(outcome: SignedOutcome): void {
    this.#outcomes.set(outcome.job, outcome);
  }

  /**
   * Asks for the partner's signature in exchange for ours.
   * @returns undefined while it cannot be reached or has not come so far.
   * @throws {LinkError} `peer` with code `transcript` when it holds another outcome.
   */
  async askSignature(peer: string, outcome: SignedOutcome): Promise<string | undefined> {
    try {
      return readAnswer(sign, await this.#call(peer, sign.method, outcome)).signature;
    } catch (error) {
      if (!(error instanceof LinkError) || error.peer?.code === 'transcript') throw error;
      return undefined;
    }
  }

  /** Tells the partner why this side failed; the ledger says that it did, in any case. */
  async explain(peer: string, failed: z.infer<typeof failure>): Promise<void> {
    await this.#call(peer, explain.method, failed);
  }

  /** What the partner said of its failure, if it did. */
  causeOf(peer: string, id: string): PeerFailure | undefined {
    return this.#causes.get(`${peer}/${id}`);
  }

  forget(id: string): void {
    this.#running.delete(id);
    this.#outcomes.delete(id);
    for (const key of this.#causes.keys()) if (key.endsWith(`/${id}`)) this.#causes.delete(key);
  }

  async #call(peer: string, method: string, question: unknown): Promise<Uint8Array> {
    const timeoutMs = this.#timeoutMs;
    const link = await this.#links.to(peer, { timeoutMs });
    return link.call(method, encodeBody(question), { timeoutMs });
  }

  #answer(question: SignedOutcome): { signature: string } {
    const own = this.#outcomes.get(question.job);
    if (!own) throw new CallRefused({ code: 'not-ready', detail: 'this side has not come to the end of the run yet' });
    if (own.outcome !== question.outcome) {
      throw new CallRefused({ code: 'transcript', detail: 'the parties computed different outcomes' });
    }
    return { signature: own.signature };
  }
}
