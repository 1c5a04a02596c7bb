import { describe, expect, it } from 'vitest';
import { compareProfiles, formatProfile, type IdProfile, lift, liftText, normaliser, parseProfile } from './index.ts';
import { mutated, nasty, random } from './test-inputs.ts';

const texts = [
  'phone',
  'phone:e164',
  'phone:US',
  'phone/md5',
  'phone/sha256',
  'phone/sm3',
  'phone/md5+sha256',
  'phone:e164/sha256',
  'phone:digits/sha256',
  'email',
  'email:uid2',
  'email:google',
  'email/sha256',
  'email:uid2/sha256',
  'idfa',
  'idfa:lower/md5',
  'oaid',
  'oaid/md5',
  'oaid/md5+sha256',
  'openid@a',
  'openid@b',
  'caid@20211207',
  'caid@20220111',
  'cookie',
  'cookie@example.com',
  'custom@crm',
];

function common(mine: string, theirs: string): string {
  const comparison = compareProfiles(parseProfile(mine), parseProfile(theirs));
  return comparison.ok ? formatProfile(comparison.common) : comparison.code;
}

describe('two profiles become one form, or are refused', () => {
  it.each([
    ['phone', 'phone', 'phone'],
    ['phone', 'phone/sha256', 'phone/sha256'],
    ['phone/sm3', 'phone', 'phone/sm3'],
    ['phone:e164', 'phone', 'phone:e164'],
    ['phone:US', 'phone:US', 'phone:US'],
    ['phone:US', 'phone:GB', 'phone:e164'],
    ['phone:e164', 'phone/md5', 'phone/md5'],
    ['phone', 'phone:e164/sha256', 'phone:e164/sha256'],
    ['phone', 'phone:digits/sha256', 'phone:digits/sha256'],
    ['phone/md5', 'phone/md5+sha256', 'phone/md5+sha256'],
    ['email', 'email:uid2', 'email:uid2'],
    ['email', 'email:uid2/sha256', 'email:uid2/sha256'],
    ['idfa', 'idfa:lower/md5', 'idfa:lower/md5'],
    ['cookie', 'cookie', 'cookie'],
    ['phone/md5', 'phone/sha256', 'digest-differs'],
    ['phone:e164/sha256', 'phone:digits/sha256', 'form-differs'],
    ['phone/sha256', 'phone:e164/sha256', 'form-differs'],
    ['email:uid2', 'email:google', 'form-differs'],
    ['email:uid2', 'email/sha256', 'form-differs'],
    ['openid@a', 'openid@b', 'namespace-differs'],
    ['cookie', 'cookie@example.com', 'namespace-differs'],
    ['caid@20211207', 'caid@20220111', 'version-differs'],
    ['phone', 'email', 'type-differs'],
  ])('%s with %s: %s', (mine, theirs, expected) => expect(common(mine, theirs)).toBe(expected));

  it('both nodes come to the same form, whoever asks, with the steps changed over', () => {
    for (const a of texts) {
      for (const b of texts) {
        const [there, back] = [
          compareProfiles(parseProfile(a), parseProfile(b)),
          compareProfiles(parseProfile(b), parseProfile(a)),
        ];
        if (there.ok && back.ok) {
          expect(back.common).toEqual(there.common);
          expect([back.mine, back.theirs]).toEqual([there.theirs, there.mine]);
        } else expect([there.ok, back.ok, there.ok || there.code]).toEqual([false, false, back.ok || back.code]);
      }
    }
  });

  it('says who does what, in two languages', () => {
    const { sentence } = compareProfiles(parseProfile('phone'), parseProfile('phone/sha256'));
    expect(sentence.en).toContain('this side hashes (SHA-256)');
    expect(sentence.zh).toContain('本方做 SHA-256 摘要');
    const lossy = compareProfiles(parseProfile('phone/md5'), parseProfile('phone:e164'));
    expect(lossy.sentence.en).toContain('Numbers of other countries fall out');
  });
});

describe('lifting', () => {
  const inputs = [...nasty, ...mutated(random(5), 2000)];

  it.each([
    ['phone', 'phone:e164'],
    ['phone:e164', 'phone'],
    ['email', 'email:uid2'],
    ['email', 'email:google'],
    ['email', 'email:tiktok'],
    ['idfa', 'idfa:lower'],
    ['idfa:lower', 'idfa'],
  ])('%s lifted to %s is what the import under that profile would have given', (from, to) => {
    const [here, there] = [normaliser(parseProfile(from)), normaliser(parseProfile(to))];
    const steps = lift(parseProfile(from), parseProfile(to))!;
    let compared = 0;
    for (const text of inputs) {
      const value = here(text);
      if (!value.ok) continue;
      const expected = there(text);
      expect([text, liftText(steps, value.value)]).toEqual([text, expected.ok ? expected.value : null]);
      compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });

  it('never goes back over a digest, nor over a rule that took something away', () => {
    const goes = (from: string, to: string) => lift(parseProfile(from), parseProfile(to)) !== null;
    expect(goes('phone/md5', 'phone')).toBe(false);
    expect(goes('phone/md5', 'phone/sha256')).toBe(false);
    expect(goes('email:uid2', 'email')).toBe(false);
    expect(goes('phone/md5', 'phone/md5+sha256')).toBe(true);
  });

  it('every lift that a comparison asks for exists and ends in the common form', () => {
    for (const a of texts.map(parseProfile)) {
      for (const b of texts.map(parseProfile)) {
        const comparison = compareProfiles(a, b);
        if (!comparison.ok) continue;
        const ends = (side: IdProfile, steps: readonly unknown[]) =>
          expect(lift(side, comparison.common)).toEqual(steps);
        ends(a, comparison.mine);
        ends(b, comparison.theirs);
      }
    }
  });
});
