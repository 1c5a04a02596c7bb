/**
 * Timestamped Ed25519 cosignatures of checkpoints, `cosignature/v1` (c2sp.org/tlog-cosignature): "at this time, the largest consistent head
 * of this log that I have seen is this one".
 */
import { ByteReader, ByteWriter, utf8ToBytes } from '../bytes/index.ts';
import { type Ed25519KeyPair, ed25519SignatureBytes, sign, verify } from '../crypto/index.ts';
import { LedgerError } from './error.ts';
import { type Note, type NoteKey, type NoteSignature, signaturesOf } from './note.ts';

/**
 * Cosigns the text of a checkpoint.
 * @param key of type `cosignature`.
 * @param atSeconds POSIX time.
 */
export function cosign(
  text: string,
  by: { readonly key: NoteKey; readonly keyPair: Ed25519KeyPair; readonly atSeconds: number },
): NoteSignature {
  if (!Number.isSafeInteger(by.atSeconds) || by.atSeconds <= 0) {
    throw new RangeError(`expected a POSIX time in whole seconds, got ${by.atSeconds}`);
  }
  const signature = sign(message(text, by.atSeconds), by.keyPair);
  const bytes = new ByteWriter().u64(by.atSeconds).raw(signature).finish();
  return { name: by.key.name, keyId: by.key.keyId, signature: bytes };
}

/**
 * Verifies the cosignature of one key on a note.
 * @returns the POSIX time that it states (the latest, should there be several), or undefined where no line names the key.
 * @throws {LedgerError} `cosignature-invalid` where a line names the key and does not hold.
 */
export function cosignedAt(note: Note, key: NoteKey): number | undefined {
  let latest: number | undefined;
  for (const line of signaturesOf(note, key)) {
    const atSeconds = verifyCosignature(note.text, line, key);
    if (latest === undefined || atSeconds > latest) latest = atSeconds;
  }
  return latest;
}

/** Verifies one cosignature line. @returns the POSIX time that it states. @throws {LedgerError} `cosignature-invalid`. */
export function verifyCosignature(text: string, line: NoteSignature, key: NoteKey): number {
  const invalid = () => new LedgerError('cosignature-invalid', `the cosignature of ${key.name} does not hold`);
  if (line.signature.length !== 8 + ed25519SignatureBytes) throw invalid();
  const reader = new ByteReader(line.signature);
  const high = reader.u32();
  const atSeconds = high * 2 ** 32 + reader.u32();
  if (!Number.isSafeInteger(atSeconds) || atSeconds === 0) throw invalid();
  if (!verify(reader.rest(), message(text, atSeconds), key.publicKey)) throw invalid();
  return atSeconds;
}

/** "Ed25519 signed message": the whole text of the note, extension lines included, under a fixed header and the time. */
function message(text: string, atSeconds: number): Uint8Array {
  return utf8ToBytes(`cosignature/v1\ntime ${atSeconds}\n${text}`);
}
