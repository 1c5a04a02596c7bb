/** Tests that rules of several types make: what files do to any identifier. */

import type { ChangeTest, Pattern, RefusalTest } from '../rules.ts';
import {
  characterClass,
  dashes,
  fullWidth,
  invisible,
  otherDigits,
  quotes,
  whitespace,
  withFullWidth,
} from '../text.ts';

/** What people and systems write where they have no value, in any letter case. */
const placeholderWords = [
  'null',
  '(null)',
  '<null>',
  '[null]',
  '#null!',
  'nil',
  'none',
  'nan',
  'na',
  'n/a',
  '#n/a',
  '#na',
  '#ref!',
  '#value!',
  '#name?',
  '#div/0!',
  'undefined',
  'unknown',
  'empty',
  'missing',
  '\\n',
  '无',
  '空',
  '未知',
  '没有',
  '暂无',
  '不详',
  '保密',
  '未填写',
  '未提供',
  '未授权',
];

const placeholderWord: Pattern = `^(?:${placeholderWords.map(anyCase).join('|')}|[-_/*?.]+)$`;

const ends = characterClass(whitespace + invisible);
const marks = characterClass(withFullWidth(quotes));
const around = characterClass(whitespace + invisible + withFullWidth(quotes));

export const wordPlaceholder: RefusalTest = { reason: 'placeholder', pattern: placeholderWord };

/** What spreadsheets and number types leave: 1.38E+10, and the .0 of what was text once. */
export const damagedText: readonly RefusalTest[] = [
  {
    reason: 'excel-scientific',
    pattern: '^[^0-9A-Za-z]*[0-9]+(?:\\.[0-9]+[eE]\\+?|[eE]\\+)[0-9]{1,3}[^0-9A-Za-z]*$',
  },
  { reason: 'excel-decimal', pattern: '^[^0-9A-Za-z.]*[0-9]+\\.0+[^0-9A-Za-z.]*$' },
];

/** Refusals that come before any of a type's own. */
export const firstRefusals: readonly RefusalTest[] = [wordPlaceholder, ...damagedText];

/** For rules that take points out: one point is a decimal point, several are separators. Found in the text as it came. */
export const decimalPoint: RefusalTest = {
  reason: 'excel-decimal',
  pattern: '^[^.．。｡A-Za-z]*[.．。｡][^.．。｡A-Za-z]*$',
};

/** MD5, SHA-1, SHA-256, SM3 or SHA-512 in hexadecimal. */
export const hexDigest: RefusalTest = {
  reason: 'looks-hashed',
  pattern: '^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128})$',
};

export const notAscii: RefusalTest = { reason: 'not-ascii', pattern: '[^\\x00-\\x7f]' };

/** Control characters, the replacement character of a failed decoding. */
export const brokenText: RefusalTest = { reason: 'broken-text', pattern: '[\\x00-\\x08\\x0e-\\x1f\\x7f\ufffd]' };

/** What folding to ASCII changes, but for letter case. `punctuation`: ASCII characters that the rule removes. */
export function foldingChanges(punctuation: string): readonly ChangeTest[] {
  return [
    { reason: 'invisible', pattern: characterClass(invisible) },
    { reason: 'full-width', pattern: characterClass(fullWidth) },
    { reason: 'other-digits', pattern: characterClass(otherDigits) },
    { reason: 'spaces', pattern: characterClass(whitespace) },
    { reason: 'quotes', pattern: `^${around}*${marks}|${marks}${around}*$` },
    { reason: 'punctuation', pattern: characterClass(dashes + withFullWidth(punctuation)) },
  ];
}

/** What cleaning an opaque text changes. */
export const opaqueChanges: readonly ChangeTest[] = [
  { reason: 'invisible', pattern: characterClass(invisible) },
  { reason: 'spaces', pattern: `^${ends}*${characterClass(whitespace)}|${characterClass(whitespace)}${ends}*$` },
];

export const lowered: ChangeTest = { reason: 'letter-case', pattern: '[A-ZＡ-Ｚ]' };
export const raised: ChangeTest = { reason: 'letter-case', pattern: '[a-zａ-ｚ]' };

/** RE2 and JavaScript fold case differently beyond ASCII, so letters are spelled out. */
function anyCase(word: string): Pattern {
  const escaped = word.replace(/[()[\]\\/?.*+^$|{}]/g, '\\$&');
  return escaped.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
}
