/**
 * Entries: what members say on the ledger, signed by their author over the canonical form (RFC 8785) under a fixed header, so that no other
 * signature of the same key can be taken for one.
 */
import { z } from 'zod';
import { base64ToBytes, bytesToBase64, utf8ToBytes } from '../bytes/index.ts';
import { type Ed25519KeyPair, sign, verify } from '../crypto/index.ts';
import { canonicalBytes, canonicalJson, type JsonValue, jsonPointer } from '../json/index.ts';
import { type Bodies, bodies, type EntryType, formatTime, type Member, signature, slug, time } from './bodies.ts';
import { LedgerError, type LedgerErrorCode } from './error.ts';

export type EntryOf<Type extends EntryType> = {
  readonly version: 1;
  /** The network's id. */
  readonly network: string;
  readonly type: Type;
  /** The organisation that signs. */
  readonly author: string;
  /** RFC 3339, UTC, whole seconds, by the author's clock. */
  readonly at: string;
  readonly body: Bodies[Type];
  /** Base64 of the Ed25519 signature over `entrySigningBytes`. */
  readonly signature: string;
};

export type Entry = { [Type in EntryType]: EntryOf<Type> }[EntryType];

/** Canonical bytes of an entry: 64 KiB less what the record around it needs, so that every record fits an entry bundle (tlog-tiles). */
export const entryBytesMax = 65_536 - 256;

function entrySchemaOf<Type extends EntryType>(type: Type) {
  const fields = { version: z.literal(1), network: slug, type: z.literal(type), author: slug, at: time };
  return z.strictObject({ ...fields, body: bodies[type], signature });
}

const types = Object.keys(bodies) as EntryType[];
const schemas = types.map(entrySchemaOf) as [ReturnType<typeof entrySchemaOf>, ...ReturnType<typeof entrySchemaOf>[]];

/** The form of an entry. Its signature is checked with the author's key, which the ledger's state knows. */
export const entrySchema = z.discriminatedUnion('type', schemas);

/**
 * Takes a value from outside as an entry.
 * @throws {LedgerError} `malformed-entry` with the JSON pointer of the place, `entry-too-large`.
 */
export function parseEntry(value: unknown): Entry {
  const entry = parseWith<Entry>(entrySchema, value, 'malformed-entry');
  const size = canonicalBytes(entry as unknown as JsonValue).length;
  if (size > entryBytesMax) {
    throw new LedgerError('entry-too-large', `the entry has ${size} bytes; the limit is ${entryBytesMax}`);
  }
  return entry;
}

/**
 * Makes and signs an entry.
 * @param entry.atMs milliseconds since the epoch; the entry says whole seconds.
 * @throws {LedgerError} `malformed-entry` with the JSON pointer of the place, `entry-too-large`.
 */
export function signEntry<Type extends EntryType>(
  entry: {
    readonly network: string;
    readonly author: string;
    readonly atMs: number;
    readonly type: Type;
    readonly body: Bodies[Type];
  },
  keyPair: Ed25519KeyPair,
): EntryOf<Type> {
  const { network, author, atMs, type, body } = entry;
  const unsigned = { version: 1, network, type, author, at: formatTime(atMs), body } as const;
  // A placeholder of the right form, so that the form is checked before anything is signed.
  parseEntry({ ...unsigned, signature: bytesToBase64(new Uint8Array(64)) });
  return { ...unsigned, signature: bytesToBase64(sign(entrySigningBytes(unsigned), keyPair)) };
}

/** The bytes that the author of an entry signs. */
export function entrySigningBytes<Type extends EntryType>(entry: Omit<EntryOf<Type>, 'signature'>): Uint8Array {
  const { version, network, type, author, at, body } = entry;
  const unsigned = { version, network, type, author, at, body } as unknown as JsonValue;
  return utf8ToBytes(`causeway/v1/ledger-entry\n${canonicalJson(unsigned)}`);
}

/** Whether the entry's own signature is of this key (Base64). */
export function isEntrySignedBy(entry: Entry, identityKey: string): boolean {
  return verify(base64ToBytes(entry.signature), entrySigningBytes(entry), base64ToBytes(identityKey));
}

/** What a new member signs with its identity key to join: the network and all that the ledger will say of it. */
export function memberConsentBytes(consent: { readonly network: string; readonly member: Member }): Uint8Array {
  const { network, member } = consent;
  return utf8ToBytes(
    `causeway/v1/member-consent\n${canonicalJson({ network, member: member as unknown as JsonValue })}`,
  );
}

/** What every party of a job signs when it has finished. @param outcome SHA-256 in hexadecimal. */
export function jobOutcomeBytes(of: { readonly job: string; readonly outcome: string }): Uint8Array {
  return utf8ToBytes(`causeway/v1/job-outcome\n${of.job}\n${of.outcome}`);
}

/** Base64 signatures for the `consent` of `member.joined`, and for the `signatures` of `job.finished`. */
export function signConsent(consent: Parameters<typeof memberConsentBytes>[0], keyPair: Ed25519KeyPair): string {
  return bytesToBase64(sign(memberConsentBytes(consent), keyPair));
}

export function signOutcome(of: Parameters<typeof jobOutcomeBytes>[0], keyPair: Ed25519KeyPair): string {
  return bytesToBase64(sign(jobOutcomeBytes(of), keyPair));
}

/** Holds a value against a schema; the first problem becomes the error, with its place but without what stood there. */
export function parseWith<T>(schema: z.ZodType, value: unknown, code: LedgerErrorCode): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data as T;
  const issue = result.error.issues[0]!;
  const unknownName = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const pointer = jsonPointer([...issue.path, ...unknownName]);
  const problem = issue.code === 'unrecognized_keys' ? 'a field that is not known' : problemOf(issue.message);
  throw new LedgerError(code, `${nouns[code] ?? 'the document'} is malformed at "${pointer}": ${problem}`, { pointer });
}

const nouns: Partial<Record<LedgerErrorCode, string>> = {
  'malformed-entry': 'the entry',
  'malformed-record': 'the record',
  'malformed-bundle': 'the evidence',
};

/** zod quotes a pattern, never the value; patterns help nobody. */
function problemOf(message: string): string {
  return message.startsWith('Invalid string: must match pattern') ? 'not of the form that is asked for' : message;
}
