/**
 * What a column looks like, from its name and a sample of its cells, before anybody has declared a profile: a guess for a
 * person to confirm. No cell's text leaves this file.
 */

import { type Normalised, normaliser } from '../normalise.ts';
import { type DigestName, type IdType, parseProfile } from '../profile.ts';
import type { Sentence } from '../reasons.ts';
import { type CellForms, cellForms, type DigestGroup } from './cell-forms.ts';
import { hintOf, type NameHint } from './column-names.ts';
import { describe } from './sentences.ts';

export interface ColumnSample {
  /** The header's text; empty where there is none. */
  readonly name: string;
  /** Some hundreds of cells as they stand in the file; null for a missing one. */
  readonly cells: readonly (string | null)[];
}

export interface Detection {
  /** What the column seems to hold; null where it seems to hold no identifier. */
  readonly type: IdType | null;
  /** A profile that `parseProfile` reads; null without a type, for a mixture, or where only a person knows the app or version. */
  readonly profile: string | null;
  readonly evidence: 'name' | 'cells' | 'both' | 'none';
  /** Other profiles that the same cells would fit. */
  readonly alternatives: readonly string[];
  /** How digests are written, where the column holds digests. */
  readonly digest: Omit<DigestGroup, 'count'> | null;
  /** More than one form in one column (MD5 beside SHA-256, digests beside plain text): it must be taken apart first. */
  readonly mixed: boolean;
  readonly counts: CellCounts;
  /** What to tell a person, most important first. */
  readonly sentences: readonly Sentence[];
}

export interface CellCounts {
  readonly cells: number;
  readonly empty: number;
  readonly placeholder: number;
  /** Rounded, or given a decimal point, by a spreadsheet. */
  readonly damaged: number;
  readonly accepted: number;
  /** Accepted after some change. */
  readonly changed: number;
  /** How often the most frequent accepted value occurs: a shared or invented identifier occurs too often. */
  readonly mostFrequent: number;
}

/** Guesses what a column holds. */
export function detect(sample: ColumnSample): Detection {
  const hint = hintOf(sample.name);
  const forms = cellForms(meaningful(sample.cells));
  const guess = guessColumn(hint, forms);
  const counts = countCells(sample.cells, guess.measure);
  const { type, profile, evidence, alternatives, digest, mixed } = guess;
  const form =
    digest === null ? null : { bytes: digest.bytes, encoding: digest.encoding, letterCase: digest.letterCase };
  return {
    type,
    profile,
    evidence,
    alternatives,
    digest: form,
    mixed,
    counts,
    sentences: describe(guess, forms, counts),
  };
}

export interface Guess {
  readonly type: IdType | null;
  readonly profile: string | null;
  readonly evidence: Detection['evidence'];
  readonly alternatives: readonly string[];
  readonly digest: DigestGroup | null;
  readonly mixed: boolean;
  /** The profile whose rule counts the cells. */
  readonly measure: string;
}

const none = { alternatives: [], digest: null, mixed: false } as const;

/** Types whose plain text can look like a digest. */
const opaque: readonly IdType[] = ['oaid', 'caid', 'openid', 'unionid', 'cookie', 'custom'];

/** What stands in for the part of a profile that only a person knows, so that cells can be counted. */
const complete: Partial<Record<IdType, string>> = {
  caid: 'caid@20220111',
  openid: 'openid@APP',
  unionid: 'unionid@ACCOUNT',
};

/** What cells alone can prove, the most specific first. `cells` are those that are not digests. */
const provable: readonly {
  readonly type: IdType;
  readonly profile: string;
  readonly shareMin: number;
  readonly fits: (cell: string) => boolean;
}[] = [
  { type: 'email', profile: 'email', shareMin: 0.5, fits: accepts('email') },
  {
    type: 'idfa',
    profile: 'idfa',
    shareMin: 0.8,
    fits: (cell) => /^[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(cell.trim()),
  },
  {
    type: 'mac',
    profile: 'mac',
    shareMin: 0.8,
    fits: (cell) => /^(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(cell.trim()),
  },
  {
    type: 'imei',
    profile: 'imei',
    shareMin: 0.9,
    fits: (cell) => /^[0-9]{15}$/.test(cell.trim()) && luhn(cell.trim()),
  },
  { type: 'openid', profile: 'openid', shareMin: 0.9, fits: (cell) => /^o[0-9A-Za-z_-]{27}$/.test(cell.trim()) },
  { type: 'phone', profile: 'phone', shareMin: 0.8, fits: accepts('phone') },
  {
    type: 'phone',
    profile: 'phone:e164',
    shareMin: 0.8,
    fits: (cell) => /^[\s'"]*[+＋]/.test(cell) && accepts('phone:e164')(cell),
  },
];

function guessColumn(hint: NameHint, forms: CellForms): Guess {
  const total = forms.plain.length + forms.digests.reduce((sum, group) => sum + group.count, 0);
  const many = (count: number) => count >= Math.max(2, total * 0.01);
  const groups = forms.digests.filter((group) => many(group.count));
  if (hint.type !== null && opaque.includes(hint.type)) return guessOpaque(hint, hint.type, groups, total);

  const plain = guessPlain(hint, forms.plain);
  if (groups.length === 0) return plain;
  const plainToo = many(forms.plain.length) && plain.type !== null;
  if (groups.length > 1 || plainToo) {
    return { ...plain, type: hint.type ?? plain.type, profile: null, alternatives: [], digest: null, mixed: true };
  }
  return groups[0]!.count * 2 >= total ? guessDigest(hint, groups[0]!) : plain;
}

function guessDigest(hint: NameHint, digest: DigestGroup): Guess {
  const chain = chainOf(hint, digest);
  const chains = chain === null ? [] : digest.bytes === 32 ? [chain, 'sha256', 'sm3', 'md5+sha256'] : [chain];
  const types: readonly IdType[] =
    hint.type === null ? ['phone', 'email', 'imei', 'idfa', 'oaid', 'custom'] : [hint.type];
  const fitting = types.flatMap((type) => [...new Set(chains)].map((name) => `${type}/${name}`));
  const profile = hint.type === null ? null : (fitting[0] ?? null);
  return {
    type: hint.type,
    profile,
    evidence: hint.type === null ? 'cells' : 'both',
    alternatives: fitting.filter((name) => name !== profile),
    digest,
    mixed: false,
    measure: fitting[0] ?? 'custom',
  };
}

/** The digests that the name speaks of where their length fits, the usual one of that length otherwise; null for SHA-1 and SHA-512. */
function chainOf(hint: NameHint, digest: DigestGroup): string | null {
  const last: DigestName | undefined = hint.digests.at(-1);
  if (digest.bytes === 16) return 'md5';
  if (digest.bytes !== 32) return null;
  return last === undefined || last === 'md5' ? 'sha256' : hint.digests.join('+');
}

function guessOpaque(hint: NameHint, type: IdType, groups: readonly DigestGroup[], total: number): Guess {
  const only = groups.length === 1 && groups[0]!.count >= 0.99 * total ? groups[0]! : null;
  const measure = complete[type] ?? type;
  const plain: Guess = {
    ...none,
    type,
    profile: measure === type ? type : null,
    evidence: total === 0 ? 'name' : 'both',
    measure,
  };
  const chain = only === null ? null : chainOf(hint, only);
  if (only === null || chain === null) return plain;
  const hashed = `${measure}/${chain}`;
  // Vendors give OAIDs of several lengths, so that one length throughout speaks for a digest; the others are often such text.
  const asDigest = hint.digests.length > 0 || type === 'oaid';
  if (!asDigest) return { ...plain, alternatives: measure === type ? [hashed] : [] };
  return {
    ...plain,
    profile: measure === type ? hashed : null,
    alternatives: measure === type ? [type] : [],
    digest: only,
    measure: hashed,
  };
}

function guessPlain(hint: NameHint, cells: readonly string[]): Guess {
  const shareOf = (fits: (cell: string) => boolean) =>
    cells.length === 0 ? 0 : cells.filter(fits).length / cells.length;
  const named = hint.type === null ? null : (complete[hint.type] ?? hint.type);
  if (
    named !== null &&
    (cells.length === 0 || shareOf(accepts(named)) >= 0.2 || shareOf(accepts(phoneAbroad(named))) >= 0.2)
  ) {
    return plainOf(hint.type!, named, cells.length === 0 ? 'name' : 'both', shareOf);
  }
  const proven = hint.otherThing ? undefined : provable.find(({ shareMin, fits }) => shareOf(fits) >= shareMin);
  if (proven !== undefined) return plainOf(proven.type, complete[proven.type] ?? proven.profile, 'cells', shareOf);
  if (named !== null) return plainOf(hint.type!, named, 'name', shareOf);
  return { ...none, type: null, profile: null, evidence: 'none', measure: 'custom' };
}

function phoneAbroad(profile: string): string {
  return profile === 'phone' ? 'phone:e164' : profile;
}

function plainOf(
  type: IdType,
  measure: string,
  evidence: Guess['evidence'],
  shareOf: (fits: (cell: string) => boolean) => number,
): Guess {
  const whole = complete[type] === undefined;
  if (type !== 'phone') return { ...none, type, profile: whole ? measure : null, evidence, measure };
  // Numbers of other countries have no 11-digit form: where there are some, E.164 keeps them.
  const abroad = shareOf(accepts('phone:e164')) - shareOf(accepts('phone')) > 0.05;
  const profile = abroad ? 'phone:e164' : measure;
  return { ...none, type, profile, evidence, measure: profile, alternatives: abroad ? ['phone'] : ['phone:e164'] };
}

function accepts(profile: string): (cell: string) => boolean {
  return (cell) => judgeOf(profile)(cell).ok;
}

/** Rules are prepared once, when first asked for. */
const judges = new Map<string, (text: string) => Normalised>();
function judgeOf(profile: string): (text: string) => Normalised {
  const judge = judges.get(profile) ?? normaliser(parseProfile(profile));
  judges.set(profile, judge);
  return judge;
}

/** Cells that say something: not empty, not a placeholder. */
function meaningful(cells: readonly (string | null)[]): readonly string[] {
  const judge = judgeOf('custom');
  return cells.filter((cell): cell is string => {
    if (cell === null || /^[\s0-]*$/.test(cell)) return false;
    const judged = judge(cell);
    return judged.ok || (judged.reason !== 'empty' && judged.reason !== 'placeholder');
  });
}

function countCells(cells: readonly (string | null)[], profile: string): CellCounts {
  const judge = judgeOf(profile);
  const counts = {
    cells: cells.length,
    empty: 0,
    placeholder: 0,
    damaged: 0,
    accepted: 0,
    changed: 0,
    mostFrequent: 0,
  };
  const seen = new Map<string, number>();
  for (const cell of cells) {
    const judged: Normalised = cell === null ? { ok: false, reason: 'empty' } : judge(cell);
    if (judged.ok) {
      const times = (seen.get(judged.value) ?? 0) + 1;
      seen.set(judged.value, times);
      counts.accepted++;
      if (judged.changes.length > 0) counts.changed++;
      counts.mostFrequent = Math.max(counts.mostFrequent, times);
    } else if (judged.reason === 'empty') counts.empty++;
    else if (judged.reason === 'placeholder') counts.placeholder++;
    else if (judged.reason === 'excel-scientific' || judged.reason === 'excel-decimal') counts.damaged++;
  }
  return counts;
}

/** ISO/IEC 7812-1 check digit, as IMEIs have. */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}
