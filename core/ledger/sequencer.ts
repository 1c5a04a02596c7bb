/**
 * The sequencer: the one member that puts entries in order, dates them and signs heads. Pure: its host stores the leaves and heads, and
 * must have stored a record before it publishes a head over it.
 */
import { equalBytes } from '../bytes/index.ts';
import type { Ed25519KeyPair } from '../crypto/index.ts';
import { verifyCosignature } from './cosignature.ts';
import { parseEntry } from './entry.ts';
import { LedgerError } from './error.ts';
import { checkGenesis } from './genesis.ts';
import { type LogIdentity, openHead, signHead } from './head.ts';
import { leafHash, MerkleTree } from './merkle.ts';
import { formatNote, type Note, parseNote, parseSignatureLine } from './note.ts';
import { decodeRecord, encodeRecord, type LedgerRecord } from './record.ts';
import { LedgerState } from './state.ts';
import { memberCosigners } from './witnesses.ts';

export class Sequencer {
  readonly #log: LogIdentity;
  readonly #keyPair: Ed25519KeyPair;
  readonly #state = new LedgerState();
  readonly #tree = new MerkleTree();
  #prepared: LedgerRecord | undefined;
  #sealed: { readonly record: LedgerRecord; readonly head: OwnHead } | undefined;
  #head: OwnHead | undefined;

  constructor(of: { readonly network: string; readonly organisation: string; readonly keyPair: Ed25519KeyPair }) {
    this.#log = { network: of.network, operator: of.organisation, operatorKey: of.keyPair.publicKey };
    this.#keyPair = of.keyPair;
  }

  get log(): LogIdentity {
    return this.#log;
  }

  get state(): LedgerState {
    return this.#state;
  }

  /** For proofs and tiles; only `commit` writes it. */
  get tree(): MerkleTree {
    return this.#tree;
  }

  /**
   * Takes back what the host stored. Up to the head, which this node signed, signatures are not verified again; all other rules are.
   * @param stored.leaves of all records, from 0.
   * @param stored.head the last head that was signed.
   * @throws {LedgerError}, after which this object is of no use: `rollback` where records that the head covers are missing, `root-mismatch` where they are not those that were
   *   signed, `malformed-record`, or the code of a rule.
   */
  restore(stored: { readonly leaves: readonly Uint8Array[]; readonly head?: string | undefined }): void {
    if (this.#tree.size > 0) throw new Error('a sequencer is restored once, before anything else');
    const head = stored.head === undefined ? undefined : openHead(stored.head, this.#log);
    const signed = head?.size ?? 0;
    if (stored.leaves.length < signed) {
      throw new LedgerError(
        'rollback',
        `the stored ledger ends at record ${stored.leaves.length}, but this node has signed a head of ${signed}; restore a newer backup or copy the records of another member`,
      );
    }
    for (const leaf of stored.leaves) this.#tree.append(leafHash(leaf));
    if (head && !equalBytes(this.#tree.root(signed), head.root)) {
      throw new LedgerError(
        'root-mismatch',
        `the stored records are not those of the head of size ${signed} that this node has signed`,
      );
    }
    if (stored.leaves[0]) checkGenesis(stored.leaves[0], this.#log);
    for (const [i, leaf] of stored.leaves.entries()) {
      this.#state.apply(decodeRecord(leaf), { signatures: i < signed ? 'trusted' : 'verified' });
    }
    if (head) this.#head = { note: head.parsed, atSeconds: head.atSeconds };
  }

  /**
   * The record that an entry would become; nothing changes. For hosts that store the record before they commit it: no other entry may be
   * prepared in between.
   * @param entry a value from outside.
   * @param nowMs milliseconds since the epoch; a clock that runs backwards does not take the ledger with it.
   * @throws {LedgerError} with the code of what is wrong with the entry.
   */
  prepare(entry: unknown, nowMs: number): LedgerRecord {
    const parsed = parseEntry(entry);
    const sequencedAt = Math.max(Math.floor(nowMs), this.#state.sequencedAt);
    if (this.#tree.size === 0 && (parsed.network !== this.#log.network || parsed.author !== this.#log.operator)) {
      throw new LedgerError('wrong-network', `the ledger is made for ${this.#log.network} by ${this.#log.operator}`);
    }
    this.#state.admit(parsed, sequencedAt);
    this.#prepared = { entry: parsed, index: this.#tree.size, sequencedAt };
    return this.#prepared;
  }

  /**
   * Signs the head that a prepared record will make; nothing changes. For hosts that store record and head before they commit: until then
   * the state shows nothing that a crash could take back. The head counts once the record is committed.
   * @returns size and root of the tree with the record, and the signed note.
   */
  seal(
    record: LedgerRecord,
    nowMs: number,
  ): { readonly size: number; readonly root: Uint8Array; readonly note: string } {
    const frontier = this.#tree.frontier();
    frontier.append(leafHash(encodeRecord(record)));
    const head = { size: this.#tree.size + 1, root: frontier.root(), atSeconds: this.#headTime(nowMs) };
    const note = signHead(this.#log, head, { keyPair: this.#keyPair });
    this.#sealed = { record, head: { note: parseNote(note), atSeconds: head.atSeconds } };
    return { size: head.size, root: head.root, note };
  }

  /** Takes a prepared record. @throws {LedgerError} where it is no longer the next one. */
  commit(record: LedgerRecord): void {
    // `prepare` has verified the signature of this very object; any other is verified here.
    this.#state.apply(record, { signatures: record === this.#prepared ? 'trusted' : 'verified' });
    this.#tree.append(leafHash(encodeRecord(record)));
    if (this.#sealed?.record === record) this.#head = this.#sealed.head;
    this.#sealed = undefined;
  }

  /** `prepare` and `commit` at once. */
  append(entry: unknown, nowMs: number): LedgerRecord {
    const record = this.prepare(entry, nowMs);
    this.commit(record);
    return record;
  }

  /**
   * Signs the present head. Over an unchanged tree the time is renewed and the members' cosignatures stay.
   * @returns the signed note, to be stored and published.
   */
  checkpoint(nowMs: number): string {
    const { size } = this.#tree;
    if (size === 0) throw new LedgerError('network-missing', 'a ledger without records has no head');
    const atSeconds = this.#headTime(nowMs);
    const head = { size, root: this.#tree.root(), atSeconds };
    const fresh = parseNote(signHead(this.#log, head, { keyPair: this.#keyPair }));
    const keep = this.#head && this.#head.note.text === fresh.text ? this.#head.note.signatures : [];
    const note = signHead(this.#log, head, { keyPair: this.#keyPair, keep });
    this.#head = { note: parseNote(note), atSeconds };
    return note;
  }

  /**
   * Adds a member's cosignature to the latest head.
   * @param line as `Mirror.accept` returns it.
   * @returns the note with all cosignatures.
   * @throws {LedgerError} `cosignature-invalid` where it is not a member's over this head: it may have come too late.
   */
  addCosignature(line: string): string {
    if (!this.#head) throw new LedgerError('cosignature-invalid', 'there is no head yet to be cosigned');
    const signature = parseSignatureLine(line);
    const cosigner = memberCosigners(this.#state).find(
      ({ key }) => key.name === signature.name && equalBytes(key.keyId, signature.keyId),
    );
    if (!cosigner) throw new LedgerError('cosignature-invalid', 'the cosignature is not of a member');
    const { note, atSeconds } = this.#head;
    verifyCosignature(note.text, signature, cosigner.key);
    const others = note.signatures.filter(
      ({ name, keyId }) => name !== signature.name || !equalBytes(keyId, signature.keyId),
    );
    this.#head = { note: { text: note.text, signatures: [...others, signature] }, atSeconds };
    return formatNote(this.#head.note);
  }

  /** Times of heads never decrease, or two honest heads would read as a rollback. */
  #headTime(nowMs: number): number {
    return Math.max(Math.floor(nowMs / 1000), this.#head?.atSeconds ?? 0);
  }
}

interface OwnHead {
  readonly note: Note;
  readonly atSeconds: number;
}
