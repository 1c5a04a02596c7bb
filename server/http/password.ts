import { Worker } from 'node:worker_threads';
import { ApiProblem } from './api-problem.ts';
import type { PasswordResult, PasswordWork } from './password-worker.ts';

export interface PasswordCost {
  readonly passes: number;
  readonly memoryBytes: number;
}

/** libsodium's INTERACTIVE; above OWASP's minimum for argon2id (19 MiB, 2 passes). */
export const passwordCost: PasswordCost = { passes: 2, memoryBytes: 64 * 2 ** 20 };

const queueMax = 32;
const idleMs = 10_000;

interface Waiting {
  readonly resolve: (result: PasswordResult) => void;
  readonly reject: (error: Error) => void;
}

/** Argon2id in libsodium's text form (RFC 9106), one at a time; the thread and its memory go when there is nothing to do. */
export class PasswordHasher {
  readonly #cost: PasswordCost;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 0;
  /** A hash that stands in for an unknown user's, so that both take as long. */
  #decoy: Promise<string> | undefined;

  constructor(cost: PasswordCost = passwordCost) {
    this.#cost = cost;
  }

  async hash(password: string): Promise<string> {
    const result = await this.#ask({
      id: this.#next++,
      kind: 'hash',
      password: password.normalize('NFKC'),
      ...this.#cost,
    });
    return (result as { hash: string }).hash;
  }

  /** @param hash nothing for a user that does not exist or has no password: takes as long, and is never right. */
  async verify(hash: string | undefined, password: string): Promise<boolean> {
    this.#decoy ??= this.hash('no password is this one').catch((error) => {
      this.#decoy = undefined;
      throw error;
    });
    const decoy = await this.#decoy;
    const work = {
      id: this.#next++,
      kind: 'verify',
      password: password.normalize('NFKC'),
      hash: hash ?? decoy,
    } as const;
    const result = (await this.#ask(work)) as { right: boolean };
    return result.right && hash !== undefined;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#fail(new ApiProblem({ code: 'unavailable', detail: 'the node is stopping' }));
    await worker?.terminate();
  }

  #ask(work: PasswordWork): Promise<PasswordResult> {
    if (this.#waiting.size >= queueMax) {
      throw new ApiProblem({
        code: 'too-many-requests',
        detail: 'too many people sign in at this moment',
        retryAfterSeconds: 2,
      });
    }
    clearTimeout(this.#idle);
    const worker = this.#running();
    return new Promise((resolve, reject) => {
      this.#waiting.set(work.id, { resolve, reject });
      worker.postMessage(work);
    });
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./password-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (result: PasswordResult) => {
      const waiting = this.#waiting.get(result.id);
      this.#waiting.delete(result.id);
      if (this.#waiting.size === 0) this.#rest();
      waiting?.resolve(result);
    });
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('the password thread ended')));
    this.#worker = worker;
    return worker;
  }

  #rest(): void {
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = undefined;
      void worker?.terminate();
    }, idleMs).unref();
  }

  #lost(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#fail(error);
  }

  #fail(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
