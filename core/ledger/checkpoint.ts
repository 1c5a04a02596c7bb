/**
 * Checkpoints (c2sp.org/tlog-checkpoint): the head of a log, its origin, size and root hash, as the text of a signed note.
 */
import { base64ToBytes, bytesToBase64 } from '../bytes/index.ts';
import { LedgerError } from './error.ts';
import { hashBytes } from './merkle.ts';
import { isSignedBy, type Note, type NoteKey, parseNote } from './note.ts';

export interface Checkpoint {
  readonly origin: string;
  /** Leaves in the tree. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Opaque further lines; we write none. */
  readonly extensions: readonly string[];
}

/** The text that is signed, with its final newline. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, String(size), bytesToBase64(root), ...extensions, ''].join('\n');
}

/**
 * Reads the text of a note as a checkpoint.
 * @throws {LedgerError} `malformed-checkpoint`, also for a size beyond 2^53 − 1.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const malformed = (problem: string) => new LedgerError('malformed-checkpoint', `the checkpoint ${problem}`);
  const lines = text.split('\n');
  if (lines.pop() !== '') throw malformed('does not end with a newline');
  const [origin, sizeLine, rootLine, ...extensions] = lines;
  if (origin === undefined || sizeLine === undefined || rootLine === undefined)
    throw malformed('has fewer than 3 lines');
  if (lines.includes('')) throw malformed('has an empty line');
  const size = Number(sizeLine);
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(sizeLine) || !Number.isSafeInteger(size)) throw malformed('has no valid size');
  let root: Uint8Array;
  try {
    root = base64ToBytes(rootLine);
  } catch (cause) {
    throw new LedgerError('malformed-checkpoint', 'the root hash of the checkpoint is not Base64', { cause });
  }
  if (root.length !== hashBytes) throw malformed(`has a root hash of ${root.length} bytes instead of 32`);
  return { origin, size, root, extensions };
}

/**
 * Reads a signed checkpoint and verifies the log's own signature.
 * @throws {LedgerError} `malformed-note`, `malformed-checkpoint`, `wrong-origin`, `head-signature-invalid`.
 */
export function openCheckpoint(
  note: string,
  expected: { readonly origin: string; readonly logKey: NoteKey },
): { readonly checkpoint: Checkpoint; readonly note: Note } {
  const parsed = parseNote(note);
  if (!isSignedBy(parsed, expected.logKey)) {
    throw new LedgerError(
      'head-signature-invalid',
      `the checkpoint is not signed by the log's key ${expected.logKey.name}`,
    );
  }
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint.origin !== expected.origin) {
    throw new LedgerError('wrong-origin', `the checkpoint is of another log than ${expected.origin}`);
  }
  return { checkpoint, note: parsed };
}
