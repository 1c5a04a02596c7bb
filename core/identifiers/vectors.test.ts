/** Published answers: the values of industry documents, and the shared files where they are present. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesToBase64, hexToBytes } from '../bytes/index.ts';
import { destinations, digestText, exportText, normalise, parseProfile } from './index.ts';

function canonical(profile: string, text: string): string | null {
  const result = normalise(parseProfile(profile), text);
  return result.ok ? result.value : null;
}

/** The text's value under the profile without its digests, then digested as the profile says. */
function digestOf(profile: string, text: string): string {
  const { digests } = parseProfile(profile);
  const value = canonical(profile.replace(/\/.*/, '').replace('phone:digits', 'phone:US'), text);
  return digestText(digests, profile.startsWith('phone:digits') ? value!.slice(1) : value!);
}

describe('published digests', () => {
  it.each([
    // IABTechLab/uid2docs, gs-normalization-encoding.
    ['email:uid2/sha256', 'JANESaoirse@gmail.com', '92ee26057ed9dea2535d6c8b141d48373932476599196e00352254896db5888f'],
    // InteractiveAdvertisingBureau/PAIR and ADMAP, for user@example.com.
    ['email:pair/sha256', 'USER@example.com', 'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514'],
    ['email:admap/sha256', ' user@example.com', 'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514'],
    // Meta, customer information parameters.
    ['email:meta/sha256', 'John_Smith@gmail.com', '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f'],
    ['phone:digits/sha256', '(650)555-1212', 'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176'],
    // Snap, Conversions API best practices.
    ['email:snap/sha256', ' Person@example.com', '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'],
    // datanexus.qq.com and developers.e.qq.com, audience management.
    ['imei/md5', 'A000002C9060F7', 'f2d5a650733ca8c27d502b1c08da14e5'],
    ['imei/md5', '868049039501257', '8d3ebd3654fb46a2832296669cf1b536'],
    ['idfa/md5', 'ff1999cd-7177-4937-a474-74937a102630', '2c010ed96aef2fc34983e1e7e9176b7e'],
    ['oaid/md5', '1fe9a970-efbb-29e0-0bdd-f5dbbf751ab5', '83e9158a4fb54c0e1ef0b238639a23ae'],
    [
      'oaid/md5+sha256',
      '1fe9a970-efbb-29e0-0bdd-f5dbbf751ab5',
      'a58f9fffa86c12e6fb43f5232a46d53ef06196f4be138d185a09b1294c736c50',
    ],
  ])('%s of %s', (profile, text, digest) => expect(digestOf(profile, text)).toBe(digest));

  it('UID2 phone number in hexadecimal and Base64', () => {
    const hex = digestOf('phone:US/sha256', '1 (234) 567-8901');
    expect(hex).toBe('10e6f0b47054a83359477dcb35231db6de5c69fb1816e1a6b98e192de9e5b9ee');
    expect(bytesToBase64(hexToBytes(hex))).toBe('EObwtHBUqDNZR33LNSMdtt5cafsYFuGmuY4ZLenlue4=');
  });

  it('MAC with its published digest is the address that every new phone answers: digested right, and refused', () => {
    expect(digestText(['md5'], '020000000000')).toBe('e3f5536a141811db40efd6400f1d0a4e');
    expect(normalise(parseProfile('mac'), '02:00:00:00:00:00')).toEqual({ ok: false, reason: 'placeholder' });
    expect(normalise(parseProfile('mac/md5'), 'e3f5536a141811db40efd6400f1d0a4e')).toEqual({
      ok: false,
      reason: 'placeholder',
    });
  });

  it("TikTok's published digest is of the number without +, against its own rule", () => {
    expect(digestText(['sha256'], '37493828222')).toBe(
      '65b7e6dcf6f4310f8d7cbfbd78289a753062fb054d6664fb9aaac5df66a422d4',
    );
    expect(destinations.find(({ id }) => id === 'tiktok')!.caution).toBeDefined();
  });
});

describe('what destinations get', () => {
  it.each([
    [
      'uid2',
      'email',
      'email_hash',
      'email',
      'jane.saoirse+work@gmail.com',
      'ku4mBX7Z3qJTXWyLFB1INzkyR2WZGW4ANSJUiW21iI8=',
    ],
    ['uid2', 'phone', 'phone_hash', 'phone:US', '+12345678901', 'EObwtHBUqDNZR33LNSMdtt5cafsYFuGmuY4ZLenlue4='],
    [
      'meta',
      'phone',
      'ph',
      'phone:US',
      '+16505551212',
      'e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176',
    ],
    ['tencent-ads', 'phone', 'HASH_MOBILE_PHONE', 'phone', '13800138000', '7945bd83237335e5376ff44d62e4f0ae'],
    [
      'tencent-ads',
      'oaid',
      'MD5_SHA256_OAID',
      'oaid/md5',
      '83e9158a4fb54c0e1ef0b238639a23ae',
      'a58f9fffa86c12e6fb43f5232a46d53ef06196f4be138d185a09b1294c736c50',
    ],
    [
      'tencent-ads',
      'openid',
      'WECHAT_OPENID',
      'openid@wx1',
      'oLVPpjqs9BhvzwPj5A-vTYAX3GLc',
      'oLVPpjqs9BhvzwPj5A-vTYAX3GLc',
    ],
    ['tencent-ads', 'phone', 'HASH_MOBILE_PHONE', 'phone/sha256', 'a'.repeat(64), null],
    ['tencent-ads', 'phone', 'HASH_MOBILE_PHONE', 'phone:e164', '+16505551212', null],
    ['alibaba-dmp', 'email', '', 'email', 'user@example.com', undefined],
  ])('%s %s %s from %s', (id, type, code, from, value, expected) => {
    const field = destinations
      .find((one) => one.id === id)!
      .fields.find((one) => one.type === type && one.code === code);
    expect(field === undefined ? undefined : exportText(field, parseProfile(from), value)).toBe(expected);
  });

  it('every field is a form that its type has', () => {
    for (const { fields } of destinations) {
      for (const { type, form, digests } of fields) {
        const scope = { caid: '@20220111', openid: '@wx1', unionid: '@wx1' }[type as string] ?? '';
        const text = `${type}:${form}${scope}${digests.length > 0 ? `/${digests.join('+')}` : ''}`;
        expect(parseProfile(text)).toMatchObject({ type, form, digests });
      }
    }
  });
});

interface Published {
  readonly email_uid2: readonly {
    raw: readonly string[];
    normalised: string;
    sha256_hex: string;
    sha256_base64: string;
  }[];
  readonly phone_uid2: readonly { raw: string; normalised: string; sha256_hex: string; sha256_base64: string }[];
  readonly cn_mobile: readonly {
    raw: string;
    accept: boolean | null;
    e164?: string;
    sha256_hex?: string;
    national_sha256_hex?: string;
    national_md5_hex?: string;
  }[];
  readonly device_ids: readonly { type: string; raw?: string; canonical?: string }[];
  readonly wrong_if_not_normalised: { raw: string; sha256_base64_unnormalised: string };
}

const shared = fileURLToPath(new URL('../../../shared/vectors/', import.meta.url));

describe.skipIf(!existsSync(shared))('shared vectors', () => {
  const published = () => JSON.parse(readFileSync(`${shared}identifiers/normalisation.json`, 'utf8')) as Published;

  it('[F7] UID2 e-mail addresses', () => {
    for (const { raw, normalised, sha256_hex, sha256_base64 } of published().email_uid2) {
      for (const text of raw) expect([text, canonical('email:uid2', text)]).toEqual([text, normalised]);
      expect(digestText(['sha256'], normalised)).toBe(sha256_hex);
      expect(canonical('email:uid2/sha256', sha256_base64)).toBe(sha256_hex);
    }
    const { raw, sha256_base64_unnormalised } = published().wrong_if_not_normalised;
    expect(bytesToBase64(hexToBytes(digestText(['sha256'], raw)))).toBe(sha256_base64_unnormalised);
  });

  it('UID2 phone numbers, but for the line that the original misprints', () => {
    const regions: Record<string, string> = { '1 (234) 567-8901': 'US', '0491 570 006 (AU)': 'AU' };
    const lines = published().phone_uid2;
    for (const { raw, normalised, sha256_hex } of lines) {
      expect(digestText(['sha256'], normalised)).toBe(sha256_hex);
      if (regions[raw] !== undefined)
        expect(canonical(`phone:${regions[raw]}`, raw.replace(' (AU)', ''))).toBe(normalised);
    }
    expect(lines.length).toBe(3);
  });

  it('[F5] [F6] [F8] Chinese mobiles', () => {
    const cases = published().cn_mobile;
    expect(cases.length).toBe(23);
    for (const { raw, accept, e164, sha256_hex, national_md5_hex, national_sha256_hex } of cases) {
      const national = canonical('phone', raw);
      // Two cases are ours to decide: other digits are read, and a round number is a number.
      expect([raw, national !== null]).toEqual([raw, accept ?? true]);
      if (accept !== true) continue;
      expect(canonical('phone:e164', raw)).toBe(e164);
      expect(digestText(['sha256'], e164!)).toBe(sha256_hex);
      expect(digestText(['sha256'], national!)).toBe(national_sha256_hex);
      expect(digestText(['md5'], national!)).toBe(national_md5_hex);
    }
  });

  it('device identifiers', () => {
    for (const { type, raw, canonical: expected } of published().device_ids) {
      if (raw !== undefined) expect(canonical(type.toLowerCase(), raw)).toBe(expected);
    }
  });

  it("every country's example mobile of libphonenumber's 2021 metadata is read", () => {
    const xml = gunzipSync(readFileSync(`${shared}phone/PhoneNumberMetadata.xml.gz`)).toString('utf8');
    let read = 0;
    const refused: string[] = [];
    for (const [, region, code, body] of xml.matchAll(
      /<territory id="([A-Z]{2})" countryCode="(\d+)"([\s\S]*?)<\/territory>/g,
    )) {
      const example = /<mobile>[\s\S]*?<exampleNumber>(\d+)</.exec(body!)?.[1];
      if (example === undefined || region === 'CN') continue;
      const expected = `+${code}${example}`;
      const fits =
        canonical(`phone:${region}`, expected) === expected && canonical('phone:e164', expected) === expected;
      if (fits) read++;
      else refused.push(region!);
    }
    // Their plans changed since: new ranges, ten digits, and the 1 after +52 gone.
    expect(refused).toEqual(['BG', 'BJ', 'MX']);
    expect(read).toBeGreaterThan(200);
  });
});
