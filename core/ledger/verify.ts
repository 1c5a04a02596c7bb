/**
 * Verifies a whole ledger offline, from its records, its last head and the cosignatures on it: what `ledger verify` runs, and anyone who
 * was handed a copy.
 */
import { equalBytes } from '../bytes/index.ts';
import { LedgerError } from './error.ts';
import { genesisOf } from './genesis.ts';
import { type LogIdentity, openHead, type SignedHead } from './head.ts';
import { Frontier, leafHash, type MerkleTree } from './merkle.ts';
import { formatNote, type Note, parseSignatureLine } from './note.ts';
import { decodeRecord } from './record.ts';
import { LedgerState } from './state.ts';
import { type Cosigned, cosignaturesOn, memberCosigners } from './witnesses.ts';

export interface LogReport {
  readonly log: LogIdentity;
  /** False where the operator's key was read from record 0 instead of being given: then all hangs on that record being the right one. */
  readonly operatorKeyGiven: boolean;
  readonly head: SignedHead;
  /** The state after the last record. */
  readonly state: LedgerState;
  readonly cosigned: readonly Cosigned[];
  /** Members at the head that did not cosign it. */
  readonly missing: readonly string[];
  /** Records after the head: they keep the rules, but nobody has signed for their place yet. */
  readonly beyondHead: number;
}

/** Takes a ledger record by record, so that a host can pause between them. */
export class LogVerifier {
  readonly #state = new LedgerState();
  readonly #frontier = new Frontier();
  readonly #expected: { readonly size: number; readonly operatorKey: Uint8Array | undefined };
  #log: LogIdentity | undefined;
  #atHead: { readonly root: Uint8Array; readonly members: ReturnType<typeof memberCosigners> } | undefined;

  /** @param expected.size of the head that will be shown; the operator's key, if the caller knows it. */
  constructor(expected: { readonly size: number; readonly operatorKey?: Uint8Array | undefined }) {
    this.#expected = { size: expected.size, operatorKey: expected.operatorKey };
  }

  /**
   * Takes the next leaf.
   * @throws {LedgerError} with the index of the record and the code of what is wrong with it.
   */
  push(leaf: Uint8Array): void {
    const index = this.#frontier.size;
    try {
      const record = decodeRecord(leaf);
      if (index === 0) this.#log = genesisOf(leaf, this.#expected.operatorKey);
      this.#state.apply(record);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      throw new LedgerError(error.code, `record ${index}: ${error.message}`, {
        index,
        pointer: error.pointer,
        cause: error,
      });
    }
    this.#frontier.append(leafHash(leaf));
    if (this.#frontier.size !== this.#expected.size) return;
    this.#atHead = { root: this.#frontier.root(), members: memberCosigners(this.#state) };
  }

  /**
   * Compares with the head and looks at the cosignatures.
   * @throws {LedgerError} `head-beyond-records` where records are missing, `root-mismatch` where they are not those of the head, and the
   *   codes of a head or a cosignature that does not hold.
   */
  finish(note: string, cosignatures: readonly string[] = []): LogReport {
    if (!this.#log) throw new LedgerError('network-missing', 'the ledger has no records');
    const head = openHead(note, this.#log);
    if (!this.#atHead || head.size !== this.#expected.size) {
      throw new LedgerError(
        'head-beyond-records',
        `the head has ${head.size} records, the ledger only ${this.#frontier.size}`,
      );
    }
    if (!equalBytes(this.#atHead.root, head.root)) {
      throw new LedgerError('root-mismatch', `the ${head.size} records are not those that the head was signed for`);
    }
    const whole: Note = {
      ...head.parsed,
      signatures: [...head.parsed.signatures, ...cosignatures.map(parseSignatureLine)],
    };
    const { members } = this.#atHead;
    const cosigned = cosignaturesOn(whole, members);
    const missing = members
      .map(({ organisation }) => organisation)
      .filter((name) => !cosigned.some((by) => by.organisation === name));
    return {
      log: this.#log,
      operatorKeyGiven: this.#expected.operatorKey !== undefined,
      head: { size: head.size, root: head.root, atSeconds: head.atSeconds, note: formatNote(whole) },
      state: this.#state,
      cosigned,
      missing,
      beyondHead: this.#frontier.size - head.size,
    };
  }
}

/**
 * Verifies all at once.
 * @param of.leaves of all records, from 0.
 * @param of.head the signed note of the last head.
 * @param of.cosignatures lines that did not come within the note.
 * @throws {LedgerError} as `LogVerifier` does.
 */
export function verifyLog(of: {
  readonly leaves: readonly Uint8Array[];
  readonly head: string;
  readonly cosignatures?: readonly string[];
  readonly operatorKey?: Uint8Array | undefined;
}): LogReport {
  const first = of.leaves[0];
  if (!first) throw new LedgerError('network-missing', 'the ledger has no records');
  const { size } = openHead(of.head, genesisOf(first, of.operatorKey));
  const verifier = new LogVerifier({ size, operatorKey: of.operatorKey });
  for (const leaf of of.leaves) verifier.push(leaf);
  return verifier.finish(of.head, of.cosignatures);
}

/** The first leaf in which two copies differ, or undefined where one is the beginning of the other. */
export function firstDifference(ours: MerkleTree, theirs: MerkleTree): number | undefined {
  let [same, differ] = [0, Math.min(ours.size, theirs.size) + 1];
  // Roots of earlier sizes agree up to the difference and not after it.
  while (differ - same > 1) {
    const middle = Math.floor((same + differ) / 2);
    if (equalBytes(ours.root(middle), theirs.root(middle))) same = middle;
    else differ = middle;
  }
  return differ > Math.min(ours.size, theirs.size) ? undefined : same;
}
