/** The page's end of the thread that checks: tasks are done one after the other. */
import type { client as nodeClient } from '../../app/client.ts';
import type { LedgerVerdict, Task, ToldRecord, Verdicts } from './ledger-worker.ts';

interface Asked {
  readonly resolve: (verdict: never) => void;
  readonly reject: (error: Error) => void;
}

type Said =
  | { readonly isReady: true }
  | { readonly id: number; readonly verdict: Verdicts[keyof Verdicts] }
  | { readonly id: number; readonly failure: string };

/** Records in a page of the API. */
const pageRecords = 1000;

export class Checker {
  readonly #worker = new Worker(new URL('./ledger-worker.ts', import.meta.url), { type: 'module' });
  readonly #asked = new Map<number, Asked>();
  readonly #ready = Promise.withResolvers<void>();
  #lastId = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Said>) => {
      if ('isReady' in data) {
        this.#ready.resolve();
        return;
      }
      const asked = this.#asked.get(data.id);
      this.#asked.delete(data.id);
      if ('failure' in data) asked?.reject(new Error(data.failure));
      else asked?.resolve(data.verdict as never);
    });
  }

  async perform<Kind extends Task['kind']>(task: Extract<Task, { kind: Kind }>): Promise<Verdicts[Kind]> {
    await this.#ready.promise;
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#worker.postMessage({ id, task });
    });
  }

  /**
   * Reads the node's whole copy and checks every hash, signature and rule of it.
   * @param operatorKey Base64, as the reader knows it; the ledger's own first record says it otherwise.
   */
  async verifyLedger(
    client: typeof nodeClient,
    operatorKey: string | undefined,
    onProgress: (records: { readonly done: number; readonly total: number }) => void,
  ): Promise<LedgerVerdict> {
    // The head comes first, so that no record that it covers is missing.
    const { note, records: size } = await client.ledger.head();
    const pages: (readonly ToldRecord[])[] = [];
    let after: string | undefined;
    do {
      const page = await client.ledger.show({ limit: pageRecords, ...(after === undefined ? {} : { after }) });
      pages.push(page.items);
      after = page.next;
    } while (after !== undefined);
    await this.perform({ kind: 'begin', size, operatorKey });
    let done = 0;
    // The API tells the newest first, and the rules are replayed from the oldest on.
    for (const page of pages.reverse()) {
      const broken = await this.perform({ kind: 'records', records: page.toReversed() });
      if (broken !== null) return broken;
      done += page.length;
      onProgress({ done, total: size });
    }
    return this.perform({ kind: 'end', note });
  }

  close(): void {
    this.#worker.terminate();
  }
}
