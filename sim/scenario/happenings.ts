/** What goes wrong in a run, or is done by people, and when. */
import type { Luck } from '../world/luck.ts';
import { type Organisation, organisations, type Party, parties } from './organisations.ts';

export interface Happening {
  readonly when: When;
  readonly what: What;
}

/** A time, or a moment of the run and a delay after it: the seconds that matter are few. */
export type When = { readonly atMs: number } | { readonly moment: Moment; readonly delayMs: number };

/** `record X`: the operator has stored an entry of this type. `PARTY STAGE`: a party's job has come to a stage. */
export type Moment = `record ${string}` | `${Party} ${string}`;

export type What =
  | { readonly kind: 'crash'; readonly node: Organisation; readonly downMs: number }
  | { readonly kind: 'cut'; readonly between: readonly [Organisation, Organisation] }
  | {
      readonly kind: 'partition';
      readonly between: readonly [Organisation, Organisation];
      readonly forMs: number;
    }
  | {
      readonly kind: 'disk';
      readonly node: Party;
      readonly code: 'disk-full' | 'disk-failed';
      readonly operationCount: number;
    }
  | { readonly kind: 'store'; readonly node: Organisation; readonly fault: 'before-commit' | 'after-commit' }
  | { readonly kind: 'cancel'; readonly by: Party }
  | { readonly kind: 'revoke'; readonly by: Party };

const recordMoments = ['agreement.signed', 'job.started', 'job.finished', 'job.failed', 'result.released'];
const stages = ['prepare', 'blind', 'exchange', 'join', 'settle', 'release'];

export function drawHappenings(luck: Luck): Happening[] {
  const count = luck.below(6);
  return Array.from({ length: count }, () => ({ when: drawWhen(luck), what: drawWhat(luck) }));
}

function drawWhen(luck: Luck): When {
  if (luck.chance(0.4)) return { atMs: luck.below(5000) };
  const moment: Moment = luck.chance(0.5)
    ? `record ${luck.pick(recordMoments)}`
    : `${luck.pick(parties)} ${luck.pick(stages)}`;
  return { moment, delayMs: luck.chance(0.8) ? luck.below(40) : luck.below(1000) };
}

function drawWhat(luck: Luck): What {
  const percent = luck.below(100);
  if (percent < 45) return { kind: 'crash', node: luck.pick(organisations), downMs: drawSpanMs(luck) };
  if (percent < 55) return { kind: 'cut', between: drawPair(luck) };
  if (percent < 70) return { kind: 'partition', between: drawPair(luck), forMs: drawSpanMs(luck) };
  if (percent < 80) {
    const code = luck.chance(0.5) ? 'disk-full' : 'disk-failed';
    return { kind: 'disk', node: luck.pick(parties), code, operationCount: 1 + luck.below(20) };
  }
  if (percent < 88) {
    const fault = luck.chance(0.5) ? 'before-commit' : 'after-commit';
    return { kind: 'store', node: luck.pick(organisations), fault };
  }
  if (percent < 95) return { kind: 'cancel', by: luck.pick(parties) };
  return { kind: 'revoke', by: luck.pick(parties) };
}

/** Mostly a second or two; now and then longer than a partner waits. */
function drawSpanMs(luck: Luck): number {
  if (luck.chance(0.06)) return 30_000 + luck.below(60_000);
  return 1 + luck.below(luck.chance(0.5) ? 100 : 4000);
}

function drawPair(luck: Luck): readonly [Organisation, Organisation] {
  const without = luck.below(3);
  const [a, b] = organisations.filter((_, i) => i !== without);
  return [a!, b!];
}
