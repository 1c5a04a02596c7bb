/**
 * Signed notes (c2sp.org/signed-note): a text, a blank line, and one line for each signature. Signature lines are told apart by key name
 * and key id, so a note can carry the log's signature (type 0x01) and witnesses' cosignatures (type 0x04) side by side; lines of unknown
 * keys are ignored, a line of a known key that fails spoils the whole note.
 */
import {
  base64ToBytes,
  bytesToBase64,
  bytesToHex,
  concatBytes,
  equalBytes,
  hexToBytes,
  utf8ToBytes,
} from '../bytes/index.ts';
import { type Ed25519KeyPair, ed25519PublicKeyBytes, sha256, sign, verify } from '../crypto/index.ts';
import { LedgerError } from './error.ts';

/** Signature type bytes of the text's "Signature types": plain Ed25519, and timestamped Ed25519 cosignatures. */
export const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const;

export type SignatureType = keyof typeof signatureTypes;

/** A key that notes are verified with. */
export interface NoteKey {
  readonly name: string;
  readonly type: SignatureType;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
  readonly keyId: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  /** What follows the key id: by the key's own format. */
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** UTF-16 units of a whole note; with one cosignature a member of about 200 units, room for some 5,000 members. */
const noteLengthMax = 1 << 20;
const signaturesMax = 4096;
const nameForm = /^[^\s+]+$/u;

/** @throws {LedgerError} `malformed-key` for an empty name, or one with a space or a plus. */
export function noteKey(from: {
  readonly name: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
}): NoteKey {
  if (!nameForm.test(from.name) || !from.name.isWellFormed()) {
    throw new LedgerError('malformed-key', 'a key name must not be empty nor have spaces or a plus');
  }
  if (from.publicKey.length !== ed25519PublicKeyBytes) {
    throw new LedgerError('malformed-key', `a public key has 32 bytes, not ${from.publicKey.length}`);
  }
  const typed = concatBytes(Uint8Array.of(signatureTypes[from.type]), from.publicKey);
  return { ...from, keyId: sha256(concatBytes(utf8ToBytes(`${from.name}\n`), typed)).slice(0, 4) };
}

/** A key as one line, `name+hex(key id)+base64(type ‖ public key)` ("Verifier keys"). */
export function formatVerifierKey(key: NoteKey): string {
  const typed = concatBytes(Uint8Array.of(signatureTypes[key.type]), key.publicKey);
  return `${key.name}+${bytesToHex(key.keyId)}+${bytesToBase64(typed)}`;
}

/** @throws {LedgerError} `malformed-key` unless the line is a key of a type that we know, with its own key id. */
export function parseVerifierKey(line: string): NoteKey {
  // Base64 may have a plus of its own, so only the first two are separators.
  const found = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/su.exec(line);
  if (!found) throw new LedgerError('malformed-key', 'expected a verifier key: name+id+key');
  const typed = decoded(found[3]!, 'malformed-key');
  const type = (Object.keys(signatureTypes) as SignatureType[]).find((name) => signatureTypes[name] === typed[0]);
  if (type === undefined) throw new LedgerError('malformed-key', 'the verifier key is of a type that is not supported');
  const key = noteKey({ name: found[1]!, type, publicKey: typed.slice(1) });
  if (!equalBytes(key.keyId, hexToBytes(found[2]!))) {
    throw new LedgerError('malformed-key', 'the verifier key does not have the id that it states');
  }
  return key;
}

/**
 * Reads a note; nothing is verified yet.
 * @throws {LedgerError} `malformed-note`.
 */
export function parseNote(note: string): Note {
  const malformed = (problem: string) => new LedgerError('malformed-note', `the signed note ${problem}`);
  if (note.length > noteLengthMax) throw malformed(`is longer than ${noteLengthMax} characters`);
  if (!note.isWellFormed()) throw malformed('is not Unicode text');
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw malformed('has a control character');
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw malformed('has no blank line before its signatures');
  if (!note.endsWith('\n') || split + 2 === note.length) throw malformed('has no signature, or ends without a newline');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > signaturesMax) throw malformed(`has more than ${signaturesMax} signatures`);
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

/** Reads one line, without its newline: em dash, space, key name, space, Base64. */
export function parseSignatureLine(line: string): NoteSignature {
  const found = /^\u2014 (\S+) (\S+)$/u.exec(line);
  if (!found || !nameForm.test(found[1]!)) throw new LedgerError('malformed-note', 'a signature line is malformed');
  const bytes = decoded(found[2]!, 'malformed-note');
  if (bytes.length < 5) throw new LedgerError('malformed-note', 'a signature line is too short');
  return { name: found[1]!, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** One signature line, without its newline. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${bytesToBase64(concatBytes(keyId, signature))}`;
}

/** The note as text; what `parseNote` reads. @throws {LedgerError} `malformed-note` for a text that cannot be one. */
export function formatNote({ text, signatures }: Note): string {
  const note = `${text}\n${signatures.map((signature) => `${formatSignatureLine(signature)}\n`).join('')}`;
  const { text: back } = parseNote(note);
  if (back !== text) throw new LedgerError('malformed-note', 'the text of a note must end with a newline');
  return note;
}

/** Signs a text with a plain Ed25519 key (type 0x01). */
export function signText(text: string, key: NoteKey, keyPair: Ed25519KeyPair): NoteSignature {
  return { name: key.name, keyId: key.keyId, signature: sign(utf8ToBytes(text), keyPair) };
}

/** The lines of a note that name this key. */
export function signaturesOf(note: Note, key: NoteKey): NoteSignature[] {
  return note.signatures.filter(({ name, keyId }) => name === key.name && equalBytes(keyId, key.keyId));
}

/**
 * Whether a plain Ed25519 key signed the note.
 * @returns false where no line names the key.
 * @throws {LedgerError} `head-signature-invalid` where a line names the key and does not hold: such a note is to be dropped.
 */
export function isSignedBy(note: Note, key: NoteKey): boolean {
  const lines = signaturesOf(note, key);
  const message = utf8ToBytes(note.text);
  for (const { signature } of lines) {
    if (verify(signature, message, key.publicKey)) continue;
    throw new LedgerError('head-signature-invalid', `the signature of ${key.name} on the note does not hold`);
  }
  return lines.length > 0;
}

function decoded(text: string, code: 'malformed-key' | 'malformed-note'): Uint8Array {
  try {
    return base64ToBytes(text);
  } catch (cause) {
    throw new LedgerError(code, 'expected canonical Base64', { cause });
  }
}
