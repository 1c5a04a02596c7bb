/** Device identifiers: IMEI and MEID, OAID, IDFA, CAID, MAC. */
import type { IdForm } from '../profile.ts';
import type { RefusalTest, Rule } from '../rules.ts';
import { quotes } from '../text.ts';
import {
  brokenText,
  decimalPoint,
  firstRefusals,
  foldingChanges,
  hexDigest,
  lowered,
  notAscii,
  raised,
  wordPlaceholder,
} from './shared-tests.ts';

const typed = {
  canonicalUnless: null,
  tidy: '^[0-9A-Za-z_]+$',
  fold: 'ascii',
  strip: quotes,
  damage: [],
  derive: { kind: 'same' },
  region: null,
} as const;

const spaces = ' \t\n\v\f\r';

/** One character over and over: what devices answer that hide their identifier. */
function repeated(characters: string): RefusalTest {
  const runs = [...characters].map((char) => `${char}[${char}-]*`);
  return { reason: 'placeholder', pattern: `^(?:${runs.join('|')})$` };
}

const imeiPlaceholders: readonly RefusalTest[] = [
  repeated('0123456789abcdef'),
  { reason: 'placeholder', pattern: '^(?:12345678901234[57]?|01234567890123[47]|012345678912345|004999010640000)$' },
];

/**
 * IMEI: 15 digits, or 14 without the check digit; MEID: 14 or 15 hexadecimal. Lower-case (Tencent, datanexus.qq.com).
 * The check digit is not enforced: partners hold, and hash, what the device said.
 */
export const imeiRule: Rule = {
  ...typed,
  bytesMax: 15,
  canonical: '^[0-9a-f]{14,15}$',
  letterCase: 'lower',
  remove: `${spaces}-/`,
  vetoes: imeiPlaceholders,
  accept: '^[0-9a-f]{14,15}$',
  changes: [...foldingChanges('-/'), lowered],
  refusals: [...firstRefusals, hexDigest, brokenText, notAscii, { reason: 'wrong-length', pattern: '^[0-9a-f]+$' }],
  otherwise: 'malformed',
};

/** OAID: as the vendor gives it, letter case and hyphens unchanged; lengths differ by vendor (Tencent, datanexus.qq.com). */
export const oaidRule: Rule = {
  ...typed,
  bytesMax: 128,
  canonical: '^[0-9A-Za-z_-]{8,128}$',
  letterCase: 'keep',
  remove: '',
  vetoes: [repeated('0fFxX'), wordPlaceholder],
  accept: '^[0-9A-Za-z_-]{8,128}$',
  changes: foldingChanges(''),
  refusals: [...firstRefusals, brokenText, notAscii, { reason: 'wrong-length', pattern: '^[0-9A-Za-z_-]+$' }],
  otherwise: 'malformed',
};

/** IDFA: a UUID, upper-case with hyphens (Tencent), or lower-case (Snap, X). Without hyphens it cannot be told from MD5. */
export function idfaRule(form: IdForm): Rule {
  const hex = form === 'lower' ? '[0-9a-f]' : '[0-9A-F]';
  const uuid = `^${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}$`;
  return {
    ...typed,
    bytesMax: 36,
    canonical: uuid,
    letterCase: form === 'lower' ? 'lower' : 'upper',
    remove: spaces,
    vetoes: [repeated('0'), repeated(form === 'lower' ? 'f' : 'F')],
    accept: uuid,
    changes: [...foldingChanges(''), form === 'lower' ? lowered : raised],
    refusals: [...firstRefusals, hexDigest, brokenText, notAscii],
    otherwise: 'malformed',
  };
}

/** CAID: 32 lower-case letters and digits of one version; `20220111_…` names the version in front (Tencent, APP_api). */
export function caidRule(version: string): Rule {
  return {
    ...typed,
    bytesMax: 48,
    canonical: '^[0-9a-z]{32}$',
    letterCase: 'lower',
    remove: spaces,
    vetoes: [repeated('0f')],
    accept: `^(?:${version}_)?[0-9a-z]{32}$`,
    derive: { kind: 'tail', prefix: '', length: 32, reason: 'version-prefix' },
    changes: [...foldingChanges(''), lowered],
    refusals: [
      ...firstRefusals,
      { ...hexDigest, pattern: '^[0-9a-f]{64}$' },
      { reason: 'other-version', pattern: '^20[0-9]{6}_[0-9a-z]{32}$' },
      brokenText,
      notAscii,
      { reason: 'wrong-length', pattern: '^[0-9a-z]+$' },
    ],
    otherwise: 'malformed',
  };
}

/**
 * MAC: 12 hexadecimal digits, upper-case without separators (Tencent). 02:00:00:00:00:00 is what Android 6 and iOS 7 and
 * later give to every app.
 */
export const macRule: Rule = {
  ...typed,
  bytesMax: 12,
  canonical: '^[0-9A-F]{12}$',
  letterCase: 'upper',
  remove: `${spaces}:.-`,
  damage: [decimalPoint],
  vetoes: [repeated('0F'), { reason: 'placeholder', pattern: '^020000000000$' }],
  accept: '^[0-9A-F]{12}$',
  changes: [...foldingChanges(':.-'), raised],
  refusals: [...firstRefusals, hexDigest, brokenText, notAscii, { reason: 'wrong-length', pattern: '^[0-9A-F]+$' }],
  otherwise: 'malformed',
};
