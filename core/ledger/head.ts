/**
 * The heads of a network's log. The operator signs each head twice: as the log (a checkpoint, c2sp.org/tlog-checkpoint) and as a cosigner,
 * with the time (c2sp.org/tlog-cosignature). The second says "the largest head at this time", so a smaller head with a later time is
 * proof of a rollback.
 */
import type { Ed25519KeyPair } from '../crypto/index.ts';
import { formatCheckpoint, openCheckpoint } from './checkpoint.ts';
import { cosign, cosignedAt } from './cosignature.ts';
import { LedgerError } from './error.ts';
import { formatNote, type Note, type NoteKey, noteKey, signText } from './note.ts';

/** What a node must know of a log before it believes anything that the log says. */
export interface LogIdentity {
  /** The network's id. */
  readonly network: string;
  /** The organisation that runs the sequencer. */
  readonly operator: string;
  /** The operator's identity key, 32 bytes. */
  readonly operatorKey: Uint8Array;
}

/** A head whose two signatures by the operator hold. */
export interface SignedHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** POSIX time that the operator states. */
  readonly atSeconds: number;
  /** The whole signed note, with the cosignatures that came with it. */
  readonly note: string;
}

/** The origin line of a network's checkpoints, and the name of the log's key. */
export function logOrigin(network: string): string {
  return `causeway/${network}`;
}

export function logKey({ network, operatorKey }: Pick<LogIdentity, 'network' | 'operatorKey'>): NoteKey {
  return noteKey({ name: logOrigin(network), type: 'ed25519', publicKey: operatorKey });
}

/** The key with which a member cosigns heads. */
export function cosignerKey(of: {
  readonly network: string;
  readonly organisation: string;
  readonly publicKey: Uint8Array;
}): NoteKey {
  return noteKey({ name: `${logOrigin(of.network)}/${of.organisation}`, type: 'cosignature', publicKey: of.publicKey });
}

/**
 * Signs a head as the operator.
 * @param keep cosignatures of others over the same head, to be carried along.
 */
export function signHead(
  log: LogIdentity,
  head: { readonly size: number; readonly root: Uint8Array; readonly atSeconds: number },
  by: { readonly keyPair: Ed25519KeyPair; readonly keep?: Note['signatures'] },
): string {
  const text = formatCheckpoint({ origin: logOrigin(log.network), size: head.size, root: head.root, extensions: [] });
  const own = operatorCosigner(log);
  const others = (by.keep ?? []).filter(({ name }) => name !== logOrigin(log.network) && name !== own.name);
  const signatures = [
    signText(text, logKey(log), by.keyPair),
    cosign(text, { key: own, keyPair: by.keyPair, atSeconds: head.atSeconds }),
    ...others,
  ];
  return formatNote({ text, signatures });
}

/**
 * Reads a head and verifies that the operator signed it, as the log and with the time.
 * @throws {LedgerError} `malformed-note`, `malformed-checkpoint`, `wrong-origin`, `head-signature-invalid`, `cosignature-invalid`.
 */
export function openHead(note: string, log: LogIdentity): SignedHead & { readonly parsed: Note } {
  const origin = logOrigin(log.network);
  const { checkpoint, note: parsed } = openCheckpoint(note, { origin, logKey: logKey(log) });
  if (checkpoint.size === 0) throw new LedgerError('malformed-checkpoint', 'a ledger without records has no head');
  const atSeconds = cosignedAt(parsed, operatorCosigner(log));
  if (atSeconds === undefined) {
    throw new LedgerError('head-signature-invalid', `the head of ${log.network} does not bear the operator's time`);
  }
  return { size: checkpoint.size, root: checkpoint.root, atSeconds, note, parsed };
}

function operatorCosigner({ network, operator, operatorKey }: LogIdentity): NoteKey {
  return cosignerKey({ network, organisation: operator, publicKey: operatorKey });
}
