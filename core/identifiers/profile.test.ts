import { describe, expect, it } from 'vitest';
import { formatProfile, parseProfile } from './index.ts';

describe('profiles as text', () => {
  it.each([
    ['phone', 'phone'],
    ['PHONE:cn', 'phone'],
    ['phone/MD5', 'phone/md5'],
    ['phone:e164:US', 'phone:US'],
    ['phone:US', 'phone:US'],
    ['phone:US/sha256', 'phone:e164/sha256'],
    ['phone:digits/sha-256', 'phone:digits/sha256'],
    ['email:pair/sha256', 'email/sha256'],
    ['email:uid2/sha256', 'email:uid2/sha256'],
    ['oaid/md5+sha256', 'oaid/md5+sha256'],
    ['openid@wx0123', 'openid@wx0123'],
    ['caid@1005', 'caid@20220111'],
    ['custom', 'custom'],
    ['custom@crm/plain', 'custom@crm'],
  ])('%s is %s, and that is read back the same', (text, canonical) => {
    const profile = parseProfile(text);
    expect(formatProfile(profile)).toBe(canonical);
    expect(parseProfile(canonical)).toEqual(profile);
  });

  it.each([
    ['', /TYPE/],
    ['mobile', /email, phone, imei/],
    ['phone/sha1', /md5, sha256, sm3/],
    ['phone/md5+md5+md5+md5', /md5, sha256, sm3/],
    ['phone:XX', /ISO 3166/],
    ['phone:uk', /cn, e164, digits/],
    ['phone:digits', /phone:e164/],
    ['phone:cn:US', /phone:US/],
    ['email:gmail', /plain, uid2, google, tiktok/],
    ['email@x', /no @/],
    ['oaid:upper', /one form/],
    ['openid', /openid@APPID/],
    ['unionid/md5', /unionid@ACCOUNT/],
    ['caid', /caid@20220111/],
    ['caid@latest', /caid@20220111/],
  ])('%s is refused with what is allowed', (text, allowed) => {
    expect(() => parseProfile(text)).toThrow(
      expect.objectContaining({ code: 'malformed-profile', message: expect.stringMatching(allowed) }),
    );
  });
});
