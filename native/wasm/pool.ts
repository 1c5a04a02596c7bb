/** The kernel port on worker threads: batches are cut in pieces, computed in parallel and put together in order. */
import { Worker } from 'node:worker_threads';
import { plainRowSorter, type RowShape } from '@causeway/core/bytes';
import {
  type BlindRequest,
  type CompositesRequest,
  type EvaluateRequest,
  elementBytes,
  type FinalizeRequest,
  GroupError,
  type KernelName,
  type MultiplyRequest,
  type PrfRequest,
  ristretto255,
} from '@causeway/core/group';
import type { RandomSource } from '@causeway/core/random';
import type { KernelHandle } from '../kernel-handle.ts';
import type { Task, TaskResult, Work } from './worker.ts';

interface Pending {
  readonly task: Task;
  readonly resolve: (rows: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Rows in a piece: small enough that two threads share a batch evenly, large enough that a message costs nothing beside it. */
const rowsPerPiece = 1024;
const keyBytes = 16;

export class WasmPool implements KernelHandle {
  readonly name: KernelName = 'wasm';
  readonly distrusted: readonly KernelName[];
  readonly #threadCount: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Pending>();
  readonly #waiting: Pending[] = [];
  #nextId = 0;
  #closed = false;

  /** @param distrusted native classes that this pool stands in for. */
  constructor(threadCount: number, distrusted: readonly KernelName[] = []) {
    this.#threadCount = Math.max(1, threadCount);
    this.distrusted = distrusted;
  }

  async blind(request: BlindRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(request.scalar);
    return this.#inPieces(request.keys, keyBytes, (keys) => ({ kind: 'blind', request: { ...request, keys } }));
  }

  async evaluate(request: EvaluateRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(request.scalar);
    return this.#inPieces(request.points, elementBytes, (points) => ({
      kind: 'evaluate',
      request: { ...request, points },
    }));
  }

  async multiply(request: MultiplyRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(request.scalar);
    return this.#inPieces(request.points, elementBytes, (points) => ({
      kind: 'multiply',
      request: { ...request, points },
    }));
  }

  finalize(request: FinalizeRequest): Promise<Uint8Array> {
    return this.#inPieces(request.keys, keyBytes, (keys, firstRow) => {
      const from = firstRow * elementBytes;
      const points = request.points.slice(from, from + (keys.length / keyBytes) * elementBytes);
      return { kind: 'finalize', request: { ...request, keys, points } };
    });
  }

  async prf(request: PrfRequest): Promise<Uint8Array> {
    ristretto255.checkSecretScalar(request.scalar);
    return this.#inPieces(request.keys, keyBytes, (keys) => ({ kind: 'prf', request: { ...request, keys } }));
  }

  /** Each piece gives its part of the sums. */
  async composites(request: CompositesRequest): Promise<Uint8Array> {
    if (request.c.length === 0) throw new RangeError('a proof needs at least one pair of elements');
    const width = request.over === 'both' ? 2 * elementBytes : elementBytes;
    const parts = await this.#inPieces(request.c, elementBytes, (c, firstRow) => {
      const d = request.d.slice(firstRow * elementBytes, firstRow * elementBytes + c.length);
      return { kind: 'composites', request: { ...request, c, d, firstIndex: firstRow } };
    });
    const sums = parts.slice(0, width);
    for (let part = width; part < parts.length; part += width) {
      for (let at = 0; at < width; at += elementBytes) {
        const term = parts.subarray(part + at, part + at + elementBytes);
        sums.set(ristretto255.add(sums.subarray(at, at + elementBytes), term), at);
      }
    }
    return sums;
  }

  sortRows(rows: Uint8Array, shape: RowShape): Promise<Uint8Array> {
    return plainRowSorter.sortRows(rows, shape);
  }

  randomScalar(random: RandomSource): Uint8Array {
    return ristretto255.randomScalar(random);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const gone = new Error('the kernel was closed');
    for (const pending of [...this.#busy.values(), ...this.#waiting.splice(0)]) pending.reject(gone);
    await Promise.all([...this.#idle.splice(0), ...this.#busy.keys()].map((worker) => worker.terminate()));
    this.#busy.clear();
  }

  async #inPieces(
    rows: Uint8Array,
    rowBytes: number,
    work: (piece: Uint8Array, firstRow: number) => Work,
  ): Promise<Uint8Array> {
    const pieceBytes = rowsPerPiece * rowBytes;
    const pieces: Promise<Uint8Array>[] = [];
    for (let offset = 0; offset < rows.length; offset += pieceBytes) {
      // A slice of its own: a view would carry its whole buffer to the thread.
      const piece = rows.slice(offset, offset + pieceBytes);
      pieces.push(this.#submit(work(piece, offset / rowBytes), offset / rowBytes));
    }
    const results = await Promise.all(pieces);
    const joined = new Uint8Array(results.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of results) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    return joined;
  }

  async #submit(work: Work, firstRow: number): Promise<Uint8Array> {
    if (this.#closed) throw new Error('the kernel was closed');
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        this.#waiting.push({ task: { id: this.#nextId++, ...work }, resolve, reject });
        this.#dispatch();
      });
    } catch (error) {
      throw error instanceof GroupError ? new GroupError(error.code, firstRow + error.index) : error;
    }
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#threadCount ? this.#spawn() : undefined);
      if (!worker) return;
      const pending = this.#waiting.shift()!;
      this.#busy.set(worker, pending);
      worker.ref();
      worker.postMessage(pending.task);
    }
  }

  #spawn(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    worker.on('message', (result: TaskResult) => this.#settle(worker, result));
    worker.on('error', (error) => this.#lose(worker, error as Error));
    worker.on('exit', () => this.#lose(worker, new Error('a kernel thread ended')));
    return worker;
  }

  #settle(worker: Worker, result: TaskResult): void {
    const pending = this.#busy.get(worker);
    this.#busy.delete(worker);
    worker.unref();
    this.#idle.push(worker);
    switch (result.kind) {
      case 'done':
        pending?.resolve(result.rows);
        break;
      case 'refused':
        pending?.reject(new GroupError(result.code, result.index));
        break;
      case 'failed':
        pending?.reject(new Error(result.message));
        break;
    }
    this.#dispatch();
  }

  #lose(worker: Worker, cause: Error): void {
    const pending = this.#busy.get(worker);
    this.#busy.delete(worker);
    const idleAt = this.#idle.indexOf(worker);
    if (idleAt >= 0) this.#idle.splice(idleAt, 1);
    pending?.reject(new Error('a kernel thread ended in the middle of a batch', { cause }));
    if (!this.#closed) this.#dispatch();
  }
}
