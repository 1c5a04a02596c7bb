/**
 * Which process runs which task: at most `processCountMax` at a time, the rest wait in order. A look at a file or at a question is short, and a
 * person waits for it: one such task runs beside the others. An idle process is ended after a while.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemDisk } from './disk.ts';
import { DataError, systemError } from './errors.ts';
import { Lane } from './lane.ts';
import { partialOutputs } from './outputs.ts';
import { EngineProcess, type ProcessLimits, type TaskOptions } from './process.ts';
import type { TaskKind, Tasks } from './task.ts';

export interface PoolOptions {
  readonly spillFolder: string;
  readonly memoryLimitBytes: number;
  readonly threads: number;
  readonly processCountMax: number;
  readonly idleMs: number;
  readonly limits: ProcessLimits;
}

/** What a person waits for, and is done at once. */
const shortKinds: readonly TaskKind[] = ['inspect', 'serialiseQuery'];

/** A process that still holds more than this part of its limit after a task is not given another. */
const keptShare = 3;

export class ProcessPool {
  readonly #options: PoolOptions;
  readonly #idle: { readonly process: EngineProcess; readonly timer: NodeJS.Timeout }[] = [];
  readonly #busy = new Set<EngineProcess>();
  readonly #short = new Lane(1);
  readonly #long: Lane;
  #isClosed = false;
  #swept: Promise<void> | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#long = new Lane(options.processCountMax);
  }

  /** @throws {DataError} the task's; `cancelled`, `closed`. */
  async run<K extends TaskKind>(kind: K, input: Tasks[K]['input'], options: TaskOptions): Promise<Tasks[K]['output']> {
    if (this.#isClosed) throw closed();
    const lane = shortKinds.includes(kind) ? this.#short : this.#long;
    await lane.enter(options.signal);
    const taskId = randomUUID();
    const folder = join(this.#options.spillFolder, `task-${process.pid}-${taskId}`);
    try {
      this.#swept ??= this.#sweep();
      await this.#swept;
      await systemDisk.makeFolder(folder).catch((error) => {
        throw systemError(error, folder, 'making it');
      });
      return await this.#runOn(this.#process(), kind, input, { taskId, folder }, options);
    } catch (error) {
      for (const path of partialOutputs(kind, input, taskId)) await rm(path, { force: true }).catch(() => {});
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
      lane.leave();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of [this.#short, this.#long]) lane.refuseWaiting(closed());
    const processes = [...this.#idle.splice(0), ...[...this.#busy].map((process) => ({ process, timer: undefined }))];
    for (const { timer } of processes) clearTimeout(timer);
    await Promise.all(processes.map(({ process }) => process.end()));
  }

  async #runOn<K extends TaskKind>(
    process: EngineProcess,
    kind: K,
    input: Tasks[K]['input'],
    task: { readonly taskId: string; readonly folder: string },
    options: TaskOptions,
  ): Promise<Tasks[K]['output']> {
    const { memoryLimitBytes, threads, idleMs } = this.#options;
    this.#busy.add(process);
    try {
      return await process.run({ type: 'run', kind, input, ...task, memoryLimitBytes, threads }, options);
    } finally {
      this.#busy.delete(process);
      const isHeavy = process.residentBytes > memoryLimitBytes / keptShare;
      if (!process.isAlive || this.#isClosed || isHeavy) await process.end();
      else this.#rest(process, idleMs);
    }
  }

  #process(): EngineProcess {
    if (this.#isClosed) throw closed();
    for (let found = this.#idle.pop(); found !== undefined; found = this.#idle.pop()) {
      clearTimeout(found.timer);
      if (found.process.isAlive) return found.process;
    }
    return new EngineProcess(this.#options.limits, { tempFolder: this.#options.spillFolder });
  }

  #rest(process: EngineProcess, idleMs: number): void {
    const timer = setTimeout(() => {
      const at = this.#idle.findIndex((idle) => idle.process === process);
      if (at >= 0) this.#idle.splice(at, 1);
      void process.end();
    }, idleMs);
    timer.unref();
    this.#idle.push({ process, timer });
  }

  /** What tasks of a node that was killed left behind: their folders carry the id of a process that is gone. */
  async #sweep(): Promise<void> {
    const names = await readdir(this.#options.spillFolder).catch(() => []);
    for (const name of names) {
      const pid = Number(/^task-(\d+)-/.exec(name)?.[1]);
      if (pid > 0 && !isRunning(pid))
        await rm(join(this.#options.spillFolder, name), { recursive: true, force: true }).catch(() => {});
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function closed(): DataError {
  return new DataError('closed', 'The data engine was closed.');
}
