/**
 * A mirror: every member's own copy of the ledger. It believes the operator nothing: it recomputes each root from the records, replays the
 * rules, compares heads with the other members' and cosigns only what extends all that it has ever seen. Pure: its host stores leaves and
 * heads, and must have stored them before it gives a cosignature away (tlog-witness: "persist before responding").
 */
import { bytesToBase64, equalBytes } from '../bytes/index.ts';
import type { Ed25519KeyPair } from '../crypto/index.ts';
import { cosign, cosignedAt } from './cosignature.ts';
import { LedgerError } from './error.ts';
import { historyPath, isRollback, rootInHistory } from './evidence.ts';
import { checkGenesis } from './genesis.ts';
import { cosignerKey, type LogIdentity, logKey, openHead, type SignedHead } from './head.ts';
import { leafHash, MerkleTree } from './merkle.ts';
import { formatNote, formatSignatureLine, type NoteKey, signaturesOf } from './note.ts';
import { decodeRecord } from './record.ts';
import { clockSkewMaxMs, LedgerState } from './state.ts';
import { validLines } from './witnesses.ts';

export interface MirrorOptions {
  readonly log: LogIdentity;
  /** Whose mirror this is; signs as cosigner. */
  readonly organisation: string;
  readonly keyPair: Ed25519KeyPair;
}

export interface AcceptedHead {
  readonly head: SignedHead;
  readonly cosignature: string;
  readonly note: string;
}

export class Mirror {
  readonly #log: LogIdentity;
  readonly #organisation: string;
  readonly #keyPair: Ed25519KeyPair;
  readonly #state = new LedgerState();
  readonly #tree = new MerkleTree();
  #head: SignedHead | undefined;
  /** The first head of the present size: the earlier the time of the larger head, the more rollbacks it proves. */
  #first: SignedHead | undefined;
  /** By member: the largest head that it has shown and that our records do not reach yet. */
  readonly #witnessed = new Map<string, SignedHead>();
  /** POSIX time of our last cosignature: the next states no earlier one, whatever the clock does. */
  #cosignedAt = 0;
  #fault: LedgerError | undefined;

  constructor({ log, organisation, keyPair }: MirrorOptions) {
    this.#log = log;
    this.#organisation = organisation;
    this.#keyPair = keyPair;
  }

  get state(): LedgerState {
    return this.#state;
  }

  /** For proofs and tiles; only `accept` and `restore` write it. */
  get tree(): MerkleTree {
    return this.#tree;
  }

  /** The last head that was accepted. */
  get head(): SignedHead | undefined {
    return this.#head;
  }

  /** What the operator broke, once it is proven; the mirror then accepts nothing more. */
  get fault(): LedgerError | undefined {
    return this.#fault;
  }

  /**
   * Takes back what the host stored. The head must cover all leaves; where this node itself cosigned it, signatures of entries are not
   * verified again.
   * @throws {LedgerError} as `accept` does; `rollback` where stored records are missing.
   */
  restore(stored: { readonly leaves: readonly Uint8Array[]; readonly head: string }): void {
    if (this.#tree.size > 0) throw new Error('a mirror is restored once, before anything else');
    const head = openHead(stored.head, this.#log);
    if (stored.leaves.length < head.size) {
      throw new LedgerError(
        'rollback',
        `the stored ledger ends at record ${stored.leaves.length}, but the stored head has ${head.size}; fetch the records again`,
      );
    }
    this.#cosignedAt = cosignedAt(head.parsed, this.#key()) ?? 0;
    this.#take(stored.leaves, { head, signatures: this.#cosignedAt > 0 ? 'trusted' : 'verified' });
  }

  /**
   * Takes new records under a head of the operator.
   * @param leaves of the records from `tree.size` on, exactly up to the head's size.
   * @param note the operator's head, with or without cosignatures.
   * @param nowMs milliseconds since the epoch.
   * @returns the head; this member's cosignature as a line for `Sequencer.addCosignature`; and the note to be stored: with that line, and
   *   without lines that are no member's or do not hold.
   * @throws {LedgerError} with nothing changed: `head-signature-invalid` and other codes of a head that is none; `head-beyond-records`;
   *   `root-mismatch` where the records are not those of the head (`accuse` then tells a fork from a broken transfer); `rollback`, with
   *   evidence where the times prove it. With evidence, and kept as `fault`: `split-view`, `broken-rule`.
   */
  accept(leaves: readonly Uint8Array[], note: string, nowMs: number): AcceptedHead {
    if (this.#fault) throw this.#fault;
    const head = openHead(note, this.#log);
    if (head.atSeconds * 1000 > nowMs + clockSkewMaxMs) {
      throw new LedgerError('clock-skew', 'the head is dated more than 5 minutes ahead of this clock; set the clocks');
    }
    if (head.size <= this.#tree.size) this.#checkInHistory(head, 'the operator');
    this.#checkNotOlder(head);
    this.#take(leaves, { head, signatures: 'verified' });
    this.#cosignedAt = Math.max(Math.floor(nowMs / 1000), this.#cosignedAt);
    const { text } = head.parsed;
    const line = cosign(text, { key: this.#key(), keyPair: this.#keyPair, atSeconds: this.#cosignedAt });
    const others = validLines(head.parsed, this.#state).filter(({ name }) => name !== line.name);
    const operators = signaturesOf(head.parsed, logKey(this.#log));
    return {
      head,
      cosignature: formatSignatureLine(line),
      note: formatNote({ text, signatures: [...operators, ...others, line] }),
    };
  }

  /**
   * Compares a head that another member holds with this copy (gossip).
   * @param note as that member holds it.
   * @param from the member, for the message.
   * @returns `same` or `behind` for a head that is in our history, `ahead` for one that our records do not reach: until they do, no
   *   smaller head is cosigned.
   * @throws {LedgerError} `split-view` with evidence.
   */
  compare(note: string, from: string): 'same' | 'behind' | 'ahead' {
    const head = openHead(note, this.#log);
    if (head.size > this.#tree.size) {
      this.#witness(head, from);
      return 'ahead';
    }
    this.#checkInHistory(head, from);
    return head.size === this.#tree.size ? 'same' : 'behind';
  }

  /**
   * Decides whether a head whose records did not fit (`root-mismatch`) is a fork, by the log's own path from our head to it.
   * @param path of hashes as `historyPath` gives it, from whoever has the records of the other head.
   * @returns false where the path does not belong to the head, or shows that the head extends ours: then the transfer was at fault.
   * @throws {LedgerError} `split-view` with evidence, which is also kept as `fault`.
   */
  accuse(note: string, path: readonly Uint8Array[]): false {
    const other = openHead(note, this.#log);
    const own = this.#head;
    if (!own || other.size < own.size) return false;
    const root = rootInHistory(other, own.size, path);
    if (!root || equalBytes(root, own.root)) return false;
    throw this.#splitView({ smaller: own, larger: other, path: path.map(bytesToBase64) }, 'the operator');
  }

  /** A cosignature says "the largest head that I have seen", so nothing smaller is accepted, whoever has shown the larger one. */
  #checkNotOlder(head: SignedHead): void {
    const known = [...this.#witnessed];
    if (this.#first) known.push([this.#organisation, this.#first]);
    for (const [holder, larger] of known) {
      if (head.size >= larger.size) continue;
      const message = `ledger head ${head.size} is older than head ${larger.size} that ${holder} holds, signed by ${this.#log.operator}`;
      if (!isRollback(larger, head)) throw new LedgerError('rollback', message);
      const evidence = { kind: 'rollback', ...this.#names(), earlier: larger.note, later: head.note } as const;
      throw new LedgerError('rollback', message, { evidence });
    }
  }

  #witness(head: SignedHead, from: string): void {
    for (const other of this.#witnessed.values()) {
      if (other.size === head.size && !equalBytes(other.root, head.root)) {
        throw this.#splitView({ smaller: other, larger: head, path: [] }, from);
      }
    }
    if (head.size > (this.#witnessed.get(from)?.size ?? 0)) this.#witnessed.set(from, head);
  }

  #checkInHistory(head: SignedHead, from: string): void {
    if (equalBytes(this.#tree.root(head.size), head.root)) return;
    const larger = this.#head!;
    const path = historyPath(this.#tree, { from: head.size, to: larger.size });
    throw this.#splitView({ smaller: head, larger, path }, from);
  }

  #splitView(heads: { smaller: SignedHead; larger: SignedHead; path: string[] }, from: string): LedgerError {
    const { smaller, larger, path } = heads;
    const sizes =
      smaller.size === larger.size
        ? `two different heads of size ${smaller.size}`
        : `heads ${smaller.size} and ${larger.size}, which do not fit together`;
    const evidence = {
      kind: 'split-view',
      ...this.#names(),
      smaller: smaller.note,
      larger: larger.note,
      path,
    } as const;
    this.#fault = new LedgerError('split-view', `${this.#log.operator} has signed ${sizes} (one came from ${from})`, {
      evidence,
    });
    return this.#fault;
  }

  /** Checks the root before it writes anything, then replays the rules. */
  #take(leaves: readonly Uint8Array[], under: { head: SignedHead; signatures: 'verified' | 'trusted' }): void {
    const { head, signatures } = under;
    const start = this.#tree.size;
    if (leaves.length !== head.size - start) {
      const problem = `the head of size ${head.size} needs the records from ${start} on; ${leaves.length} came`;
      throw new LedgerError('head-beyond-records', problem);
    }
    const hashes = leaves.map(leafHash);
    const frontier = this.#tree.frontier();
    for (const hash of hashes) frontier.append(hash);
    if (!equalBytes(frontier.root(), head.root)) {
      const problem = `records ${start} to ${head.size - 1} are not those of the head of size ${head.size}`;
      throw new LedgerError('root-mismatch', problem);
    }
    if (start === 0) checkGenesis(leaves[0]!, this.#log);
    for (const hash of hashes) this.#tree.append(hash);
    this.#checkWitnessed(head);
    for (const [i, leaf] of leaves.entries()) {
      try {
        this.#state.apply(decodeRecord(leaf), { signatures });
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        throw this.#brokenRule(error, { index: start + i, leaf, head });
      }
    }
    if (this.#first?.size !== head.size) this.#first = head;
    this.#head = head;
  }

  #checkWitnessed(head: SignedHead): void {
    for (const [from, witnessed] of this.#witnessed) {
      if (witnessed.size > head.size) continue;
      if (!equalBytes(this.#tree.root(witnessed.size), witnessed.root)) {
        const path = historyPath(this.#tree, { from: witnessed.size, to: head.size });
        throw this.#splitView({ smaller: witnessed, larger: head, path }, from);
      }
      this.#witnessed.delete(from);
    }
  }

  #brokenRule(cause: LedgerError, at: { index: number; leaf: Uint8Array; head: SignedHead }): LedgerError {
    const { index, leaf, head } = at;
    const evidence = {
      kind: 'broken-rule',
      ...this.#names(),
      head: head.note,
      index,
      leaf: bytesToBase64(leaf),
      inclusion: this.#tree.inclusionProof({ index, size: head.size }).map(bytesToBase64),
      path: historyPath(this.#tree, { from: index, to: head.size }),
      code: cause.code,
    } as const;
    const message = `${this.#log.operator} has let in record ${index}, which the rules forbid: ${cause.message}`;
    this.#fault = new LedgerError('broken-rule', message, { index, evidence, cause });
    return this.#fault;
  }

  #names(): { readonly network: string; readonly operator: string } {
    return { network: this.#log.network, operator: this.#log.operator };
  }

  #key(): NoteKey {
    const { network } = this.#log;
    return cosignerKey({ network, organisation: this.#organisation, publicKey: this.#keyPair.publicKey });
  }
}
