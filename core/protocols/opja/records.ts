/**
 * Keys in DNS, as the OPJA guide has them (§1-b, after Call Sign): `_opjacert` under a domain names the authority, whose `_delivery._opjacert` holds up to
 * five X25519 keys, the current one first.
 */
import { base64ToBytes, bytesToBase64 } from '../../bytes/index.ts';
import { kemKeyBytes } from '../../crypto/index.ts';

export const keysPublishedMax = 5;

/** A record that is none, or says something else than it may. The message names no key. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code: 'no-record' | 'malformed-record';

  constructor(code: RecordError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A host name of at least two labels, in lower-case letters, digits and hyphens (RFC 1123 §2.1). */
export const domainName: RegExp =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

export function rootName(domain: string): string {
  return `_opjacert.${domain}`;
}

export function deliveryName(authority: string): string {
  return `_delivery._opjacert.${authority}`;
}

export function formatRoot(authority: string): string {
  return `v=opjapf a=${authority}`;
}

/** @param keys the current one first. */
export function formatDelivery(keys: readonly Uint8Array[]): string {
  return ['v=opjacrtd', 'k=x25519', ...keys.map((key) => `p=${encodeKey(key)}`)].join(' ');
}

/** Base64url without padding (RFC 4648 §5): 43 characters. */
export function encodeKey(key: Uint8Array): string {
  return bytesToBase64(key).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws {RecordError} `malformed-record` unless it is the one encoding of 32 bytes. */
export function decodeKey(text: string): Uint8Array {
  const malformed = new RecordError('malformed-record', 'a key is 43 characters of Base64url without padding');
  if (!/^[A-Za-z0-9_-]{43}$/.test(text)) throw malformed;
  try {
    const key = base64ToBytes(`${text.replaceAll('-', '+').replaceAll('_', '/')}=`);
    if (key.length === kemKeyBytes && encodeKey(key) === text) return key;
  } catch {
    // The last character carries bits that no byte has.
  }
  throw malformed;
}

/**
 * The authority that a domain names.
 * @param records the TXT records at {@link rootName}, each of one or more strings, which are joined (RFC 7208 §3.3 does the same).
 * @throws {RecordError}
 */
export function parseRoot(records: readonly (readonly string[])[]): string {
  const authority = theRecord(records, 'opjapf')
    .filter(([name]) => name === 'a')
    .map(([, value]) => value.toLowerCase());
  if (authority.length === 1 && domainName.test(authority[0]!)) return authority[0]!;
  throw new RecordError('malformed-record', 'v=opjapf has to name one authority: a=example.com');
}

/** The keys that an authority publishes, the current one first. @param records as {@link parseRoot} has them. @throws {RecordError} */
export function parseDelivery(records: readonly (readonly string[])[]): Uint8Array[] {
  const fields = theRecord(records, 'opjacrtd');
  const valuesOf = (wanted: string) => fields.filter(([name]) => name === wanted).map(([, value]) => value);
  if (valuesOf('k').join() !== 'x25519')
    throw new RecordError('malformed-record', 'v=opjacrtd has to say k=x25519, once');
  const keys = valuesOf('p').map(decodeKey);
  if (keys.length >= 1 && keys.length <= keysPublishedMax) return keys;
  throw new RecordError('malformed-record', `v=opjacrtd has to hold one to ${keysPublishedMax} keys`);
}

/** The fields of the one record of a version; other records at the name are nobody's business. */
function theRecord(records: readonly (readonly string[])[], version: string): (readonly [string, string])[] {
  const found = records
    .map((strings) => strings.join('').trim().split(/\s+/))
    .filter(([first]) => first === `v=${version}`);
  if (found.length === 0) throw new RecordError('no-record', `there is no TXT record v=${version}`);
  if (found.length > 1)
    throw new RecordError('malformed-record', `there is more than one TXT record v=${version}: which one holds?`);
  return found[0]!.slice(1).map((field) => {
    const at = field.indexOf('=');
    if (at < 1) throw new RecordError('malformed-record', `a field of v=${version} has no value`);
    return [field.slice(0, at), field.slice(at + 1)] as const;
  });
}
