/** Backups of this node while it runs: one at a time, and while one runs nothing is removed that it may have to copy. */
import { resolve } from 'node:path';
import { backUp } from '../backup/index.ts';
import { ApiProblem } from '../http/index.ts';
import type { LocalOperations } from './local-operations.ts';
import type { Services } from './services.ts';

export class Backups {
  readonly #services: Services;
  readonly #operations: LocalOperations;
  #running = false;

  constructor(services: Services, operations: LocalOperations) {
    this.#services = services;
    this.#operations = operations;
  }

  /** Begins a backup into a new folder. @returns the operation's id. @throws {ApiProblem} `conflict`. */
  async start(to: string, user: string): Promise<{ operation: string }> {
    this.requireNone();
    this.#running = true;
    const { home, database, software, clock } = this.#services;
    try {
      return await this.#operations.start({ kind: 'node.backup', target: to, user }, async ({ signal, onProgress }) => {
        try {
          const { folder, ...report } = await backUp({
            home,
            database,
            to: resolve(to),
            software,
            nowMs: clock.wallMs(),
            signal,
            onProgress: (bytes) => onProgress?.({ stage: 'writing', ...bytes, unit: 'bytes', rows: 0 }),
          });
          return { kind: 'backup' as const, path: folder, ...report };
        } finally {
          this.#running = false;
        }
      });
    } catch (error) {
      this.#running = false;
      throw error;
    }
  }

  /** For whoever would remove what a backup copies. @throws {ApiProblem} `conflict` while one runs. */
  requireNone(): void {
    if (!this.#running) return;
    throw new ApiProblem({
      code: 'conflict',
      detail: 'a backup of this node is under way',
      remedy: 'wait until it has ended: causeway operation list',
    });
  }
}
