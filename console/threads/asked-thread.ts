/** The page's end of a thread that does tasks when it is asked: an answer or a failure for each, and notes in between. */

/** What a thread says. */
export type Said<Failure, Note> =
  /** First of all: what comes before the modules of a thread are loaded is lost. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'note'; readonly note: Note };

/** A task on its way to a thread. */
export interface Asked<Task> {
  readonly id: number;
  readonly task: Task;
}

/** @typeParam Answers what each kind of task is answered with. */
export class AskedThread<Task extends { readonly kind: keyof Answers }, Answers, Failure, Note = never> {
  readonly #worker: Worker;
  readonly #errorOf: (failure: Failure | undefined) => Error;
  readonly #waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  readonly #ready = Promise.withResolvers<void>();
  #lastId = 0;
  onNote: (note: Note) => void = () => {};

  /** @param errorOf what a failure is thrown as; undefined where the thread itself has ended. */
  constructor(worker: Worker, errorOf: (failure: Failure | undefined) => Error) {
    this.#worker = worker;
    this.#errorOf = errorOf;
    worker.addEventListener('message', ({ data }: MessageEvent<Said<Failure, Note>>) => this.#hear(data));
    worker.addEventListener('error', () => {
      for (const { reject } of this.#waiting.values()) reject(errorOf(undefined));
    });
  }

  async ask<Kind extends Task['kind']>(task: Extract<Task, { readonly kind: Kind }>): Promise<Answers[Kind]> {
    await this.#ready.promise;
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, task } satisfies Asked<Task>);
    });
  }

  close(): void {
    this.#worker.terminate();
  }

  #hear(said: Said<Failure, Note>): void {
    switch (said.kind) {
      case 'ready':
        this.#ready.resolve();
        return;
      case 'note':
        this.onNote(said.note);
        return;
      case 'answer':
        this.#waiting.get(said.id)?.resolve(said.answer as never);
        break;
      case 'failure':
        this.#waiting.get(said.id)?.reject(this.#errorOf(said.failure));
        break;
    }
    this.#waiting.delete(said.id);
  }
}
