import { describe, expect, it } from 'vitest';
import { isAddressAllowed, parseEndpoint, resolveEndpoint } from './address.ts';

const refused = { code: 'address-not-allowed' };

describe('[F46] addresses that a partner may not send this node to', () => {
  const always = [
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::a9fe:a9fe',
  ];
  it.each(always)('%s, never', (address) => {
    expect(isAddressAllowed(address, { allowPrivate: true })).toBe(false);
  });

  const inside = [
    '127.0.0.1',
    '127.255.255.254',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fc00::1',
    'fdff::1',
    '::ffff:7f00:1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::7f00:1',
  ];
  it.each(inside)('%s, unless private networks are allowed', (address) => {
    expect(isAddressAllowed(address, { allowPrivate: false })).toBe(false);
    expect(isAddressAllowed(address, { allowPrivate: true })).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2400:3200::1', '::ffff:8.8.8.8'])(
    '%s is a public address',
    (address) => {
      expect(isAddressAllowed(address, { allowPrivate: false })).toBe(true);
    },
  );

  it.each(['localhost:7443', '0x7f.1:7443', '2130706433:7443', '127.1:7443'])('%s leads inside', async (endpoint) => {
    await expect(resolveEndpoint(endpoint, { allowPrivate: false })).rejects.toMatchObject(refused);
  });

  it.each([
    'http://a:1',
    'a',
    'a:0',
    'a:65536',
    'a:99999',
    ':7443',
    'user@a:1',
    'a/b:1',
    '[::1:7443',
    '[127.0.0.1]:1',
    '::1:7443',
    'a b:1',
    '',
  ])('%s is not an endpoint', (endpoint) => {
    expect(() => parseEndpoint(endpoint)).toThrow(expect.objectContaining(refused));
  });

  it('a name is asked for once, and only its allowed addresses are dialled', async () => {
    let asked = 0;
    const resolver = async () => {
      asked += 1;
      return ['127.0.0.1', '8.8.8.8', '169.254.169.254'];
    };
    const resolved = await resolveEndpoint('media.example:7443', { allowPrivate: false, resolver });
    expect(resolved).toEqual({ host: 'media.example', port: 7443, addresses: ['8.8.8.8'] });
    expect(asked).toBe(1);
  });

  it('a name that does not resolve is named', async () => {
    const resolver = async () => {
      throw new Error('ENOTFOUND');
    };
    await expect(resolveEndpoint('absent.example:7443', { allowPrivate: false, resolver })).rejects.toMatchObject({
      code: 'dns',
    });
  });
});
