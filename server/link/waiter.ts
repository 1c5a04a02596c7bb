import type { LinkClock } from './clock.ts';
import { LinkError } from './error.ts';

/** A promise that is settled from outside, once, possibly limited by a signal and a time. */
export class Waiter<T> {
  readonly promise: Promise<T>;
  #resolve!: (value: T) => void;
  #reject!: (error: LinkError) => void;
  #settled = false;
  #release: (() => void)[] = [];

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get settled(): boolean {
    return this.#settled;
  }

  resolve(value: T): void {
    if (this.#settle()) this.#resolve(value);
  }

  reject(error: LinkError): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Rejects with `cancelled` or `timeout`; `what` is what was waited for. */
  limit(limits: { signal?: AbortSignal; timeoutMs?: number }, clock: LinkClock, what: string): void {
    const { signal, timeoutMs } = limits;
    if (signal !== undefined) {
      const cancel = () => this.reject(new LinkError('cancelled', `waiting for ${what} was cancelled`));
      if (signal.aborted) {
        cancel();
        return;
      }
      signal.addEventListener('abort', cancel);
      this.#release.push(() => signal.removeEventListener('abort', cancel));
    }
    if (timeoutMs !== undefined) {
      const late = () => this.reject(new LinkError('timeout', `nothing came on ${what} within ${timeoutMs} ms`));
      this.#release.push(clock.after(timeoutMs, late));
    }
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    for (const release of this.#release) release();
    return true;
  }
}
