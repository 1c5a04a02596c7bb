/** Columns that hold digests already: hexadecimal of either case, or Base64, made lower-case hexadecimal. */
import { bytesToBase64, hexToBytes } from '../../bytes/index.ts';
import { digestBytes, digestText } from '../digest.ts';
import type { IdProfile, IdType } from '../profile.ts';
import type { Pattern, Rule } from '../rules.ts';
import { firstRefusals, foldingChanges, hexDigest, notAscii } from './shared-tests.ts';

/** Texts whose digests fill hashed columns where there was no identifier. */
const hashedPlaceholders: readonly string[] = [
  '',
  'null',
  'NULL',
  'Null',
  'None',
  'nan',
  'NaN',
  'undefined',
  'unknown',
  'N/A',
  '-',
  '0',
  '\\N',
  '无',
];

const hashedPlaceholdersOf: Partial<Record<IdType, readonly string[]>> = {
  phone: ['00000000000', '11111111111', '+86', '86'],
  imei: ['000000000000000', '00000000000000', '111111111111111'],
  idfa: ['00000000-0000-0000-0000-000000000000', '00000000000000000000000000000000'],
  oaid: ['00000000-0000-0000-0000-000000000000', '00000000000000000000000000000000', '0'.repeat(64)],
  mac: ['020000000000', '000000000000', 'FFFFFFFFFFFF', '02:00:00:00:00:00', '00:00:00:00:00:00'],
};

export function hashedRule(profile: IdProfile): Rule {
  const bytes = digestBytes[profile.digests.at(-1)!];
  const placeholder = { reason: 'placeholder', pattern: placeholderDigests(profile, bytes) } as const;
  return {
    bytesMax: 2 * bytes,
    canonical: `^[0-9a-f]{${2 * bytes}}$`,
    canonicalUnless: null,
    tidy: '^[0-9A-Za-z]+$',
    fold: 'ascii',
    letterCase: 'keep',
    strip: `'"`,
    remove: '',
    damage: [],
    vetoes: [placeholder],
    accept: `^(?:[0-9a-fA-F]{${2 * bytes}}|${base64Digest(bytes)})$`,
    derive: { kind: 'digest', bytes },
    changes: foldingChanges(''),
    refusals: [...firstRefusals, { ...hexDigest, reason: 'other-hash' }, notAscii],
    otherwise: 'not-hashed',
    region: null,
  };
}

/** Canonical Base64 only: the last character before the padding has no bits to spare. */
function base64Digest(bytes: number): Pattern {
  return bytes % 3 === 1
    ? `[A-Za-z0-9+/]{${((bytes - 1) / 3) * 4 + 1}}[AQgw]==`
    : `[A-Za-z0-9+/]{${((bytes - 2) / 3) * 4 + 2}}[AEIMQUYcgkosw048]=`;
}

function placeholderDigests(profile: IdProfile, bytes: number): Pattern {
  const texts = [...hashedPlaceholders, ...(hashedPlaceholdersOf[profile.type] ?? [])];
  const digests = [...texts.map((text) => digestText(profile.digests, text)), '0'.repeat(2 * bytes)];
  const forms = digests.flatMap((hex) => [eitherCase(hex), bytesToBase64(hexToBytes(hex)).replaceAll('+', '\\+')]);
  return `^(?:${forms.join('|')})$`;
}

function eitherCase(hex: string): Pattern {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
