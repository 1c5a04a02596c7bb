import { SeededRandom } from '@causeway/core/random';
import type { LinkClock } from '@causeway/server/link';
import type { VirtualTime } from './virtual-time.ts';

/** 30 June 2025, 08:00 UTC: when every run begins. */
export const epochMs = Date.UTC(2025, 5, 30, 8, 0, 0);

/**
 * One life of a node. Promises cannot be killed, so what a dead process still has under way is left waiting for ever: its timers never
 * ring, its disk and database never answer, and nobody holds it any more.
 */
export class Process {
  readonly #time: VirtualTime;
  readonly clock: LinkClock;
  /** What this life draws; another life draws other numbers. */
  readonly random: SeededRandom;
  #alive = true;

  constructor(time: VirtualTime, options: { readonly name: string; readonly skewMs: number }) {
    this.#time = time;
    this.random = new SeededRandom(options.name);
    this.clock = {
      nowMs: () => time.nowMs,
      wallMs: () => epochMs + time.nowMs + options.skewMs,
      after: (delayMs, action) => this.#after(delayMs, action),
    };
  }

  get alive(): boolean {
    return this.#alive;
  }

  kill(): void {
    this.#alive = false;
  }

  /** Waits; for ever in a process that dies meanwhile. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#after(delayMs, resolve));
  }

  #after(delayMs: number, action: () => void): () => void {
    if (!this.#alive) return () => {};
    return this.#time.after(delayMs, () => {
      if (this.#alive) action();
    });
  }
}
