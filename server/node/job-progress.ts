/** How far a job is, as people are shown: stages, a share, a rate and an estimate that is honest about what it knows. */
import type { LinkClock } from '../link/index.ts';

export interface StageView {
  readonly name: string;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly progress: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Of messages and calls to partners, without the wire's own; absent where there were none. */
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
}

export interface JobStage {
  readonly name: string;
  /** Share of the work that it is, roughly; of the sum of all. */
  readonly weight: number;
}

export interface JobProgress {
  /** Name of the stage. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

export class JobProgressMeter {
  readonly #stages: readonly JobStage[];
  readonly #clock: LinkClock;
  readonly #startedMs = new Map<string, number>();
  readonly #finishedMs = new Map<string, number>();
  readonly #bytes = new Map<string, { sent: number; received: number }>();
  #hasFailed = false;
  #current = 0;
  #share = 0;
  #rate: number | undefined;
  #rateFrom: { readonly name: string; readonly done: number; readonly atMs: number } | undefined;
  #left: number | undefined;

  constructor(stages: readonly JobStage[], clock: LinkClock) {
    this.#stages = stages;
    this.#clock = clock;
  }

  note({ stage: name, done, total }: JobProgress): void {
    const index = this.#stages.findIndex((stage) => stage.name === name);
    if (index < 0) throw new RangeError(`a job has no stage ${name}`);
    const now = this.#clock.nowMs();
    if (index !== this.#current) this.#leave();
    this.#current = index;
    this.#share = total === 0 ? 1 : Math.min(1, done / total);
    if (!this.#startedMs.has(name)) this.#startedMs.set(name, this.#clock.wallMs());
    this.#finishedMs.delete(name);
    if (this.#rateFrom?.name !== name || done < this.#rateFrom.done) {
      this.#rateFrom = { name, done, atMs: now };
      this.#rate = undefined;
      this.#left = undefined;
      return;
    }
    const seconds = (now - this.#rateFrom.atMs) / 1000;
    if (seconds < 0.5 || done === this.#rateFrom.done) return;
    this.#rate = (done - this.#rateFrom.done) / seconds;
    this.#left = total - done;
  }

  /** Bytes that went to a partner, or came from one, in the stage of now. */
  count(bytes: { readonly sent?: number; readonly received?: number }): void {
    const name = this.#stages[this.#current]?.name;
    if (name === undefined) return;
    const counted = this.#bytes.get(name) ?? { sent: 0, received: 0 };
    counted.sent += bytes.sent ?? 0;
    counted.received += bytes.received ?? 0;
    this.#bytes.set(name, counted);
  }

  finish(): void {
    this.#leave();
    this.#current = this.#stages.length;
    this.#rate = undefined;
  }

  /** The job ended in the stage of now, without a result. */
  fail(): void {
    this.#leave();
    this.#hasFailed = true;
    this.#rate = undefined;
  }

  #leave(): void {
    const name = this.#stages[this.#current]?.name;
    if (name !== undefined && this.#startedMs.has(name)) this.#finishedMs.set(name, this.#clock.wallMs());
  }

  snapshot(): {
    stage: string;
    stages: StageView[];
    progress: number;
    ratePerSecond: number | null;
    etaSeconds: number | null;
  } {
    const weightOf = (stages: readonly JobStage[]) => stages.reduce((sum, { weight }) => sum + weight, 0);
    const total = weightOf(this.#stages);
    const done = weightOf(this.#stages.slice(0, this.#current));
    const current = this.#stages[this.#current];
    const rest = weightOf(this.#stages.slice(this.#current + 1));
    const stageSeconds = this.#rate && this.#left !== undefined ? this.#left / this.#rate : undefined;
    // The rest is estimated from the speed of this stage, where it is one of the long ones.
    const remaining =
      current && stageSeconds !== undefined
        ? stageSeconds * (1 + rest / (current.weight * Math.max(0.05, 1 - this.#share)))
        : undefined;
    return {
      stage: current?.name ?? 'finished',
      stages: this.#stages.map(({ name }, i) => this.#view(name, i)),
      progress: current ? (done + current.weight * this.#share) / total : 1,
      ratePerSecond: this.#rate ?? null,
      etaSeconds: remaining ?? null,
    };
  }

  #view(name: string, i: number): StageView {
    const isCurrent = i === this.#current;
    const started = this.#startedMs.get(name);
    const finished = this.#finishedMs.get(name);
    const bytes = this.#bytes.get(name);
    return {
      name,
      status: i < this.#current ? 'done' : !isCurrent ? 'waiting' : this.#hasFailed ? 'failed' : 'running',
      progress: i < this.#current ? 1 : isCurrent ? this.#share : 0,
      ...(started === undefined ? {} : { startedAt: new Date(started).toISOString() }),
      ...(finished === undefined ? {} : { finishedAt: new Date(finished).toISOString() }),
      ...(bytes === undefined ? {} : { sentBytes: bytes.sent, receivedBytes: bytes.received }),
    };
  }
}
