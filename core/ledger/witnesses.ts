/** Who cosigned a head: the members of the network, each under its identity key. */
import { base64ToBytes } from '../bytes/index.ts';
import { cosignedAt, verifyCosignature } from './cosignature.ts';
import { LedgerError } from './error.ts';
import { cosignerKey } from './head.ts';
import { type Note, type NoteKey, type NoteSignature, signaturesOf } from './note.ts';
import type { LedgerState } from './state.ts';

export interface Cosigned {
  readonly organisation: string;
  /** POSIX time that the member states. */
  readonly atSeconds: number;
}

/** The cosigner keys of the present members. */
export function memberCosigners(state: LedgerState): { readonly organisation: string; readonly key: NoteKey }[] {
  const network = state.network?.id;
  if (network === undefined) return [];
  return state.members().map(({ organisation, identityKey }) => ({
    organisation,
    key: cosignerKey({ network, organisation, publicKey: base64ToBytes(identityKey) }),
  }));
}

/**
 * Which of these cosigned the head.
 * @throws {LedgerError} `cosignature-invalid` where a line names one of their keys and does not hold.
 */
export function cosignaturesOn(
  note: Note,
  cosigners: readonly { readonly organisation: string; readonly key: NoteKey }[],
): Cosigned[] {
  const found: Cosigned[] = [];
  for (const { organisation, key } of cosigners) {
    const atSeconds = cosignedAt(note, key);
    if (atSeconds !== undefined) found.push({ organisation, atSeconds });
  }
  return found;
}

/** The lines of a head that are cosignatures of present members and hold; one bad line must not spoil what a node stores. */
export function validLines(note: Note, state: LedgerState): NoteSignature[] {
  return memberCosigners(state).flatMap(({ key }) =>
    signaturesOf(note, key).filter((line) => {
      try {
        return verifyCosignature(note.text, line, key) > 0;
      } catch (error) {
        if (error instanceof LedgerError) return false;
        throw error;
      }
    }),
  );
}
