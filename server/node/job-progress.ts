/** How far a job is, as people are shown: stages, a share, a rate and an estimate that is honest about what it knows. */
import type { MatchTerms } from '@causeway/core/applications/match';
import type { JobReport } from '../jobs/match/match-job.ts';
import type { LinkClock } from '../link/index.ts';

export interface StageView {
  readonly name: string;
  readonly status: 'waiting' | 'running' | 'done' | 'failed';
  readonly progress: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

const roundStages: readonly JobReport['stage'][] = ['prepare', 'commit', 'exchange', 'join'];

/** The stages of a match in order: four for each kind of identifier, then the end. */
export function stageNames(terms: MatchTerms): string[] {
  const rounds = terms.rounds.flatMap(({ form }) => roundStages.map((stage) => `${stage} ${form}`));
  return [...rounds, 'settle', 'release'];
}

/** Share of the work that a stage is, roughly: the group operations are nearly all of it. */
const weights: Record<JobReport['stage'], number> = {
  prepare: 0.05,
  commit: 0.35,
  exchange: 0.55,
  join: 0.05,
  settle: 0.02,
  release: 0.02,
};

export class JobProgressMeter {
  readonly #names: readonly string[];
  readonly #clock: LinkClock;
  readonly #startedMs = new Map<string, number>();
  #current = 0;
  #share = 0;
  #rate: number | undefined;
  #rateFrom: { readonly name: string; readonly done: number; readonly atMs: number } | undefined;
  #left: number | undefined;

  constructor(names: readonly string[], clock: LinkClock) {
    this.#names = names;
    this.#clock = clock;
  }

  note({ stage, round, done, total }: JobReport): void {
    const index =
      stage === 'settle'
        ? this.#names.length - 2
        : stage === 'release'
          ? this.#names.length - 1
          : round * roundStages.length + roundStages.indexOf(stage);
    const name = this.#names[index]!;
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
    this.#current = this.#names.length;
    this.#rate = undefined;
  }

  snapshot(): {
    stage: string;
    stages: StageView[];
    progress: number;
    ratePerSecond: number | null;
    etaSeconds: number | null;
  } {
    const weightOf = (name: string) => weights[name.split(' ')[0] as JobReport['stage']];
    const total = this.#names.reduce((sum, name) => sum + weightOf(name), 0);
    const done = this.#names.slice(0, this.#current).reduce((sum, name) => sum + weightOf(name), 0);
    const current = this.#names[this.#current];
    const rest = this.#names.slice(this.#current + 1).reduce((sum, name) => sum + weightOf(name), 0);
    const stageSeconds = this.#rate && this.#left !== undefined ? this.#left / this.#rate : undefined;
    // The rest is estimated from the speed of this stage, where it is one of the long ones.
    const remaining =
      current && stageSeconds !== undefined
        ? stageSeconds * (1 + rest / (weightOf(current) * Math.max(0.05, 1 - this.#share)))
        : undefined;
    return {
      stage: current ?? 'finished',
      stages: this.#names.map((name, i) => ({
        name,
        status: i < this.#current ? 'done' : i === this.#current ? 'running' : 'waiting',
        progress: i < this.#current ? 1 : i === this.#current ? this.#share : 0,
        ...(this.#startedMs.has(name) ? { startedAt: new Date(this.#startedMs.get(name)!).toISOString() } : {}),
      })),
      progress: current ? (done + weightOf(current) * this.#share) / total : 1,
      ratePerSecond: this.#rate ?? null,
      etaSeconds: remaining ?? null,
    };
  }
}
