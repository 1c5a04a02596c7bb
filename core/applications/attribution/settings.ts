/** The rules of an attribution, agreed before anything is computed. */
import { kindCode, type TouchKind } from '../events/index.ts';

export const daySeconds = 86_400;

/** Credit is counted in millionths of an order, so that shares are whole numbers that add up. */
export const creditsPerOrder = 1_000_000;

/** Models that share out each order by a rule, and models that are computed from all paths together. */
export const ruleModels = ['first', 'last', 'linear', 'position', 'decay'] as const;
export type RuleModel = (typeof ruleModels)[number];
/** Those whose shares follow from a path alone, so that a path without an order has shares too. */
export const agelessModels = ruleModels.filter((model) => model !== 'decay');
export type PathModel = 'markov-1' | 'markov-2' | 'markov-3' | 'shapley' | 'shapley-rate';
export type AttributionModel = RuleModel | PathModel;

export interface AttributionSettings {
  /** Orders from this instant, before that one, in Unix seconds. */
  readonly period: { readonly from: number; readonly until: number };
  /** A touch counts for an order that comes within so many seconds, the last of them included. */
  readonly windowSeconds: number;
  /** The same for each kind of touch, where that is shorter. */
  readonly lookBackSeconds: Readonly<Partial<Record<TouchKind, number>>>;
  /** Time in which the weight of a touch halves under `decay`. */
  readonly halfLifeSeconds: number;
  /** The latest touches of an order that count, 1 to 1,000. */
  readonly pathLengthMax: number;
  /** The first orders of a person that count; noise has to hide so many. Absent: all. */
  readonly ordersMax?: number;
  /** Units up to which an order's value counts, for the same reason. Absent: all of it. */
  readonly valueMax?: number;
}

export const defaultAttribution: Omit<AttributionSettings, 'period'> = {
  windowSeconds: 15 * daySeconds,
  lookBackSeconds: {},
  halfLifeSeconds: 7 * daySeconds,
  pathLengthMax: 50,
};

/** @returns for each code of a touch the longest time before an order at which it counts. */
export function lookBacks({ windowSeconds, lookBackSeconds }: AttributionSettings): Int32Array {
  const longest = Int32Array.of(windowSeconds, windowSeconds, windowSeconds);
  for (const [kind, seconds] of Object.entries(lookBackSeconds)) {
    const code = kindCode(kind as TouchKind);
    longest[code] = Math.min(longest[code]!, seconds);
  }
  return longest;
}

/** @throws {RangeError} for settings that nothing could be computed by, naming the one. */
export function checkAttribution(settings: AttributionSettings): void {
  const { period, windowSeconds, halfLifeSeconds, pathLengthMax, ordersMax = 1 } = settings;
  if (!(period.from < period.until)) throw new RangeError('period: expected from before until');
  const longest = 400 * daySeconds;
  const isTime = (seconds: number) => Number.isInteger(seconds) && seconds >= 0 && seconds <= longest;
  if (![windowSeconds, ...Object.values(settings.lookBackSeconds)].every(isTime)) {
    throw new RangeError(`windowSeconds, lookBackSeconds: expected whole seconds up to ${longest}`);
  }
  if (!(halfLifeSeconds > 0)) throw new RangeError(`halfLifeSeconds: expected more than 0, got ${halfLifeSeconds}`);
  if (!Number.isInteger(pathLengthMax) || pathLengthMax < 1 || pathLengthMax > 1_000) {
    throw new RangeError(`pathLengthMax: expected 1 to 1000, got ${pathLengthMax}`);
  }
  if (!Number.isInteger(ordersMax) || ordersMax < 1)
    throw new RangeError(`ordersMax: expected at least 1, got ${ordersMax}`);
}
