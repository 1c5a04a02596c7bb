/** The page's end of the thread that has the file. */
import type { Answers, Failure, Request, Said } from './guest-worker.ts';

export type Progress = Extract<Said, { progress: unknown }>['progress'];

export class WorkFailed extends Error {
  override readonly name = 'WorkFailed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.failure = failure;
  }
}

interface Asked {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class GuestWork {
  readonly #worker = new Worker(new URL('./guest-worker.ts', import.meta.url), { type: 'module' });
  readonly #asked = new Map<number, Asked>();
  readonly #ready = Promise.withResolvers<void>();
  #lastId = 0;
  onProgress: (progress: Progress) => void = () => {};

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Said>) => this.#hear(data));
    this.#worker.addEventListener('error', () => {
      const failure = { code: 'console', detail: 'a thread of this page ended' };
      for (const { reject } of this.#asked.values()) reject(new WorkFailed(failure));
    });
  }

  /** @throws {WorkFailed} */
  async ask<Kind extends Request['kind']>(request: Extract<Request, { kind: Kind }>): Promise<Answers[Kind]> {
    await this.#ready.promise;
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  #hear(said: Said): void {
    if ('isReady' in said) {
      this.#ready.resolve();
      return;
    }
    if ('progress' in said) {
      this.onProgress(said.progress);
      return;
    }
    const asked = this.#asked.get(said.id);
    this.#asked.delete(said.id);
    if ('failure' in said) asked?.reject(new WorkFailed(said.failure));
    else asked?.resolve(said.answer as never);
  }
}
