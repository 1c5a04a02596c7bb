/** One engine process as its parent sees it: started for a task, kept while there is work, given up when it is lost or hangs. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cancelled } from './database.ts';
import { DataError, dataErrorFrom } from './errors.ts';
import type { FromWorker, Progress, RunMessage, TaskKind, Tasks, ToWorker } from './task.ts';

export interface ProcessLimits {
  /** A process that has said nothing for so long hangs, and is killed. */
  readonly stallMs: number;
  /** How long a cancelled task may take to end by itself. */
  readonly cancelMs: number;
}

export interface TaskOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Running {
  readonly taskId: string;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: DataError) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #limits: ProcessLimits;
  readonly #exited: Promise<void>;
  #running: Running | undefined;
  #heardAt = performance.now();
  #killedFor: DataError | undefined;
  #isAlive = true;
  #residentBytes = 0;

  constructor(limits: ProcessLimits, options: { readonly tempFolder: string }) {
    this.#limits = limits;
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#child = fork(fileURLToPath(new URL(`./worker.${extension}`, import.meta.url)), {
      execArgv: ['--max-old-space-size=256', '--disable-warning=ExperimentalWarning'],
      // Nothing of the node's environment: its secrets are no business of a process that parses other people's files.
      env: { TZ: 'UTC', TMPDIR: options.tempFolder, MALLOC_ARENA_MAX: '2' },
      serialization: 'advanced',
      // What a parser prints when it falls may hold the data that it fell over.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#ended(code, signal);
        resolve();
      });
      this.#child.once('error', () => {
        this.#ended(null, null);
        resolve();
      });
    });
    this.#child.on('message', (message: FromWorker) => this.#heard(message));
    this.#holdParent(false);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** What the process still held after its last task: memory that is freed is not always returned. */
  get residentBytes(): number {
    return this.#residentBytes;
  }

  /**
   * Runs one task; the process must be free.
   * @throws {DataError} the task's own; `engine-lost`, `engine-stalled` or `cancelled`, after which the process may be gone.
   */
  async run<K extends TaskKind>(message: RunMessage<K>, options: TaskOptions): Promise<Tasks[K]['output']> {
    const { signal, onProgress } = options;
    if (signal?.aborted) throw cancelled();
    const watch = setInterval(() => this.#watch(), Math.min(1_000, this.#limits.stallMs));
    let cancelTimer: NodeJS.Timeout | undefined;
    const cancel = () => {
      this.#send({ type: 'cancel', taskId: message.taskId });
      cancelTimer = setTimeout(() => this.#kill(cancelled()), this.#limits.cancelMs);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    this.#holdParent(true);
    try {
      return (await new Promise<unknown>((resolve, reject) => {
        this.#running = { taskId: message.taskId, resolve, reject, onProgress };
        this.#heardAt = performance.now();
        if (this.#isAlive) this.#send(message);
        else reject(lost('before it began'));
      })) as Tasks[K]['output'];
    } finally {
      this.#running = undefined;
      clearInterval(watch);
      clearTimeout(cancelTimer);
      this.#holdParent(false);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends the process, and whatever it runs. */
  async end(): Promise<void> {
    this.#holdParent(true);
    this.#kill(new DataError('closed', 'The data engine was closed.'));
    await this.#exited;
  }

  /** A process without work does not keep its parent from ending. */
  #holdParent(hold: boolean): void {
    for (const handle of [this.#child, this.#child.channel]) hold ? handle?.ref() : handle?.unref();
  }

  #send(message: ToWorker): void {
    // A broken channel is followed by `exit`, which tells the task.
    this.#child.send(message, () => {});
  }

  #heard(message: FromWorker): void {
    this.#heardAt = performance.now();
    const running = this.#running;
    if (message.type === 'alive' || running?.taskId !== message.taskId) return;
    if (message.type === 'progress') running.onProgress?.(message.progress);
    else if (message.type === 'done') {
      this.#residentBytes = message.residentBytes;
      running.resolve(message.output);
    } else {
      // The process ends itself after this one: it must not be given the next task.
      if (message.error.code === 'out-of-memory') this.#kill(dataErrorFrom(message.error));
      running.reject(dataErrorFrom(message.error));
    }
  }

  #watch(): void {
    if (performance.now() - this.#heardAt < this.#limits.stallMs) return;
    const seconds = Math.round(this.#limits.stallMs / 1000);
    this.#kill(
      new DataError(
        'engine-stalled',
        `The data engine did not answer for ${seconds} s and was ended. Nothing was kept; try again.`,
      ),
    );
  }

  #kill(reason: DataError): void {
    this.#killedFor ??= reason;
    this.#child.kill('SIGKILL');
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#isAlive = false;
    this.#running?.reject(this.#killedFor ?? lost(signal ?? `exit code ${code}`));
  }
}

function lost(how: string): DataError {
  return new DataError(
    'engine-lost',
    `The data engine's process ended unexpectedly (${how}); the machine may be short of memory. Nothing was kept; try again.`,
  );
}
