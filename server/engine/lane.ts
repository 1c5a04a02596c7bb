/** A number of places for tasks; those that find none wait in order, and may be cancelled while they wait. */
import { cancelled } from './database.ts';
import type { DataError } from './errors.ts';

export class Lane {
  readonly #placeCount: number;
  readonly #waiting: { readonly start: () => void; readonly refuse: (error: DataError) => void }[] = [];
  #taken = 0;

  constructor(placeCount: number) {
    this.#placeCount = placeCount;
  }

  /** Waits for a place; give it back with `leave`. @throws {DataError} `cancelled`, or what `refuseWaiting` was given. */
  async enter(signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw cancelled();
    if (this.#taken < this.#placeCount) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const entry = {
        start: () => {
          this.#taken += 1;
          signal?.removeEventListener('abort', cancel);
          resolve();
        },
        refuse: reject,
      };
      const cancel = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(cancelled());
      };
      this.#waiting.push(entry);
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  leave(): void {
    this.#taken -= 1;
    this.#waiting.shift()?.start();
  }

  refuseWaiting(error: DataError): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(error);
  }
}
