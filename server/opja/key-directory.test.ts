import { encodeKey, formatDelivery, formatRoot } from '@causeway/core/protocols/opja';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyDirectory, settledKeys } from './index.ts';
import { openTestDns, type TestDns } from './testing/dns-server.ts';

const random = new SeededRandom('directory');
const keys = Array.from({ length: 5 }, () => random.bytes(32));
let dns: TestDns;
let directory: KeyDirectory;
beforeAll(async () => {
  dns = await openTestDns();
  directory = new KeyDirectory({ servers: [dns.address], settled: new Map() });
});
afterAll(() => dns.close());

function publish(domain: string, root: string | number, delivery: readonly string[] | number = [formatDelivery(keys)]) {
  dns.set(`_opjacert.${domain}`, typeof root === 'number' ? root : [[root]]);
  dns.set(
    `_delivery._opjacert.${domain}`,
    typeof delivery === 'number' ? delivery : delivery.map((text) => strings(text)),
  );
}

/** A TXT string holds at most 255 bytes. */
const strings = (text: string) => text.match(/.{1,255}/g) ?? [''];

const ask = (domain: string) =>
  directory.keysOf(domain).then(
    (found) => found.map(encodeKey),
    ({ name, code, message }) => ({ name, code, message }),
  );

describe('keys of a domain', () => {
  it('come from DNS, the current one first, five of them over several strings', async () => {
    publish('dsp.example', formatRoot('dsp.example'));
    expect(await ask('dsp.example')).toEqual(keys.map(encodeKey));
  });

  it('may be published by another authority, which the domain names', async () => {
    publish('shop.example', formatRoot('agency.example'));
    publish('agency.example', 17, [formatDelivery(keys.slice(0, 1))]);
    expect(await ask('shop.example')).toEqual([encodeKey(keys[0]!)]);
  });

  it.each<[string, () => void, string]>([
    ['has no record', () => publish('a1.example', 3), 'key-record-missing'],
    ['has no TXT record of OPJA', () => publish('a1.example', 'v=spf1 -all'), 'key-record-missing'],
    ['names itself and has no keys', () => publish('a1.example', formatRoot('a1.example'), 3), 'key-record-missing'],
    ['names nobody', () => publish('a1.example', 'v=opjapf b=c'), 'key-record-malformed'],
    [
      'has a key that is cut off',
      () => publish('a1.example', formatRoot('a1.example'), ['v=opjacrtd k=x25519 p=AAA']),
      'key-record-malformed',
    ],
    [
      'has two records of keys',
      () => publish('a1.example', formatRoot('a1.example'), [formatDelivery(keys), formatDelivery(keys)]),
      'key-record-malformed',
    ],
    ['gets SERVFAIL', () => publish('a1.example', 2), 'key-lookup-failed'],
    ['gets REFUSED for its keys', () => publish('a1.example', formatRoot('a1.example'), 5), 'key-lookup-failed'],
  ])('that %s are refused, with what to do', async (_, prepare, code) => {
    prepare();
    const refused = await ask('a1.example');
    expect(refused).toMatchObject({ name: 'KeyError', code });
    expect((refused as { message: string }).message).toContain('a1.example');
    expect((refused as { message: string }).message).toMatch(/publish|correct|Try again/);
  });

  it('settled here are not looked up', async () => {
    const settled = settledKeys([`laptop.example=${encodeKey(keys[1]!)},${encodeKey(keys[0]!)}`]);
    const own = new KeyDirectory({ servers: [dns.address], settled });
    const before = dns.asked.length;
    expect((await own.keysOf('laptop.example')).map(encodeKey)).toEqual([encodeKey(keys[1]!), encodeKey(keys[0]!)]);
    expect(dns.asked).toHaveLength(before);
  });

  it.each(['laptop.example', 'laptop.example=', 'laptop.example=AAA', `LAPTOP=${'A'.repeat(43)}`, '=x'])(
    'are not settled by %j',
    (text) => {
      expect(() => settledKeys([text])).toThrow(expect.objectContaining({ name: 'KeyError', code: 'bad-key-file' }));
    },
  );
});
