/**
 * The one canonical form of a JSON value, so that all sign and hash the same bytes (RFC 8785, JSON Canonicalization Scheme).
 * Numbers and strings take ECMAScript's form (§3.2.2), names are ordered by UTF-16 code units (§3.2.3), no white space, UTF-8.
 */
import { utf8ToBytes } from '../bytes/index.ts';
import { JsonError, type JsonValue } from './value.ts';

/** Deeper values are refused, so that a cycle ends with an error instead of a full stack. */
const depthMax = 128;

/**
 * The canonical text of a value.
 * @throws {JsonError} `number-range` for NaN and infinities, `lone-surrogate`, `not-json` for undefined, functions, bigints and objects
 *   that are neither plain objects nor arrays, `too-deep`. Nothing is dropped in silence.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, []);
}

/** The canonical text as UTF-8: what is hashed and signed. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return utf8ToBytes(canonicalJson(value));
}

function write(value: JsonValue, path: (string | number)[]): string {
  switch (typeof value) {
    case 'string':
      return quote(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw new JsonError('number-range', path, 'a number is not finite');
      // ECMAScript prints -0 as "0" (§3.2.2.3 asks for exactly that).
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (path.length >= depthMax) throw new JsonError('too-deep', [], `a value is nested deeper than ${depthMax}`);
      return Array.isArray(value)
        ? writeArray(value, path)
        : writeObject(value as { readonly [name: string]: JsonValue }, path);
    default:
      throw new JsonError('not-json', path, `a value of type ${typeof value} has no JSON form`);
  }
}

function writeArray(items: readonly JsonValue[], path: (string | number)[]): string {
  let text = '[';
  for (let i = 0; i < items.length; i++) {
    path.push(i);
    text += (i > 0 ? ',' : '') + write(items[i] as JsonValue, path);
    path.pop();
  }
  return `${text}]`;
}

function writeObject(object: { readonly [name: string]: JsonValue }, path: (string | number)[]): string {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new JsonError('not-json', path, 'an object that is not a plain one has no JSON form');
  }
  let text = '{';
  // The default order of sort() is by UTF-16 code units, which is what §3.2.3 asks for.
  for (const name of Object.keys(object).sort()) {
    path.push(name);
    text += `${text === '{' ? '' : ','}${quote(name, path)}:${write(object[name] as JsonValue, path)}`;
    path.pop();
  }
  return `${text}}`;
}

/** §3.2.2.2 names the escapes that JSON.stringify uses. */
function quote(text: string, path: readonly (string | number)[]): string {
  if (!text.isWellFormed()) throw new JsonError('lone-surrogate', path, 'a string has a lone surrogate');
  return JSON.stringify(text);
}
