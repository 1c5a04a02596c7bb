/** The steps of a retargeting as a marketer reads them: who is left, whom each step left out. */
import { fixed } from '../report/index.ts';
import { grouped, type Words } from '../words.ts';
import { type Retargeting, retargetSteps } from './steps.ts';

export interface RetargetReport {
  readonly steps: readonly {
    readonly name: string;
    /** Absent where it is below the minimum, or would say of a few people that a step left them out. */
    readonly people?: number;
    /** Whom this step left out; absent where this number or the one before is. */
    readonly leftOut?: number;
  }[];
  readonly words: readonly Words[];
}

/**
 * @param left people after each step, in the order of `retargetSteps`; undefined where it is hidden.
 * @throws {RangeError} for another number of steps.
 */
export function reportRetarget(
  retargeting: Retargeting,
  left: readonly (number | undefined)[],
  minimumGroup: number,
): RetargetReport {
  const steps = retargetSteps(retargeting);
  if (left.length !== steps.length) throw new RangeError(`left: expected ${steps.length} numbers, got ${left.length}`);
  const isShown = shown(left, minimumGroup);
  const rows = steps.map(({ name }, i) => ({
    name,
    ...(isShown[i] ? { people: left[i]! } : {}),
    ...(isShown[i] && isShown[i - 1] ? { leftOut: left[i - 1]! - left[i]! } : {}),
  }));
  return { steps: rows, words: steps.map(({ words }, i) => stepWords(words, rows[i]!, minimumGroup)) };
}

/** From the last step back: a number is shown where it differs from the next one that is shown by nobody, or by a group that may be seen. */
function shown(left: readonly (number | undefined)[], minimumGroup: number): readonly boolean[] {
  let next: number | undefined;
  return left
    .toReversed()
    .map((people) => {
      if (people === undefined) return false;
      const differs = next === undefined ? 0 : people - next;
      if (people < minimumGroup || (differs > 0 && differs < minimumGroup)) return false;
      next = people;
      return true;
    })
    .reverse();
}

function stepWords(step: Words, { people, leftOut }: RetargetReport['steps'][number], minimumGroup: number): Words {
  if (people === undefined) {
    const limit = grouped(minimumGroup);
    return {
      en: `${step.en}: not shown, fewer than ${limit} or fewer than ${limit} left out.`,
      zh: `${step.zh}：不显示，不足 ${limit} 人，或排除的人数不足 ${limit}。`,
    };
  }
  const out = leftOut === undefined ? undefined : fixed(leftOut, 0);
  return {
    en: `${step.en}: ${fixed(people, 0)}${out === undefined ? '' : ` (${out} left out)`}.`,
    zh: `${step.zh}：${fixed(people, 0)} 人${out === undefined ? '' : `（排除 ${out} 人）`}。`,
  };
}
