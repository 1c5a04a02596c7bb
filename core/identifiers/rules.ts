/**
 * A normalisation rule as data. `normalise.ts` runs it in JavaScript and `sql.ts` writes it as SQL; there is no third place.
 *
 *     text ── fold, strip, remove, case ──▶ cleaned ── veto? accept ──▶ derive ──▶ value
 *                                                └── else the first refusal that fits
 */
import type { IdProfile } from './profile.ts';
import type { ChangeReason, RefusalReason } from './reasons.ts';
import { cookieRule, customRule, openidRule, unionidRule } from './rules/account.ts';
import { caidRule, idfaRule, imeiRule, macRule, oaidRule } from './rules/device.ts';
import { emailRule } from './rules/email.ts';
import { hashedRule } from './rules/hashed.ts';
import { phoneRule } from './rules/phone.ts';

/** A regular expression's source; see `text.ts` for the syntax. */
export type Pattern = string;

export interface RefusalTest {
  readonly reason: RefusalReason;
  readonly pattern: Pattern;
}

export interface ChangeTest {
  readonly reason: ChangeReason;
  readonly pattern: Pattern;
}

/** How the value comes from the cleaned text that `accept` fits. */
export type Derivation =
  | { readonly kind: 'same' }
  /** `prefix`, then the last `length` characters, all ASCII. */
  | { readonly kind: 'tail'; readonly prefix: string; readonly length: number; readonly reason: ChangeReason }
  /** The mailbox name loses its dots or its `+tag`, at these domains or (null) at all. */
  | {
      readonly kind: 'mailbox';
      readonly domains: readonly string[] | null;
      readonly dots: boolean;
      readonly tag: boolean;
    }
  /** Hexadecimal of either case, or Base64, of a digest of so many bytes. */
  | { readonly kind: 'digest'; readonly bytes: number };

export interface Rule {
  /** Longest cleaned text in bytes. */
  readonly bytesMax: number;
  /** Text of this form is canonical as it stands: the way of most rows. An optimisation only: the long way gives the same. */
  readonly canonical: Pattern;
  /** …unless it also has this form. */
  readonly canonicalUnless: Pattern | null;
  /** Text of this form needs no folding, stripping or removing, only its letter case. An optimisation like `canonical`. */
  readonly tidy: Pattern;
  /** `ascii` brings lookalikes to ASCII; `opaque` drops invisible characters only. */
  readonly fold: 'ascii' | 'opaque';
  readonly letterCase: 'keep' | 'lower' | 'upper';
  /** Characters taken from both ends, beside white space. */
  readonly strip: string;
  /** ASCII characters taken out everywhere. */
  readonly remove: string;
  /** Found in the text as it came: never acceptable, whatever cleaning makes of it. */
  readonly damage: readonly RefusalTest[];
  /** Found in the cleaned text: never acceptable. */
  readonly vetoes: readonly RefusalTest[];
  readonly accept: Pattern;
  readonly derive: Derivation;
  /** Tests on the text as it came, for an accepted value. */
  readonly changes: readonly ChangeTest[];
  /** Tests on the cleaned text of what was not accepted; the first that fits names the reason. */
  readonly refusals: readonly RefusalTest[];
  readonly otherwise: RefusalReason;
  /** Where `needs-parsing` numbers without country code belong; null for all other rules. */
  readonly region: string | null;
}

/** The longest text, in UTF-8 bytes, that is looked at; every rule refuses longer ones as `too-long`. */
export const textBytesMax = 1024;

export function ruleOf(profile: IdProfile): Rule {
  if (profile.digests.length > 0) return hashedRule(profile);
  switch (profile.type) {
    case 'email':
      return emailRule(profile.form);
    case 'phone':
      return phoneRule(profile.form, profile.region);
    case 'imei':
      return imeiRule;
    case 'oaid':
      return oaidRule;
    case 'idfa':
      return idfaRule(profile.form);
    case 'caid':
      return caidRule(profile.version!);
    case 'mac':
      return macRule;
    case 'openid':
      return openidRule;
    case 'unionid':
      return unionidRule;
    case 'cookie':
      return cookieRule;
    case 'custom':
      return customRule;
  }
}
