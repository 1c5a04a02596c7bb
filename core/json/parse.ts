/**
 * Reads JSON that a stranger sent (RFC 8259, narrowed to I-JSON, RFC 7493): UTF-8 without a byte-order mark, no name twice in an object,
 * no lone surrogate, no number that a double cannot hold, and limits on size, depth and count that hold before memory is spent.
 * Departure from RFC 7493 §2.1: Unicode noncharacters are let through, as all common JSON libraries do.
 *
 * Names that turn into a prototype in careless code (`__proto__`, and `constructor` with a `prototype` inside) are refused outright.
 */
import { bytesToUtf8, utf8ToBytes } from '../bytes/index.ts';
import { type ExactJson, JsonError, type JsonErrorCode, type JsonValue, type JsonWith } from './value.ts';

export interface JsonLimits {
  /** Size of the document in bytes of UTF-8. */
  readonly bytesMax: number;
  /** Arrays and objects inside one another. */
  readonly depthMax: number;
  /** Values in the whole document: every scalar, array and object counts. */
  readonly valuesMax: number;
}

export const jsonLimits: JsonLimits = { bytesMax: 1 << 20, depthMax: 64, valuesMax: 200_000 };

/**
 * Parses a whole document.
 * @param input text, or its UTF-8 bytes.
 * @param limits overrides of `jsonLimits`.
 * @throws {JsonError} with a code and the JSON pointer of the place.
 */
export function parseJson(input: Uint8Array | string, limits: Partial<JsonLimits> = {}): JsonValue {
  const bounds = { ...jsonLimits, ...limits };
  return new Parser(decode(input, bounds), bounds, Number).document();
}

/** The digits that an exact integer may have: far more than any database's, few enough to be cheap. */
const integerDigitsMax = 64;

/**
 * Parses a whole document without rounding an integer: those come as BigInt, all other numbers as doubles.
 * @throws {JsonError} as `parseJson` does; `number-range` for an integer of more than 64 digits.
 */
export function parseJsonExactly(input: Uint8Array | string, limits: Partial<JsonLimits> = {}): ExactJson {
  const bounds = { ...jsonLimits, ...limits };
  return new Parser(decode(input, bounds), bounds, exactNumber).document();
}

function exactNumber(digits: string): number | bigint {
  if (!/^-?[0-9]+$/.test(digits)) return Number(digits);
  return digits.length > integerDigitsMax ? Number.NaN : BigInt(digits);
}

function decode(input: Uint8Array | string, { bytesMax }: JsonLimits): string {
  const tooLarge = () => new JsonError('too-large', [], `the document is larger than ${bytesMax} bytes`);
  if (input.length > bytesMax) throw tooLarge();
  if (typeof input !== 'string') {
    try {
      return bytesToUtf8(input);
    } catch (error) {
      throw new JsonError('not-utf8', [], `the document is ${(error as Error).message}`);
    }
  }
  if (!input.isWellFormed()) throw new JsonError('lone-surrogate', [], 'the document has a lone surrogate');
  // At most 3 bytes come of one UTF-16 code unit, so most documents need not be encoded to be measured.
  if (input.length * 3 > bytesMax && utf8ToBytes(input).length > bytesMax) throw tooLarge();
  return input;
}

const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** A run of characters that stand for themselves in a string. */
const plainForm = /[^"\\\u0000-\u001f]*/y;
const spaceForm = /[ \t\n\r]*/y;
const hexForm = /[0-9a-fA-F]{4}/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser<N extends number | bigint> {
  readonly #text: string;
  readonly #limits: JsonLimits;
  readonly #toNumber: (digits: string) => N;
  readonly #path: (string | number)[] = [];
  #at = 0;
  #values = 0;

  constructor(text: string, limits: JsonLimits, toNumber: (digits: string) => N) {
    this.#text = text;
    this.#limits = limits;
    this.#toNumber = toNumber;
  }

  document(): JsonWith<N> {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('syntax', 'something follows the end of the document');
    return value;
  }

  #value(): JsonWith<N> {
    this.#values += 1;
    if (this.#values > this.#limits.valuesMax) {
      throw this.#error('too-many-values', `the document has more than ${this.#limits.valuesMax} values`);
    }
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): JsonWith<N> {
    this.#enter();
    const object: Record<string, JsonWith<N>> = {};
    this.#space();
    if (this.#skip('}')) return object;
    do {
      this.#space();
      const name = this.#string();
      this.#path.push(name);
      if (name === '__proto__') throw this.#error('forbidden-key', 'the name __proto__ is not allowed');
      if (Object.hasOwn(object, name)) throw this.#error('duplicate-key', 'an object has the same name twice');
      this.#space();
      this.#expect(':');
      const value = this.#value();
      if (name === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype')) {
        throw this.#error('forbidden-key', 'a constructor with a prototype is not allowed');
      }
      object[name] = value;
      this.#path.pop();
      this.#space();
    } while (this.#skip(','));
    this.#expect('}');
    return object;
  }

  #array(): JsonWith<N> {
    this.#enter();
    const items: JsonWith<N>[] = [];
    this.#space();
    if (this.#skip(']')) return items;
    do {
      this.#path.push(items.length);
      items.push(this.#value());
      this.#path.pop();
      this.#space();
    } while (this.#skip(','));
    this.#expect(']');
    return items;
  }

  #string(): string {
    this.#expect('"');
    let text = '';
    let escaped = false;
    for (;;) {
      text += this.#match(plainForm);
      const next = this.#text[this.#at];
      if (next === '"') break;
      if (next !== '\\') {
        const problem = next === undefined ? 'a string does not end' : 'a string has a control character';
        throw this.#error('syntax', problem);
      }
      this.#at += 1;
      text += this.#escape();
      escaped = true;
    }
    this.#at += 1;
    if (escaped && !text.isWellFormed()) throw this.#error('lone-surrogate', 'a string has a lone surrogate');
    return text;
  }

  #escape(): string {
    const letter = this.#text[this.#at];
    this.#at += 1;
    if (letter === 'u') {
      const digits = this.#match(hexForm);
      if (digits === undefined) throw this.#error('syntax', 'an escape needs four hexadecimal digits');
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = letter === undefined ? undefined : escapes[letter];
    if (character === undefined) throw this.#error('syntax', 'a string has an unknown escape');
    return character;
  }

  #number(): N {
    const digits = this.#match(numberForm);
    if (digits === undefined) throw this.#error('syntax', 'expected a value');
    const value = this.#toNumber(digits);
    if (typeof value === 'number' && !Number.isFinite(value))
      throw this.#error('number-range', 'a number is too large');
    return value;
  }

  #word<T extends null | boolean>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error('syntax', 'expected a value');
    this.#at += word.length;
    return value;
  }

  /** Passes the opening bracket. The current depth is the length of the path. */
  #enter(): void {
    if (this.#path.length >= this.#limits.depthMax) {
      throw this.#error('too-deep', `the document is nested deeper than ${this.#limits.depthMax}`);
    }
    this.#at += 1;
  }

  #space(): void {
    this.#match(spaceForm);
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #expect(character: string): void {
    if (!this.#skip(character)) throw this.#error('syntax', `expected ${character} at character ${this.#at}`);
  }

  #error(code: JsonErrorCode, problem: string): JsonError {
    return new JsonError(code, this.#path, problem);
  }
}
