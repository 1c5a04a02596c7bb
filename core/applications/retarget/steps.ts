/** Whom to speak to again, as rules of `select`: each step takes people out, and the number that it takes out is told. */
import type { TouchKind } from '../events/index.ts';
import type { Rule } from '../select/index.ts';
import type { Words } from '../words.ts';

export interface Retargeting {
  /** List of the people whom a match found. */
  readonly matched: string;
  readonly touched: {
    readonly kind: TouchKind;
    readonly campaigns?: readonly string[];
    /** 86,400 seconds each, back from the date of the selection. */
    readonly withinDays: number;
  };
  /** Whoever ordered within so many days is left out. */
  readonly notConvertedWithinDays: number;
  /** Lists of people to leave out: those who opted out, staff, recent buyers of a shop. */
  readonly excluded: readonly string[];
  /** Whoever saw so many exposures already within so many days is left out. */
  readonly frequency?: { readonly timesMax: number; readonly withinDays: number };
}

export interface RetargetStep {
  readonly name: string;
  /** Of everybody who is left after the steps before. */
  readonly rule: Rule;
  readonly words: Words;
}

/** @throws {RangeError} for a frequency limit below one: it would leave nobody. */
export function retargetSteps(retargeting: Retargeting): readonly RetargetStep[] {
  const { matched, touched, notConvertedWithinDays, excluded, frequency } = retargeting;
  return [
    { name: 'matched', rule: { audience: matched }, words: { en: 'matched', zh: '已匹配' } },
    {
      name: 'touched',
      rule: {
        event: {
          kind: touched.kind,
          withinDays: touched.withinDays,
          ...(touched.campaigns === undefined ? {} : { campaigns: touched.campaigns }),
        },
      },
      words: {
        en: `touched within ${touched.withinDays} days`,
        zh: `${touched.withinDays} 天内有触点`,
      },
    },
    {
      name: 'not converted',
      rule: { event: { kind: 'order', withinDays: notConvertedWithinDays, times: { to: 0 } } },
      words: {
        en: `without an order within ${notConvertedWithinDays} days`,
        zh: `${notConvertedWithinDays} 天内未下单`,
      },
    },
    ...excluded.map(
      (list): RetargetStep => ({
        name: `not ${list}`,
        rule: { not: { audience: list } },
        words: { en: `not in "${list}"`, zh: `不属于“${list}”` },
      }),
    ),
    ...(frequency === undefined ? [] : [frequencyStep(frequency)]),
  ];
}

function frequencyStep({ timesMax, withinDays }: NonNullable<Retargeting['frequency']>): RetargetStep {
  if (timesMax < 1) throw new RangeError(`frequency.timesMax: expected at least 1, got ${timesMax}`);
  return {
    name: 'frequency',
    rule: { event: { kind: 'exposure', withinDays, times: { to: timesMax - 1 } } },
    words: {
      en: `with fewer than ${timesMax} exposures within ${withinDays} days`,
      zh: `${withinDays} 天内曝光少于 ${timesMax} 次`,
    },
  };
}

/** All steps as one rule: the audience. */
export function retargetRule(retargeting: Retargeting): Rule {
  return { all: retargetSteps(retargeting).map(({ rule }) => rule) };
}
