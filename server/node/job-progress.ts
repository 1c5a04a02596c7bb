/** How far a job is, as people are shown: stages, a share, a rate and an estimate that is honest about what it knows. */
import type { LinkClock } from '../link/index.ts';

export interface StageView {
  readonly name: string;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly progress: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
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
    this.#current = index;
    this.#share = total === 0 ? 1 : Math.min(1, done / total);
    if (!this.#startedMs.has(name)) this.#startedMs.set(name, this.#clock.wallMs());
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

  finish(): void {
    this.#current = this.#stages.length;
    this.#rate = undefined;
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
      stages: this.#stages.map(({ name }, i) => ({
        name,
        status: i < this.#current ? 'done' : i === this.#current ? 'running' : 'waiting',
        progress: i < this.#current ? 1 : i === this.#current ? this.#share : 0,
        ...(this.#startedMs.has(name) ? { startedAt: new Date(this.#startedMs.get(name)!).toISOString() } : {}),
      })),
      progress: current ? (done + current.weight * this.#share) / total : 1,
      ratePerSecond: this.#rate ?? null,
      etaSeconds: remaining ?? null,
    };
  }
}
