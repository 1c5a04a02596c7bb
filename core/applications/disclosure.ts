/** The statement of who will learn what: the same form for every application, and signed with the agreement by its digest. */
import { bytesToHex } from '../bytes/index.ts';
import { sha256 } from '../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../json/index.ts';
import type { Flow } from './flow.ts';
import type { Words } from './words.ts';

export interface Statement {
  readonly parties: readonly {
    readonly organisation: string;
    readonly learns: readonly { readonly code: string; readonly words: Words; readonly atMost?: number }[];
  }[];
  /** What crosses the wire between the parties, in the order in which it is told. */
  readonly flows: readonly Flow[];
  readonly assumptions: readonly Words[];
  /** All of it in one sentence. */
  readonly words: Words;
}

export interface Disclosure extends Statement {
  /** SHA-256 of the statement in canonical form, in hexadecimal. */
  readonly digest: string;
}

export function withDigest(statement: Statement): Disclosure {
  return { digest: bytesToHex(sha256(canonicalBytes(statement as unknown as JsonValue))), ...statement };
}
