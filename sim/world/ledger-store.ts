import {
  type LedgerStore,
  MemoryLedgerStore,
  type StoredCosignature,
  type StoredHead,
  type StoredLeaf,
} from '@causeway/server/ledger';
import { DatabaseFailure } from './database-failure.ts';
import type { Luck } from './luck.ts';
import type { Process } from './process.ts';

const commitMsMax = 3;

/** Which side of its commit a failing transaction fails on: its writer cannot tell. */
export const storeFaults = ['before-commit', 'after-commit'] as const;
export type StoreFault = (typeof storeFaults)[number];

/** The part of a node's database that keeps its copy of the log: it outlives the node's processes. */
export class SimulatedLedgerStore {
  readonly kept = new MemoryLedgerStore();
  readonly #luck: Luck;
  readonly #onCommit: (leaf: Uint8Array) => void;
  #faults: StoreFault[] = [];
  faultsMet = 0;

  /** @param onCommit told of each leaf at the moment from which on it is durable. */
  constructor(luck: Luck, onCommit: (leaf: Uint8Array) => void) {
    this.#luck = luck;
    this.#onCommit = onCommit;
  }

  /** Makes the next transactions fail that append to the log. */
  fail(faults: readonly StoreFault[]): void {
    this.#faults.push(...faults);
  }

  repair(): void {
    this.#faults = [];
  }

  /** The store as one process sees it. */
  of(process: Process): LedgerStore {
    const take = () => process.pause(process.alive ? this.#luck.share() * commitMsMax : 0);
    return {
      load: async () => {
        // A long log takes its time, while partners ask already.
        await process.pause(this.#luck.share() * this.#luck.pick([3, 400]));
        return this.kept.load();
      },
      append: async (leaves: readonly StoredLeaf[], head: StoredHead) => {
        await take();
        const fault = this.#faults.shift();
        if (fault !== undefined) this.faultsMet += 1;
        if (fault === 'before-commit') throw new DatabaseFailure('the simulated database failed');
        await this.kept.append(leaves, head);
        for (const { leaf } of leaves) this.#onCommit(leaf);
        if (fault === 'after-commit') throw new DatabaseFailure('the simulated database was lost after its commit');
        await take();
      },
      range: async (first: number, count: number) => {
        await take();
        return this.kept.range(first, count);
      },
      putCosignature: async (cosignature: StoredCosignature) => {
        await take();
        await this.kept.putCosignature(cosignature);
      },
    };
  }
}
