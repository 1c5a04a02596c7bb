import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../test/shared.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../bytes/index.ts';
import {
  canonicalBytes,
  canonicalJson,
  JsonError,
  type JsonLimits,
  type JsonValue,
  parseJson,
  parseJsonExactly,
} from './index.ts';

function failure(input: Uint8Array | string, limits?: Partial<JsonLimits>): { code: string; pointer: string } {
  try {
    parseJson(input, limits);
  } catch (error) {
    if (error instanceof JsonError) return { code: error.code, pointer: error.pointer };
    throw error;
  }
  throw new Error('expected a refusal');
}

/** Without the names that are refused whatever they hold. */
function isAllowed(document: unknown): boolean {
  return !/__proto__|constructor/.test(JSON.stringify(document));
}

describe('canonical form (RFC 8785)', () => {
  it.each([
    [1e21, '1e+21'],
    [1e20, '100000000000000000000'],
    [-0, '0'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [9007199254740994, '9007199254740994'],
    [333333333.3333333, '333333333.3333333'],
    [5e-324, '5e-324'],
    [-1.7976931348623157e308, '-1.7976931348623157e+308'],
  ])('[F95] %d has one form', (value, form) => expect(canonicalJson(value)).toBe(form));

  it('[F95] names are ordered by UTF-16 code units, not by code points', () => {
    // U+1F600 begins with the code unit D83D, before U+FB33; by code points it would come last.
    expect(canonicalJson({ '\ufb33': 1, '\u{1f600}': 2, '\r': 3, '1': 4, '\u0080': 5 })).toBe(
      '{"\\r":3,"1":4,"\u0080":5,"\u{1f600}":2,"\ufb33":1}',
    );
  });

  it('[F95] a lone surrogate has no canonical form, in a value or in a name', () => {
    expect(() => canonicalJson({ a: ['\ud800'] })).toThrow(
      expect.objectContaining({ code: 'lone-surrogate', pointer: '/a/0' }),
    );
    expect(() => canonicalJson({ '\udfff': 1 })).toThrow(expect.objectContaining({ code: 'lone-surrogate' }));
  });

  it.each([
    ['NaN', Number.NaN, 'number-range'],
    ['infinity', Number.NEGATIVE_INFINITY, 'number-range'],
    ['undefined', undefined, 'not-json'],
    ['a bigint', 1n, 'not-json'],
    ['a Date', new Date(0), 'not-json'],
    ['bytes', new Uint8Array(2), 'not-json'],
    ['a Map', new Map(), 'not-json'],
  ])('%s is refused instead of dropped', (_name, value, code) => {
    expect(() => canonicalJson({ 'a/b~': value as JsonValue })).toThrow(
      expect.objectContaining({ code, pointer: '/a~1b~0' }),
    );
  });

  it('a cycle ends with an error', () => {
    const cycle: JsonValue[] = [];
    cycle.push(cycle);
    expect(() => canonicalJson(cycle)).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });

  it('what is written reads back equal, whatever the order of the names was', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }).filter(isAllowed), (value) => {
        const text = canonicalJson(value as JsonValue);
        const back = parseJson(text);
        expect(back).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(back)).toBe(text);
        expect(canonicalJson(reversed(back))).toBe(text);
      }),
    );
  });

  describe.skipIf(!hasShared('vectors/rfc8785_jcs'))('published documents', () => {
    const folder = sharedPath('vectors/rfc8785_jcs');
    it.each(hasShared('vectors/rfc8785_jcs') ? readdirSync(`${folder}/input`) : [])('[F95] %s', (name) => {
      const bytes = canonicalBytes(parseJson(readFileSync(`${folder}/input/${name}`)));
      expect(bytesToUtf8(bytes)).toBe(readFileSync(`${folder}/output/${name}`, 'utf8'));
      const hex = readFileSync(`${folder}/outhex/${name.replace('.json', '.txt')}`, 'utf8').replace(/\s/g, '');
      expect(bytesToHex(bytes)).toBe(hex);
    });
  });
});

describe('reading what a stranger sent', () => {
  it.each([
    ['[F48] a name twice', '{"a":{"b":1,"b":1}}', 'duplicate-key', '/a/b'],
    ['[F48] a name twice, once escaped', '{"a":1,"\\u0061":1}', 'duplicate-key', '/a'],
    ['[F48] __proto__', '{"a":[{"__proto__":{}}]}', 'forbidden-key', '/a/0/__proto__'],
    ['[F48] __proto__, escaped', '{"\\u005f_proto__":1}', 'forbidden-key', '/__proto__'],
    ['[F48] constructor.prototype', '{"constructor":{"prototype":{}}}', 'forbidden-key', '/constructor'],
    ['[F48] 1e400', '{"n":[0,1e400]}', 'number-range', '/n/1'],
    ['[F48] a lone high surrogate', '["\\ud800"]', 'lone-surrogate', '/0'],
    ['[F48] a lone low surrogate', '["\\udc00\\ud800"]', 'lone-surrogate', '/0'],
    ['a surrogate in the text itself', '["\ud800"]', 'lone-surrogate', ''],
    ['a byte-order mark', '\ufeff{}', 'syntax', ''],
    ['a control character', '["a\nb"]', 'syntax', '/0'],
    ['a comma too many', '{"a":1,}', 'syntax', ''],
    ['two documents', '{} {}', 'syntax', ''],
    ['nothing', '', 'syntax', ''],
  ])('%s is refused with the place', (_name, text, code, pointer) => {
    expect(failure(text)).toEqual({ code, pointer });
  });

  it('[F48] a depth of 100,000 is refused, and the limit itself is not', () => {
    expect(failure('['.repeat(100_000)).code).toBe('too-deep');
    expect(failure(`${'{"a":'.repeat(100_000)}1`).code).toBe('too-deep');
    expect(failure(`${'['.repeat(65)}${']'.repeat(65)}`).code).toBe('too-deep');
    expect(parseJson(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeInstanceOf(Array);
  });

  it('[F48] a million names are refused by size or by count', () => {
    const names = Array.from({ length: 1_000_000 }, (_, i) => `"${i}":0`).join(',');
    expect(failure(`{${names}}`).code).toBe('too-large');
    expect(failure(`{${names}}`, { bytesMax: 1 << 30 }).code).toBe('too-many-values');
  });

  it('size is counted in bytes of UTF-8, exactly', () => {
    const text = '"长堤"';
    expect(parseJson(text, { bytesMax: 8 })).toBe('长堤');
    expect(parseJson(utf8ToBytes(text), { bytesMax: 8 })).toBe('长堤');
    expect(failure(text, { bytesMax: 7 }).code).toBe('too-large');
    expect(failure(utf8ToBytes(text), { bytesMax: 7 }).code).toBe('too-large');
  });

  it('a refusal never repeats the value', () => {
    const secret = '13800138000';
    for (const text of [`["${secret}`, `{"a":${secret}x}`, `["${secret}\\ud800"]`, `{"a":"${secret}" "b"}`]) {
      expect(() => parseJson(text)).toThrow(expect.not.objectContaining({ message: expect.stringContaining(secret) }));
    }
  });

  it('agrees with the platform on every document that both take', () => {
    fc.assert(
      fc.property(fc.json().filter(isAllowed), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never takes what the platform refuses', () => {
    const fragment = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'u',
      '0',
      '1',
      '-',
      '.',
      'e',
      '+',
      'true',
      ' ',
      'a',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let ours: JsonValue | undefined;
        try {
          ours = parseJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonError);
          return;
        }
        expect(ours).toEqual(JSON.parse(text));
      }),
      { numRuns: 3000 },
    );
  });

  describe.skipIf(!hasShared('vectors/json_test_suite'))('JSONTestSuite', () => {
    const folder = sharedPath('vectors/json_test_suite/test_parsing');
    const names = hasShared('vectors/json_test_suite') ? readdirSync(folder) : [];
    // Valid JSON, but not I-JSON: which of the two values counts is left to the reader, so none may come in.
    const notIJson = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json'];

    it('[F48] all valid documents are read, but for a name given twice', () => {
      const valid = names.filter((name) => name.startsWith('y_'));
      expect(valid).toHaveLength(95);
      for (const name of valid) {
        const bytes = readFileSync(`${folder}/${name}`);
        if (notIJson.includes(name)) expect(failure(bytes).code, name).toBe('duplicate-key');
        else expect(parseJson(bytes), name).toEqual(JSON.parse(bytes.toString('utf8')));
      }
    });

    it('[F48] all invalid documents are refused', () => {
      const invalid = names.filter((name) => name.startsWith('n_'));
      expect(invalid).toHaveLength(188);
      for (const name of invalid) expect(() => parseJson(readFileSync(`${folder}/${name}`)), name).toThrow(JsonError);
    });

    it('[F48] the undecided ones are read as the platform does or refused with a code, never something third', () => {
      const free = names.filter((name) => name.startsWith('i_'));
      expect(free).toHaveLength(35);
      for (const name of free) {
        const bytes = readFileSync(`${folder}/${name}`);
        let value: JsonValue;
        try {
          value = parseJson(bytes);
        } catch (error) {
          expect(error, name).toBeInstanceOf(JsonError);
          continue;
        }
        expect(value, name).toEqual(JSON.parse(bytes.toString('utf8')));
      }
    });
  });
});

function reversed(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
}

describe('reading without rounding', () => {
  it('integers past 2^53 stay what they are, other numbers are doubles', () => {
    expect(parseJsonExactly('{"a":[9007199254740993,-0,1.0,18446744073709551615,1e2]}')).toEqual({
      a: [9007199254740993n, 0n, 1, 18446744073709551615n, 100],
    });
  });

  it('an integer of absurd length is refused', () => {
    expect(() => parseJsonExactly(`[${'9'.repeat(65)}]`)).toThrow(expect.objectContaining({ code: 'number-range' }));
    expect(parseJsonExactly('9'.repeat(64))).toBe(BigInt('9'.repeat(64)));
  });
});
