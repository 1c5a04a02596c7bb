import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, normaliser, parseProfile } from './index.ts';
import { mutated, nasty, random } from './test-inputs.ts';

const plain = [
  'phone',
  'phone:e164',
  'phone:US',
  'email',
  'email:uid2',
  'email:google',
  'email:tiktok',
  'imei',
  'oaid',
  'idfa',
  'idfa:lower',
  'caid@20220111',
  'mac',
  'openid@wx1',
  'unionid@wx1',
  'cookie@example.com',
  'custom',
];
const hashed = ['phone/md5', 'email:uid2/sha256', 'oaid/md5+sha256', 'idfa/sm3'];

function canonical(profile: string, text: string): string {
  const result = normalise(parseProfile(profile), text);
  return result.ok ? result.value : `refused: ${result.reason}`;
}

describe('every profile', () => {
  const inputs = [...nasty, ...mutated(random(11), 3000)];

  it.each([...plain, ...hashed])('%s: normalising a canonical value changes nothing', (name) => {
    const judge = normaliser(parseProfile(name));
    const accepted = inputs.flatMap((text) => {
      const result = judge(text);
      return result.ok ? [result.value] : [];
    });
    expect(accepted.length).toBeGreaterThan(0);
    for (const value of accepted) expect(judge(value)).toEqual({ ok: true, value, changes: [] });
  });

  it.each([...plain, ...hashed])('%s: changes are named exactly where the value differs from the text', (name) => {
    const judge = normaliser(parseProfile(name));
    for (const text of inputs) {
      const result = judge(text);
      if (result.ok) expect([text, result.changes.length > 0]).toEqual([text, result.value !== text]);
    }
  });

  it.each([...plain, ...hashed])('[F4] %s: any Unicode text is judged, lone surrogates and huge texts too', (name) => {
    const judge = normaliser(parseProfile(name));
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => void judge(text)));
    expect(judge('a\ud800')).toEqual({ ok: false, reason: 'broken-text' });
    expect(judge(' '.repeat(1_000_000))).toEqual({ ok: false, reason: 'too-long' });
  });

  it.each([...plain, ...hashed])('[F8] %s: empty cells and placeholder words are no identifiers', (name) => {
    for (const text of ['', ' ', '\u3000', '\ufeff\t']) expect(canonical(name, text)).toBe('refused: empty');
    for (const text of ['NULL', 'null', 'None', 'N/A', '#N/A', '\\N', 'nan', 'undefined', '无', '未知']) {
      expect([text, canonical(name, text)]).toEqual([text, 'refused: placeholder']);
    }
  });

  it.each([...plain, ...hashed])('[F5] %s: a number in scientific notation has lost digits', (name) => {
    for (const text of ['1.38E+10', '1.38001E+10', "'8.68e+14", ' 1E+10 ']) {
      expect([text, canonical(name, text)]).toEqual([text, 'refused: excel-scientific']);
    }
  });
});

describe('[F6] Chinese mobiles: the same person matches however written', () => {
  it.each([
    '13800138000',
    ' 138 0013 8000 ',
    '138-0013-8000',
    '138.0013.8000',
    '+86 138 0013 8000',
    '0086-13800138000',
    '86 13800138000',
    '(86)13800138000',
    '（＋８６）１３８００１３８０００',
    '\u202d13800138000\u202c',
    '\ufeff13800138000',
    '13800138000\u200b',
    "'13800138000",
    '="13800138000"',
    '013800138000',
    '138–0013–8000',
    '١٣٨٠٠١٣٨٠٠٠',
  ])('%s', (text) => {
    expect(canonical('phone', text)).toBe('13800138000');
    expect(canonical('phone:e164', text)).toBe('+8613800138000');
  });

  it('says what was changed', () => {
    expect(normalise(parseProfile('phone'), '\ufeff＋86 138-0013-8000')).toEqual({
      ok: true,
      value: '13800138000',
      changes: ['invisible', 'full-width', 'spaces', 'punctuation', 'country-code'],
    });
  });

  it.each([
    ['13800138000.0', 'excel-decimal'],
    ['138001.38000', 'excel-decimal'],
    ['1380013800', 'wrong-length'],
    ['138001380000', 'wrong-length'],
    ['12800138000', 'unallocated-number'],
    ['010-62771234', 'not-mobile'],
    ['400-800-1234', 'not-mobile'],
    ['1380013800O', 'not-a-number'],
    ['13800138000转8', 'not-a-number'],
    ['13800138000/13900139000', 'several-values'],
    ['+852 9123 4567', 'foreign-number'],
    ['11111111111', 'placeholder'],
    ['+86 00000000000', 'placeholder'],
    ['12345678901', 'placeholder'],
    ['7945bd83237335e5376ff44d62e4f0ae', 'looks-hashed'],
  ])('%s is refused as %s', (text, reason) => expect(canonical('phone', text)).toBe(`refused: ${reason}`));
});

describe('numbers of the world', () => {
  it.each([
    ['phone:US', '(650) 555-1212', '+16505551212'],
    ['phone:US', '1 (234) 567-8901', '+12345678901'],
    ['phone:AU', '0491 570 006', '+61491570006'],
    ['phone:GB', '+44 (0)20 7946 0958', '+442079460958'],
    ['phone:US', '0044 20 7946 0958', '+442079460958'],
    ['phone:HK', '9123 4567', '+85291234567'],
    ['phone:US', '+86 13800138000', '+8613800138000'],
    ['phone:e164', '+1 650 555 1212', '+16505551212'],
    ['phone:e164', '010-62771234', '+861062771234'],
  ])('%s reads %s', (profile, text, value) => expect(canonical(profile, text)).toBe(value));

  it.each([
    ['phone:US', '555-1212', 'invalid-number'],
    ['phone:e164', '+99912345678', 'invalid-number'],
    ['phone:e164', '12', 'wrong-length'],
  ])('%s refuses %s', (profile, text, reason) => expect(canonical(profile, text)).toBe(`refused: ${reason}`));
});

describe('[F7] e-mail', () => {
  it.each([
    ['email', ' User.Name+Tag@Example.COM ', 'user.name+tag@example.com'],
    ['email', 'ｕｓｅｒ＠ｑｑ。ｃｏｍ', 'user@qq.com'],
    ['email', 'Jane.Saoirse+Work@gmail.com', 'jane.saoirse+work@gmail.com'],
    ['email:uid2', 'Jane.Saoirse+Work@gmail.com', 'janesaoirse@gmail.com'],
    ['email:uid2', 'Jane.Saoirse+Work@googlemail.com', 'jane.saoirse+work@googlemail.com'],
    ['email:google', 'Jane.Saoirse+Work@gmail.com', 'janesaoirse+work@gmail.com'],
    ['email:google', 'Jane. Saoirse@GoogleMail.com', 'janesaoirse@googlemail.com'],
    ['email:tiktok', 'jane.saoirse+work+2@qq.com', 'jane.saoirse@qq.com'],
    ['email', 'a..b.@docomo.ne.jp', 'a..b.@docomo.ne.jp'],
  ])('%s reads %s', (profile, text, value) => expect(canonical(profile, text)).toBe(value));

  it.each([
    ['email', 'us er@qq.com', 'malformed'],
    ['email', 'user@qq', 'malformed'],
    ['email', 'user@@qq.com', 'malformed'],
    ['email', 'user@müller.de', 'not-ascii'],
    // The Kelvin sign, which full Unicode lower-casing would make a k.
    ['email', '\u212aim@qq.com', 'not-ascii'],
    ['email', 'a@qq.com; b@qq.com', 'several-values'],
    ['email', 'test@test.com', 'placeholder'],
    ['email:uid2', '...+x@gmail.com', 'malformed'],
    ['email', '16c18d336f0b250f0e2d907452ceb9658a74ecdae8bc94864c23122a72cc27a5', 'looks-hashed'],
    ['email', `${'a'.repeat(65)}@qq.com`, 'malformed'],
    ['email', `a@${'b.'.repeat(126)}com`, 'too-long'],
  ])('%s refuses %s as %s', (profile, text, reason) => expect(canonical(profile, text)).toBe(`refused: ${reason}`));
});

describe('devices and accounts', () => {
  it.each([
    ['imei', '35-209900-176148-1', '352099001761481'],
    ['imei', 'A000002C9060F7', 'a000002c9060f7'],
    ['idfa', 'ea7583cd-a667-48bc-b806-42ecb2b48606', 'EA7583CD-A667-48BC-B806-42ECB2B48606'],
    ['idfa:lower', 'EA7583CD-A667-48BC-B806-42ECB2B48606', 'ea7583cd-a667-48bc-b806-42ecb2b48606'],
    ['oaid', ' 1fe9A970-efbb-29e0-0bdd-f5dbbf751ab5', '1fe9A970-efbb-29e0-0bdd-f5dbbf751ab5'],
    ['caid@20220111', '20220111_0123456789ABCDEFghijklmnopqrstuv', '0123456789abcdefghijklmnopqrstuv'],
    ['mac', '02:42:ac:11:00:02', '0242AC110002'],
    ['openid@wx1', 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc', 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc'],
    ['custom', ' 会员 42\u200b ', '会员 42'],
  ])('%s reads %s', (profile, text, value) => expect(canonical(profile, text)).toBe(value));

  it.each([
    ['idfa', '00000000-0000-0000-0000-000000000000', 'placeholder'],
    ['idfa', 'EA7583CDA66748BCB80642ECB2B48606', 'looks-hashed'],
    ['oaid', '00000000-0000-0000-0000-000000000000', 'placeholder'],
    ['oaid', '0'.repeat(32), 'placeholder'],
    ['oaid', '1234', 'wrong-length'],
    ['imei', '000000000000000', 'placeholder'],
    ['imei', '35209900176148', '35209900176148'],
    ['imei', '3520990017614', 'wrong-length'],
    ['mac', '02:00:00:00:00:00', 'placeholder'],
    ['mac', '12345678901.0', 'excel-decimal'],
    ['caid@20220111', '20211207_0123456789abcdefghijklmnopqrstuv', 'other-version'],
    ['custom', '12345.0', 'excel-decimal'],
    ['custom', 'a\u0007b', 'broken-text'],
    ['custom', '张\ufffd', 'broken-text'],
    ['cookie', 'x'.repeat(257), 'too-long'],
  ])('%s: %s gives %s', (profile, text, reason) =>
    expect(canonical(profile, text).replace('refused: ', '')).toBe(reason),
  );
});

describe('[F10] columns that are hashed already', () => {
  const digest = '16c18d336f0b250f0e2d907452ceb9658a74ecdae8bc94864c23122a72cc27a5';
  it.each([
    ['email/sha256', digest, digest],
    ['email/sha256', digest.toUpperCase(), digest],
    ['email/sha256', 'FsGNM28LJQ8OLZB0Us65ZYp07NrovJSGTCMSKnLMJ6U=', digest],
    ['email/md5', digest, 'refused: other-hash'],
    ['email/sha256', '7945bd83237335e5376ff44d62e4f0ae', 'refused: other-hash'],
    ['email/sha256', 'user@example.com', 'refused: not-hashed'],
    // The digests of nothing and of the all-zero IDFA.
    ['email/md5', 'D41D8CD98F00B204E9800998ECF8427E', 'refused: placeholder'],
    ['idfa/md5', '9f89c84a559f573636a47ff8daed0d33', 'refused: placeholder'],
    ['email/sha256', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 'refused: placeholder'],
  ])('%s: %s gives %s', (profile, text, value) => expect(canonical(profile, text)).toBe(value));
});
