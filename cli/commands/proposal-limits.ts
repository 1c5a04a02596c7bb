/** What every proposal of two can say of its limits: how often, until when, what for, and from how many on. */
import type { OptionSpec } from '../command.ts';
import { dateOrTime, wholeNumber } from '../parse.ts';
import type { Words } from '../words/index.ts';

export interface LimitOptions {
  readonly uses?: number;
  readonly expires?: string;
  readonly purpose?: string;
  readonly minimum?: number;
  readonly minimumGroup?: number;
}

/** @param groupMax the largest minimum of a group that the operation takes. */
export function limitOptions(words: Words, groupMax: number): readonly OptionSpec[] {
  const { options } = words;
  return [
    { flags: '--uses <n>', about: options.uses, default: '1', parse: wholeNumber(words, { min: 1, max: 10_000 }) },
    { flags: '--expires <date>', about: options.expires, parse: dateOrTime(words) },
    { flags: '--purpose <text>', about: options.purpose },
    {
      flags: '--minimum <rows>',
      about: options.minimum,
      parse: wholeNumber(words, { min: 1, max: 1_000_000_000 }),
    },
    {
      flags: '--minimum-group <rows>',
      about: options.minimumGroup,
      parse: wholeNumber(words, { min: 1, max: groupMax }),
    },
  ];
}

/** The same, as the API takes them; its own defaults stand where nothing was typed. */
export function limitsOf({ uses, expires, minimum, minimumGroup }: LimitOptions) {
  return {
    ...(uses === undefined ? {} : { uses }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
    ...(minimum === undefined ? {} : { minimumListRows: minimum }),
    ...(minimumGroup === undefined ? {} : { minimumGroupRows: minimumGroup }),
  };
}
