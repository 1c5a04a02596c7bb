/** Numbers as they left a room or join/sum, where groups that are too small were hidden. A report shows what it is given and says what is missing. */
import type { Count } from '../../statistics/index.ts';
import { grouped, type Words } from '../words.ts';
import { fixed } from './format.ts';

/** A number as it was released; undefined where its group is hidden. */
export type Released = Count | undefined;

/** The hidden groups of one table, together. */
export interface HiddenGroups {
  readonly groups: number;
  /** Their joint value, so that the table adds up; undefined where that would say too much. */
  readonly together: Released;
}

/** Whether a count of persons may be shown: an exact one from k on, a noisy one from k + ⌈2σ⌉ on. */
export function reachesMinimum({ value, noise }: Count, minimumGroup: number): boolean {
  return value >= minimumGroup + Math.ceil(2 * Math.sqrt(noise));
}

/** The one line that stands for all hidden groups; which of them is small and which hides another is not said. */
export function hiddenWords({ groups, together }: HiddenGroups, minimumGroup: number): Words {
  const joint = together === undefined ? undefined : fixed(together.value, 0);
  return {
    en: `${grouped(groups)} ${groups === 1 ? 'group' : 'groups'}: fewer than ${grouped(minimumGroup)}, or hidden to protect such a group; together ${joint ?? 'not stated'}.`,
    zh: `${grouped(groups)} 个分组：少于 ${grouped(minimumGroup)}，或为保护此类分组而隐藏；合计${joint === undefined ? '不公布' : ` ${joint}`}。`,
  };
}

export const notEnoughData: Words = { en: 'not enough data', zh: '数据不足' };
