/**
 * Telephone numbers. A Chinese mobile is 11 digits from 13 to 19 on: the plan opens new prefixes faster than metadata
 * follow, so that all of 13-19 counts. Every other number is judged by libphonenumber, and only under `phone:e164`.
 */
import type { IdForm } from '../profile.ts';
import type { RefusalTest, Rule } from '../rules.ts';
import { quotes } from '../text.ts';
import { brokenText, decimalPoint, firstRefusals, foldingChanges, hexDigest } from './shared-tests.ts';

const separators = ' \t\n\v\f\r()-.';
const mobile = '1[3-9][0-9]{9}';

const oneDigit: RefusalTest = {
  reason: 'placeholder',
  pattern: `^(?:\\+?86)?(?:${[...'0123456789'].map((digit) => `${digit}+`).join('|')})$`,
};
/** Under E.164 some of these are real: +1 234 567 8901. */
const counting: RefusalTest = {
  reason: 'placeholder',
  pattern: '^(?:\\+?86)?(?:0?12345(?:6(?:7(?:8(?:9(?:0|01|10)?)?)?)?)?|9876543210?)$',
};

const severalNumbers: RefusalTest = {
  reason: 'several-values',
  pattern: '[0-9]{7,}[^0-9]*[,;/|、，；][^0-9]*[0-9]{7,}',
};
const notNumber: RefusalTest = { reason: 'not-a-number', pattern: '[^0-9+]|[0-9+]\\+' };

const chinese: readonly RefusalTest[] = [
  { reason: 'foreign-number', pattern: '^(?:\\+|00)(?:[1-79]|8[0-57-9])[0-9]{5,}$' },
  {
    reason: 'not-mobile',
    pattern:
      '^(?:(?:\\+|00)?86)?0?(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}$|^[48]00[0-9]{7}$|^(?:9[56][0-9]{3}|1[012][0-9]{1,3})$',
  },
  { reason: 'unallocated-number', pattern: '^(?:(?:\\+|00)?86)?0?1[0-2][0-9]{9}$' },
];

const parse: RefusalTest = { reason: 'needs-parsing', pattern: '^\\+?[0-9]{6,18}$' };

export function phoneRule(form: IdForm, region: string | null): Rule {
  const national = form === 'cn';
  const prefix = national ? '' : form === 'e164' ? '+86' : '86';
  const atHome = region === null || region === 'CN';
  return {
    bytesMax: 32,
    canonical: `^${prefix.replace('+', '\\+')}${mobile}$`,
    canonicalUnless: null,
    tidy: '^[+0-9]+$',
    fold: 'ascii',
    letterCase: 'keep',
    strip: quotes,
    remove: separators,
    damage: [decimalPoint],
    vetoes: [],
    accept: atHome ? `^(?:(?:\\+|00)?86)?0?${mobile}$` : `^(?:\\+|00)86${mobile}$`,
    derive: { kind: 'tail', prefix, length: 11, reason: 'country-code' },
    changes: foldingChanges('()-.'),
    refusals: [
      ...firstRefusals,
      hexDigest,
      oneDigit,
      ...(national ? [counting] : []),
      severalNumbers,
      brokenText,
      notNumber,
      ...(national ? chinese : [parse]),
    ],
    otherwise: 'wrong-length',
    region: national ? null : (region ?? 'CN'),
  };
}
