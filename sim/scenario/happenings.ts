/** What goes wrong in a run, or is done by people, and when. */

import { type StoreFault, storeFaults } from '../world/ledger-store.ts';
import type { Luck } from '../world/luck.ts';
import { type Organisation, organisations, parties } from './organisations.ts';

export interface Happening {
  readonly when: When;
  readonly what: What;
}

/** A time; or a moment of the run, when it comes for the n-th time, and a delay after it: the milliseconds that matter are few. */
export type When =
  | { readonly atMs: number }
  | { readonly moment: Moment; readonly nth: number; readonly delayMs: number };

/** `record X`: the operator has stored an entry of this type. `ORGANISATION STAGE`: its job has come to a stage. */
export type Moment = `record ${string}` | `${Organisation} ${string}`;

export type What =
  | { readonly kind: 'crash'; readonly node: Organisation; readonly downMs: number }
  | { readonly kind: 'stop'; readonly node: Organisation; readonly downMs: number }
  | { readonly kind: 'cut'; readonly between: readonly [Organisation, Organisation] }
  | {
      readonly kind: 'partition';
      readonly between: readonly [Organisation, Organisation];
      readonly forMs: number;
    }
  | { readonly kind: 'isolate'; readonly node: Organisation; readonly forMs: number }
  | {
      readonly kind: 'disk';
      readonly node: Organisation;
      readonly code: 'disk-full' | 'disk-failed';
      readonly operationCount: number;
    }
  | { readonly kind: 'store'; readonly node: Organisation; readonly faults: readonly StoreFault[] }
  | { readonly kind: 'release'; readonly node: Organisation; readonly failureCount: number }
  | { readonly kind: 'cancel'; readonly by: Organisation }
  | { readonly kind: 'revoke'; readonly by: Organisation };

/** Where in what is run things can go wrong. */
export interface Places {
  /** Whose disks and databases fail, and who cancels and revokes. */
  readonly parties: readonly Organisation[];
  /** Types of the records at which something happens. */
  readonly records: readonly string[];
  /** Stages at which something happens, with how many times each may come; one that is named twice is drawn twice as often. */
  readonly stages: readonly { readonly of: readonly Organisation[]; readonly stage: string; readonly times: number }[];
}

/** An exchange tells of each message; a job has three rounds at most. */
const times = { prepare: 3, commit: 6, exchange: 40, join: 3, settle: 1, release: 1 };
const stageNames = ['prepare', 'commit', 'exchange', 'exchange', 'join', 'settle', 'settle', 'release'] as const;

export const matchPlaces: Places = {
  parties,
  records: ['agreement.signed', 'job.started', 'job.finished', 'job.failed', 'result.released'],
  stages: stageNames.map((stage) => ({ of: parties, stage, times: times[stage] })),
};

export function drawHappenings(luck: Luck, places: Places): Happening[] {
  return Array.from({ length: luck.below(8) }, () => ({ when: drawWhen(luck, places), what: drawWhat(luck, places) }));
}

function drawWhen(luck: Luck, { records, stages }: Places): When {
  if (luck.chance(0.2)) return { atMs: luck.below(5000) };
  const delayMs = luck.share() * luck.pick([5, 20, 100, 600]);
  if (luck.chance(0.4)) return { moment: `record ${luck.pick(records)}`, nth: 1, delayMs };
  const { of, stage, times: most } = luck.pick(stages);
  return { moment: `${luck.pick(of)} ${stage}`, nth: 1 + luck.below(most), delayMs };
}

function drawWhat(luck: Luck, { parties: those }: Places): What {
  const percent = luck.below(100);
  if (percent < 42) return { kind: 'crash', node: luck.pick(organisations), downMs: drawSpanMs(luck) };
  if (percent < 50) return { kind: 'stop', node: luck.pick(organisations), downMs: drawSpanMs(luck) };
  if (percent < 55) return { kind: 'cut', between: drawPair(luck) };
  if (percent < 62) return { kind: 'partition', between: drawPair(luck), forMs: drawSpanMs(luck) };
  if (percent < 70) return { kind: 'isolate', node: luck.pick(organisations), forMs: drawSpanMs(luck) };
  if (percent < 80) {
    const code = luck.chance(0.5) ? 'disk-full' : 'disk-failed';
    return { kind: 'disk', node: luck.pick(those), code, operationCount: 1 + luck.below(20) };
  }
  if (percent < 88) {
    const faults = Array.from({ length: 1 + luck.below(3) }, () => luck.pick(storeFaults));
    return { kind: 'store', node: luck.pick(organisations), faults };
  }
  if (percent < 91) return { kind: 'release', node: luck.pick(those), failureCount: 1 + luck.below(3) };
  if (percent < 96) return { kind: 'cancel', by: luck.pick(those) };
  return { kind: 'revoke', by: luck.pick(those) };
}

/** Mostly a second or two; now and then longer than a partner waits. */
function drawSpanMs(luck: Luck): number {
  if (luck.chance(0.1)) return 30_000 + luck.below(60_000);
  return 1 + luck.below(luck.chance(0.5) ? 100 : 4000);
}

function drawPair(luck: Luck): readonly [Organisation, Organisation] {
  const without = luck.below(3);
  const [a, b] = organisations.filter((_, i) => i !== without);
  return [a!, b!];
}
