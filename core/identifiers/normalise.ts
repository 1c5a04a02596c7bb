/** Normalisation in JavaScript: the reference that the SQL is tested against, and the judge of single values. */
import { base64ToBytes, bytesToHex } from '../bytes/index.ts';
import { parsePhone } from './phone-parsing.ts';
import type { IdProfile } from './profile.ts';
import type { ChangeReason, RefusalReason } from './reasons.ts';
import { type Derivation, type Rule, ruleOf, textBytesMax } from './rules.ts';
import { asciiFolding, invisible, whitespace } from './text.ts';

export type Normalised =
  /** `changes`: what was done, each reason once, in the order of `changeReasons`; empty where the text was canonical already. */
  | { readonly ok: true; readonly value: string; readonly changes: readonly ChangeReason[] }
  | { readonly ok: false; readonly reason: RefusalReason };

/** Brings one value to its profile's canonical text; `normaliser` is the same for many values. */
export function normalise(profile: IdProfile, text: string): Normalised {
  return normaliser(profile)(text);
}

/**
 * Prepares a profile's rule for many values.
 * @returns a function from the text as it stands in a file to the canonical text or the reason of the refusal. It never
 *   answers `needs-parsing`: it parses. Its results are fixed points: a value that it gave, it gives again unchanged.
 */
export function normaliser(profile: IdProfile): (text: string) => Normalised {
  const rule = ruleOf(profile);
  const clean = cleaner(rule);
  const accept = new RegExp(rule.accept, 'u');
  const derive = deriver(rule.derive);
  const [damage, vetoes, refusals, changes] = [rule.damage, rule.vetoes, rule.refusals, rule.changes].map((tests) =>
    tests.map((test) => ({ reason: test.reason, found: new RegExp(test.pattern, 'u') })),
  ) as [Test<RefusalReason>[], Test<RefusalReason>[], Test<RefusalReason>[], Test<ChangeReason>[]];

  const changesOf = (text: string, derived: ChangeReason | undefined): readonly ChangeReason[] => {
    const reasons = changes.filter((test) => test.found.test(text)).map((test) => test.reason);
    return derived === undefined ? reasons : [...reasons, derived];
  };

  return (text) => {
    if (!text.isWellFormed()) return { ok: false, reason: 'broken-text' };
    if (utf8Length(text) > textBytesMax) return { ok: false, reason: 'too-long' };
    const cleaned = clean(text);
    if (cleaned === '') return { ok: false, reason: 'empty' };
    const spoilt = firstReason(damage, text) ?? firstReason(vetoes, cleaned);
    if (spoilt !== undefined) return { ok: false, reason: spoilt };

    const fits = utf8Length(cleaned) <= rule.bytesMax;
    if (fits && accept.test(cleaned)) {
      const { value, reason } = derive(cleaned);
      return { ok: true, value, changes: changesOf(text, value === cleaned ? undefined : reason) };
    }
    const reason = firstReason(refusals, cleaned) ?? (fits ? rule.otherwise : 'too-long');
    if (reason !== 'needs-parsing') return { ok: false, reason };
    const value = parsePhone(cleaned, rule.region!);
    if (value === null) return { ok: false, reason: 'invalid-number' };
    return { ok: true, value, changes: changesOf(text, value === cleaned ? undefined : 'country-code') };
  };
}

interface Test<Reason> {
  readonly reason: Reason;
  readonly found: RegExp;
}

function firstReason<Reason>(tests: readonly Test<Reason>[], text: string): Reason | undefined {
  return tests.find((test) => test.found.test(text))?.reason;
}

function cleaner(rule: Rule): (text: string) => string {
  const strip = new Set(rule.strip + whitespace);
  const remove = new Set(rule.remove);
  const fold = new Map<string, string>();
  if (rule.fold === 'ascii') {
    const { from, to } = asciiFolding(rule.letterCase);
    for (let i = 0; i < from.length; i++) fold.set(from[i]!, to[i] ?? '');
  } else {
    for (const char of invisible) fold.set(char, '');
  }
  return (text) => {
    const chars = [...text].map((char) => fold.get(char) ?? char).filter((char) => char !== '');
    let start = 0;
    let end = chars.length;
    while (start < end && strip.has(chars[start]!)) start++;
    while (end > start && strip.has(chars[end - 1]!)) end--;
    return chars
      .slice(start, end)
      .filter((char) => !remove.has(char))
      .join('');
  };
}

type Derived = { readonly value: string; readonly reason: ChangeReason };

function deriver(derivation: Derivation): (cleaned: string) => Derived {
  switch (derivation.kind) {
    case 'same':
      return (cleaned) => ({ value: cleaned, reason: 'punctuation' });
    case 'tail':
      return (cleaned) => ({ value: derivation.prefix + cleaned.slice(-derivation.length), reason: derivation.reason });
    case 'mailbox':
      return (cleaned) => ({ value: applyMailboxRule(derivation, cleaned), reason: 'mailbox-rule' });
    case 'digest':
      return (cleaned) =>
        cleaned.length === 2 * derivation.bytes
          ? { value: cleaned.toLowerCase(), reason: 'letter-case' }
          : { value: bytesToHex(base64ToBytes(cleaned)), reason: 'base64' };
  }
}

/** @param address a lower-case address that the e-mail rule accepts. */
export function applyMailboxRule(rule: Extract<Derivation, { kind: 'mailbox' }>, address: string): string {
  const at = address.indexOf('@');
  if (rule.domains !== null && !rule.domains.includes(address.slice(at + 1))) return address;
  let name = address.slice(0, at);
  if (rule.tag) name = name.replace(/\+.*$/, '');
  if (rule.dots) name = name.replaceAll('.', '');
  return name + address.slice(at);
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair is two units and four bytes.
    if (code >= 0x80) bytes += code >= 0x800 && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
