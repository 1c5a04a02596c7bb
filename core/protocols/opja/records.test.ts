import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../random/index.ts';
import {
  deliveryName,
  domainName,
  encodeKey,
  formatDelivery,
  formatRoot,
  parseDelivery,
  parseRoot,
  rootName,
} from './index.ts';

const random = new SeededRandom('records');
const keys = Array.from({ length: 6 }, () => random.bytes(32));
const texts = keys.map(encodeKey);
const code = (value: string) => expect.objectContaining({ name: 'RecordError', code: value });

describe('records of keys', () => {
  it('stand where the guide has them, and are read as they are written', () => {
    expect([rootName('dsp.example'), deliveryName('dsp.example')]).toEqual([
      '_opjacert.dsp.example',
      '_delivery._opjacert.dsp.example',
    ]);
    expect(parseRoot([[formatRoot('dsp.example')]])).toBe('dsp.example');
    expect(parseDelivery([[formatDelivery(keys.slice(0, 5))]]).map(encodeKey)).toEqual(texts.slice(0, 5));
    expect(formatDelivery(keys.slice(0, 1))).toBe(`v=opjacrtd k=x25519 p=${texts[0]}`);
  });

  it('are read in the guide’s spacing, in several strings, and among records of others', () => {
    expect(parseRoot([['v=spf1 -all'], ['v=opjapf   a=Example-DSP.com']])).toBe('example-dsp.com');
    const long = formatDelivery(keys.slice(0, 5));
    expect(parseDelivery([['v=opjapf a=x.example'], [long.slice(0, 100), long.slice(100)]])).toHaveLength(5);
    expect(parseDelivery([[`v=opjacrtd k=x25519 n=note p=${texts[0]}`]])).toHaveLength(1);
  });

  it.each<[string, readonly (readonly string[])[]]>([
    ['there is none', []],
    ['there are others alone', [['v=spf1 -all']]],
    ['it is of the other kind', [[formatRoot('dsp.example')]]],
  ])('are missing where %s', (_, records) => {
    expect(() => parseDelivery(records)).toThrow(code('no-record'));
  });

  it.each<[string, readonly (readonly string[])[]]>([
    ['two', [[formatDelivery(keys.slice(0, 1))], [formatDelivery(keys.slice(1, 2))]]],
    ['no key', [['v=opjacrtd k=x25519']]],
    ['six keys', [[formatDelivery(keys)]]],
    ['a key that is cut off', [[`v=opjacrtd k=x25519 p=${texts[0]!.slice(1)}`]]],
    ['a key with padding', [[`v=opjacrtd k=x25519 p=${texts[0]}=`]]],
    ['another curve', [[`v=opjacrtd k=p256 p=${texts[0]}`]]],
    ['no curve', [[`v=opjacrtd p=${texts[0]}`]]],
    ['two curves', [[`v=opjacrtd k=x25519 k=x25519 p=${texts[0]}`]]],
    ['a word alone', [[`v=opjacrtd k=x25519 p=${texts[0]} now`]]],
  ])('of keys are malformed with %s', (_, records) => {
    expect(() => parseDelivery(records)).toThrow(code('malformed-record'));
  });

  it.each<[string, string]>([
    ['no authority', 'v=opjapf'],
    ['two', 'v=opjapf a=a.example a=b.example'],
    ['one that is no domain', 'v=opjapf a=localhost'],
    ['one with a blank label', 'v=opjapf a=a..example'],
  ])('of authorities are malformed with %s', (_, record) => {
    expect(() => parseRoot([[record]])).toThrow(code('malformed-record'));
  });

  it('a domain has two labels at least, in lower case, and no strange letters', () => {
    for (const good of ['dsp.example', 'a.b-c.example', 'xn--fsq.example', '1.example'])
      expect(good).toMatch(domainName);
    for (const bad of [
      'example',
      'DSP.example',
      '-a.example',
      'a-.example',
      'a_b.example',
      '1.2.3.4',
      'a.example.',
      '',
    ])
      expect(bad).not.toMatch(domainName);
    expect(`${'a'.repeat(64)}.example`).not.toMatch(domainName);
  });
});
