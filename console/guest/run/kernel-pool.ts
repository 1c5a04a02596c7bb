/** The kernel port on the page's threads: batches are cut in pieces, computed in parallel and put together in order. */

import {
  type BlindRequest,
  type EvaluateRequest,
  elementBytes,
  GroupError,
  type Kernel,
  ristretto255,
} from '@causeway/core/group';
import { matchKeyBytes } from '@causeway/core/protocols';
import type { ExchangeKernel } from './exchange.ts';
import type { KernelAnswer, KernelReady, KernelTask } from './kernel-worker.ts';

interface Pending {
  readonly task: KernelTask;
  readonly resolve: (rows: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Rows in a piece: small enough that threads share a batch evenly, large enough that a message costs nothing beside it. */
const rowsPerPiece = 512;

export class KernelPool implements ExchangeKernel {
  readonly name = 'wasm';
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Pending>();
  readonly #waiting: Pending[] = [];
  #nextId = 0;

  constructor(threadCount: number) {
    for (let thread = 0; thread < Math.max(1, threadCount); thread++) this.#spawn();
  }

  blind(request: BlindRequest): Promise<Uint8Array> {
    return this.#inPieces(request.keys, matchKeyBytes, (id, keys) => ({
      id,
      kind: 'blind',
      request: { ...request, keys },
    }));
  }

  evaluate(request: EvaluateRequest): Promise<Uint8Array> {
    return this.#inPieces(request.points, elementBytes, (id, points) => ({
      id,
      kind: 'evaluate',
      request: { ...request, points },
    }));
  }

  randomScalar(random: Parameters<Kernel['randomScalar']>[0]): Uint8Array {
    return ristretto255.randomScalar(random);
  }

  async #inPieces(
    rows: Uint8Array,
    rowBytes: number,
    taskOf: (id: number, piece: Uint8Array) => KernelTask,
  ): Promise<Uint8Array> {
    const pieceBytes = rowsPerPiece * rowBytes;
    const pieces: Promise<Uint8Array>[] = [];
    for (let offset = 0; offset < rows.length; offset += pieceBytes) {
      // A slice of its own: a view would carry its whole buffer to the thread.
      const task = taskOf(this.#nextId++, rows.slice(offset, offset + pieceBytes));
      pieces.push(this.#submit(task, offset / rowBytes));
    }
    const results = await Promise.all(pieces);
    const joined = new Uint8Array(results.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const piece of results) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    return joined;
  }

  async #submit(task: KernelTask, firstRow: number): Promise<Uint8Array> {
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        this.#waiting.push({ task, resolve, reject });
        this.#dispatch();
      });
    } catch (error) {
      throw error instanceof GroupError ? new GroupError(error.code, firstRow + error.index) : error;
    }
  }

  #dispatch(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const pending = this.#waiting.shift()!;
      this.#busy.set(worker, pending);
      worker.postMessage(pending.task);
    }
  }

  #spawn(): void {
    const worker = new Worker(new URL('./kernel-worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<KernelAnswer | KernelReady>) =>
      this.#settle(worker, data),
    );
    worker.addEventListener('error', () => {
      this.#busy.get(worker)?.reject(new Error('a thread of the page ended in the middle of a batch'));
      this.#busy.delete(worker);
    });
  }

  #settle(worker: Worker, answer: KernelAnswer | KernelReady): void {
    const pending = this.#busy.get(worker);
    this.#busy.delete(worker);
    this.#idle.push(worker);
    switch (answer.kind) {
      case 'ready':
        break;
      case 'done':
        pending?.resolve(answer.rows);
        break;
      case 'refused':
        pending?.reject(new GroupError(answer.code, answer.index));
        break;
      case 'failed':
        pending?.reject(new Error(answer.message));
        break;
    }
    this.#dispatch();
  }
}
