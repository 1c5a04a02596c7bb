/**
 * An identifier profile: what a column of identifiers holds. Both sides must agree on all of it before a match, since two
 * columns are comparable only where type, form, digest chain, namespace and version are the same or can be made the same.
 *
 * People write it as one word:
 *
 *     TYPE[:FORM][:REGION][@SCOPE][/DIGEST[+DIGEST]]
 *
 *     phone   phone/md5   phone:e164   phone:US/sha256   phone:digits/sha256
 *     email   email/sha256   email:uid2/sha256   oaid/md5+sha256   openid@wx0123456789abcdef   caid@20220111
 */
import { isPhoneRegion } from './phone-parsing.ts';
import { IdentifierError, type Sentence } from './reasons.ts';

export const idTypes = [
  'email',
  'phone',
  'imei',
  'oaid',
  'idfa',
  'caid',
  'mac',
  'openid',
  'unionid',
  'cookie',
  'custom',
] as const;
export type IdType = (typeof idTypes)[number];

/**
 * The canonical text of a type, where more than one is in use.
 * - email: `plain` trim and lower-case (PAIR, ADMaP, Meta, Snap, X); `uid2` also drops dots and `+tag` at gmail.com; `google`
 *   drops all spaces, and dots at gmail.com and googlemail.com; `tiktok` drops `+tag` everywhere.
 * - phone: `cn` 11 digits; `e164` with `+`; `digits` the same without `+`, which differs only under a digest.
 * - idfa: `plain` upper-case (Tencent); `lower` (Snap, X).
 */
export type IdForm = 'plain' | 'uid2' | 'google' | 'tiktok' | 'cn' | 'e164' | 'digits' | 'lower';

export const digestNames = ['md5', 'sha256', 'sm3'] as const;
export type DigestName = (typeof digestNames)[number];

export const digestLabels: Readonly<Record<DigestName, string>> = { md5: 'MD5', sha256: 'SHA-256', sm3: 'SM3' };

export const formLabels: Readonly<Record<IdForm, Sentence>> = {
  plain: { en: 'the usual form', zh: '常规形式' },
  uid2: { en: 'the form of UID2', zh: ' UID2 形式' },
  google: { en: 'the form of Google', zh: ' Google 形式' },
  tiktok: { en: 'the form of TikTok', zh: ' TikTok 形式' },
  cn: { en: '11 digits', zh: ' 11 位数字' },
  e164: { en: 'E.164 with +', zh: '带 + 的 E.164 形式' },
  digits: { en: 'E.164 without +', zh: '不带 + 的 E.164 形式' },
  lower: { en: 'lower case', zh: '小写' },
};

export interface IdProfile {
  readonly type: IdType;
  readonly form: IdForm;
  /** ISO 3166 code of the country that a phone number without country code belongs to; null for all but `phone:e164` in plain text. */
  readonly region: string | null;
  /** The app (OpenID), open-platform account (UnionID), domain (cookie) or system (custom) inside which the identifier means something. */
  readonly namespace: string | null;
  /** The CAID algorithm's version, as a date. */
  readonly version: string | null;
  /** The digests that the column already went through, first to last; each works on the lower-case hexadecimal of the one before. */
  readonly digests: readonly DigestName[];
}

interface TypeFacts {
  /** The first is the default. */
  readonly forms: readonly IdForm[];
  /** Other names of the same rule. */
  readonly aliases: Readonly<Record<string, IdForm>>;
  readonly scope: 'none' | 'namespace' | 'namespace-required' | 'version';
  readonly scopeHint: string;
}

const oneForm = { forms: ['plain'], aliases: {}, scope: 'none', scopeHint: '' } as const;

export const typeFacts: Readonly<Record<IdType, TypeFacts>> = {
  email: {
    forms: ['plain', 'uid2', 'google', 'tiktok'],
    aliases: { pair: 'plain', admap: 'plain', meta: 'plain', snap: 'plain', x: 'plain' },
    scope: 'none',
    scopeHint: '',
  },
  phone: {
    forms: ['cn', 'e164', 'digits'],
    aliases: { uid2: 'e164', google: 'e164', meta: 'digits', snap: 'digits' },
    scope: 'none',
    scopeHint: '',
  },
  imei: oneForm,
  oaid: oneForm,
  idfa: { ...oneForm, forms: ['plain', 'lower'] },
  caid: { ...oneForm, scope: 'version', scopeHint: 'caid@20220111' },
  mac: oneForm,
  openid: { ...oneForm, scope: 'namespace-required', scopeHint: 'openid@APPID' },
  unionid: { ...oneForm, scope: 'namespace-required', scopeHint: 'unionid@ACCOUNT' },
  cookie: { ...oneForm, scope: 'namespace', scopeHint: 'cookie@example.com' },
  custom: { ...oneForm, scope: 'namespace', scopeHint: 'custom@crm' },
};

/** CAID versions by Tencent's number for them (developers.e.qq.com, APP_api). */
const caidVersionByCode: Readonly<Record<string, string>> = {
  '1003': '20201230',
  '1004': '20211207',
  '1005': '20220111',
};

const digestChainMax = 3;

/**
 * Reads a profile as people write it; see the head of this file.
 * @throws {IdentifierError} `malformed-profile`, with what is allowed in that place.
 */
export function parseProfile(text: string): IdProfile {
  const parts = /^([A-Za-z0-9]+)((?::[A-Za-z0-9]+)*)(?:@([A-Za-z0-9._-]{1,64}))?(?:\/([A-Za-z0-9+-]+))?$/.exec(
    text.trim(),
  );
  if (parts === null)
    throw malformed(text, 'write TYPE[:FORM][@SCOPE][/DIGEST], for example phone, email/sha256 or openid@APPID');
  const type = parts[1]!.toLowerCase() as IdType;
  if (!idTypes.includes(type)) throw malformed(text, `the type is one of ${idTypes.join(', ')}`);
  const digests = parts[4] === undefined ? [] : parseDigests(text, parts[4]);
  const { form, region } = parseOptions(text, type, parts[2]!.split(':').slice(1), digests);
  return { type, form, region, ...parseScope(text, type, parts[3]), digests };
}

/** The one canonical text of a profile: `parseProfile(formatProfile(p))` equals `p`. */
export function formatProfile(profile: IdProfile): string {
  const options: string[] = [];
  const foreign = profile.region !== null && profile.region !== 'CN';
  if (profile.form !== typeFacts[profile.type].forms[0] && !foreign) options.push(profile.form);
  if (foreign) options.push(profile.region!);
  const scope = profile.namespace ?? profile.version;
  const digests = profile.digests.length > 0 ? `/${profile.digests.join('+')}` : '';
  return [profile.type, ...options].join(':') + (scope === null ? '' : `@${scope}`) + digests;
}

function parseOptions(
  text: string,
  type: IdType,
  options: readonly string[],
  digests: readonly DigestName[],
): Pick<IdProfile, 'form' | 'region'> {
  const facts = typeFacts[type];
  let form: IdForm | undefined;
  let region: string | undefined;
  for (const option of options) {
    const named = option.toLowerCase();
    const found = facts.aliases[named] ?? facts.forms.find((name) => name === named);
    if (type === 'phone' && found === undefined && region === undefined && /^[A-Z]{2}$/.test(option)) region = option;
    else if (found !== undefined && form === undefined) form = found;
    else throw malformed(text, allowedOptions(type));
  }
  if (region !== undefined && !isPhoneRegion(region)) {
    throw malformed(
      text,
      'a region is a two-letter ISO 3166 code with telephone numbers, for example phone:US or phone:HK',
    );
  }
  form ??= region === undefined ? facts.forms[0]! : 'e164';
  if (form === 'cn' && region !== undefined && region !== 'CN')
    throw malformed(text, `phone:cn is for China; write phone:${region}`);
  if (form === 'digits' && digests.length === 0) {
    throw malformed(
      text,
      'E.164 without + differs only under a digest; write phone:e164, which reads numbers without + too',
    );
  }
  return { form, region: form === 'e164' && digests.length === 0 ? (region ?? 'CN') : null };
}

function parseScope(text: string, type: IdType, scope: string | undefined): Pick<IdProfile, 'namespace' | 'version'> {
  const facts = typeFacts[type];
  switch (facts.scope) {
    case 'none':
      if (scope !== undefined) throw malformed(text, `${type} takes no @`);
      return { namespace: null, version: null };
    case 'namespace':
      return { namespace: scope ?? null, version: null };
    case 'namespace-required':
      if (scope === undefined)
        throw malformed(text, `${type} means something inside one app or account only; write ${facts.scopeHint}`);
      return { namespace: scope, version: null };
    case 'version': {
      const version = caidVersionByCode[scope ?? ''] ?? scope;
      if (version === undefined || !/^20[0-9]{6}$/.test(version)) {
        throw malformed(
          text,
          `CAIDs of different versions never match; write the version as a date: ${facts.scopeHint}`,
        );
      }
      return { namespace: null, version };
    }
  }
}

function parseDigests(text: string, chain: string): readonly DigestName[] {
  const names = chain.toLowerCase().replaceAll('sha-256', 'sha256');
  if (names === 'plain') return [];
  const digests = names.split('+');
  if (digests.length > digestChainMax || !digests.every((name) => (digestNames as readonly string[]).includes(name))) {
    throw malformed(text, `after / stand ${digestNames.join(', ')} or a chain of them such as md5+sha256`);
  }
  return digests as DigestName[];
}

function allowedOptions(type: IdType): string {
  const { forms, aliases } = typeFacts[type];
  const allowed = [...forms, ...Object.keys(aliases).filter((name) => !(forms as readonly string[]).includes(name))];
  const region = type === 'phone' ? ', and a region such as US' : '';
  return allowed.length === 1
    ? `${type} has one form only: write ${type}`
    : `after ${type}: stand ${allowed.join(', ')}${region}`;
}

function malformed(text: string, allowed: string): IdentifierError {
  return new IdentifierError('malformed-profile', `"${text.slice(0, 80)}" is not an identifier profile: ${allowed}`);
}
