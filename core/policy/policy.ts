/**
 * One organisation's rules about what it agrees to. Both nodes evaluate their own; every finding says which rule it is and whose, in words.
 * The defaults protect; they are lowered only on purpose.
 */
import { evaluateDensity, type ListDensity } from './density.ts';
import type { Finding, PolicyRule } from './finding.ts';
import type { Words } from './words.ts';

/** What an organisation has set for itself. */
export interface PolicySettings {
  /** Fewest distinct identifiers in a list (PAIR 1.0: 1,000). */
  readonly minimumListRows: number;
  /** Fewest rows behind a figure. */
  readonly minimumGroupRows: number;
  /** Runs under one agreement, at most. */
  readonly usesMax: number;
  /** Days that an agreement may last, at most. */
  readonly daysMax: number;
  /** Distinct identifiers that a partner may bring to a round, at most. */
  readonly partnerRowsMax: number;
  /** How many times larger the partner's list may be than ours. */
  readonly ratioMax: number;
  /** Runs with one partner in 24 hours, at most. */
  readonly runsPerDayMax: number;
  /** Evaluations that a partner is given of our tables in 24 hours, at most: how many identifiers it can try. */
  readonly evaluationsPerDayMax: number;
  /** How much of a number segment a list of telephone numbers may cover, in whole percent: see `densityLimit`. */
  readonly densityPercentMax: number;
}

export const defaultPolicy: PolicySettings = {
  minimumListRows: 1000,
  minimumGroupRows: 50,
  usesMax: 100,
  daysMax: 366,
  partnerRowsMax: 1_000_000_000,
  ratioMax: 100_000,
  runsPerDayMax: 50,
  evaluationsPerDayMax: 1_000_000,
  densityPercentMax: 50,
};

/** The facts of an agreement that rules look at, seen from one side. */
export interface PolicyFacts {
  readonly partner: string;
  readonly limits: { readonly minimumListRows: number; readonly minimumGroupRows: number; readonly usesMax: number };
  readonly daysLeft: number;
  readonly ownRows: number;
  readonly partnerRows: number;
  readonly runsToday: number;
  /** Evaluations that one run may ask of us; undefined where the protocol asks for none. */
  readonly evaluationsOfRun?: number | undefined;
  /** Of both sides' lists of telephone numbers; empty where none are matched. */
  readonly densities: readonly ListDensity[];
}

/** Evaluates one organisation's rules on an agreement. @returns a finding for each rule, in a fixed order. */
export function evaluatePolicy(organisation: string, settings: PolicySettings, facts: PolicyFacts): Finding[] {
  const finding = (rule: PolicyRule, allowed: boolean, words: Words): Finding => ({
    rule,
    organisation,
    outcome: allowed ? 'allowed' : 'refused',
    words,
  });
  const { limits } = facts;
  const ratio = facts.ownRows === 0 ? Number.POSITIVE_INFINITY : facts.partnerRows / facts.ownRows;
  return [
    finding('minimum-list', limits.minimumListRows >= settings.minimumListRows, {
      en: `a list holds at least ${settings.minimumListRows} identifiers; the agreement says ${limits.minimumListRows}. Lowering it takes both sides' settings.`,
      zh: `名单至少包含 ${settings.minimumListRows} 个标识；协议写的是 ${limits.minimumListRows}。降低下限需要双方都修改设置。`,
    }),
    finding('minimum-group', limits.minimumGroupRows >= settings.minimumGroupRows, {
      en: `figures below ${settings.minimumGroupRows} rows are hidden; the agreement says ${limits.minimumGroupRows}.`,
      zh: `少于 ${settings.minimumGroupRows} 行的数字不显示；协议写的是 ${limits.minimumGroupRows}。`,
    }),
    finding('own-list-below-minimum', facts.ownRows >= limits.minimumListRows, {
      en: `our list has to hold at least ${limits.minimumListRows} identifiers.`,
      zh: `我方名单至少要有 ${limits.minimumListRows} 个标识。`,
    }),
    finding('uses', limits.usesMax <= settings.usesMax, {
      en: `an agreement is for at most ${settings.usesMax} runs; this one says ${limits.usesMax}.`,
      zh: `一份协议最多运行 ${settings.usesMax} 次；本协议写的是 ${limits.usesMax} 次。`,
    }),
    finding('expiry', facts.daysLeft > 0 && facts.daysLeft <= settings.daysMax, {
      en: `an agreement lasts at most ${settings.daysMax} days and ends in the future.`,
      zh: `协议最长 ${settings.daysMax} 天，且到期日须在将来。`,
    }),
    finding('set-size', facts.partnerRows <= settings.partnerRowsMax, {
      en: `${facts.partner} may bring at most ${settings.partnerRowsMax} identifiers.`,
      zh: `${facts.partner} 最多带入 ${settings.partnerRowsMax} 个标识。`,
    }),
    finding('set-ratio', ratio <= settings.ratioMax, {
      en: `the partner's list may be at most ${settings.ratioMax} times as large as ours.`,
      zh: `对方名单最多是我方名单的 ${settings.ratioMax} 倍。`,
    }),
    finding('runs-per-day', facts.runsToday < settings.runsPerDayMax, {
      en: `at most ${settings.runsPerDayMax} runs with ${facts.partner} in 24 hours; ${facts.runsToday} have been made.`,
      zh: `24 小时内与 ${facts.partner} 最多运行 ${settings.runsPerDayMax} 次；已运行 ${facts.runsToday} 次。`,
    }),
    ...(facts.evaluationsOfRun === undefined
      ? []
      : [
          finding('evaluations', facts.evaluationsOfRun <= settings.evaluationsPerDayMax, {
            en: `${facts.partner} may try at most ${settings.evaluationsPerDayMax} identifiers on our tables in 24 hours; a run of this agreement may try ${facts.evaluationsOfRun}. Agree on a smaller list, or raise the setting evaluationsPerDayMax.`,
            zh: `${facts.partner} 在 24 小时内最多可用我方的表试 ${settings.evaluationsPerDayMax} 个标识；本协议一次运行可能试 ${facts.evaluationsOfRun} 个。请约定更小的名单，或提高设置 evaluationsPerDayMax。`,
          }),
        ]),
    evaluateDensity(organisation, settings.densityPercentMax, facts.densities),
  ];
}

/**
 * The difference guard: two lists that differ by a few rows would, between them, tell about those rows.
 * @param differing rows in one list and not in the other.
 */
export function evaluateDifference(
  organisation: string,
  { differing, minimumGroupRows, earlierJob }: { differing: number; minimumGroupRows: number; earlierJob: string },
): Finding {
  const allowed = differing === 0 || differing >= minimumGroupRows;
  return {
    rule: 'difference',
    organisation,
    outcome: allowed ? 'allowed' : 'refused',
    words: {
      en: `this list differs from that of job ${earlierJob} by fewer than ${minimumGroupRows} identifiers: together the two results would tell about them. Bring the same list, or one that differs by more.`,
      zh: `本名单与作业 ${earlierJob} 的名单相差不足 ${minimumGroupRows} 个标识：两次结果合在一起会暴露这些标识。请使用相同的名单，或差异更大的名单。`,
    },
  };
}
