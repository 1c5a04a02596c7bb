/**
 * A node's hold on the network's ledger: the operator's node orders entries, every other node mirrors, checks and cosigns. Entries that
 * this node signs go through here; what comes back is told to listeners once it is stored.
 */
import { base64ToBytes, bytesToBase64 } from '@causeway/core/bytes';
import type { Ed25519KeyPair } from '@causeway/core/crypto';
import {
  type Bodies,
  decodeRecord,
  type Entry,
  type EntryType,
  encodeRecord,
  historyPath,
  LedgerError,
  type LedgerErrorCode,
  type LedgerRecord,
  type LedgerState,
  type LogIdentity,
  type MerkleTree,
  Mirror,
  openHead,
  parseCheckpoint,
  parseNote,
  Sequencer,
  signEntry,
} from '@causeway/core/ledger';
import { CallRefused, type LinkClock, LinkError, type Links, type PeerFailure } from '../link/index.ts';
import { type CallForm, encodeBody, ledgerCalls, readAnswer, readQuestion } from './calls.ts';
import type { LedgerStore, StoredLeaf } from './ledger-store.ts';
import { askHeld, type HeldElsewhere, lostRecords } from './lost-records.ts';

export interface NetworkLedgerOptions {
  readonly log: LogIdentity;
  readonly organisation: string;
  readonly keyPair: Ed25519KeyPair;
  readonly store: LedgerStore;
  readonly links: Links;
  readonly clock: LinkClock;
  /** How often a member asks for news that nobody announced, and compares heads with the others. */
  readonly pollMs?: number;
  readonly gossipMs?: number;
  /**
   * At the operator, whose copy comes from a backup: nothing is signed before half of the other members have said what they hold, and what they
   * hold beyond the copy has been taken back.
   */
  readonly unconfirmed?: boolean;
  /** Told once that is done. */
  readonly onConfirmed?: () => Promise<void>;
  /** Told what an operator cannot explain away; the node then stops trusting it. */
  readonly onAlarm?: (alarm: LedgerError) => void;
}

export type RecordListener = (record: LedgerRecord) => void;

/** Bytes of leaves in one answer, below the limit of a call. */
const pullBytesMax = 512 * 1024;
const pullRecordsMax = 5000;
const callTimeoutMs = 10_000;
/** How long a restored operator waits for a member before it goes on without it: less than whoever waits for the operator. */
const hearTimeoutMs = 3_000;
/** How long an entry is tried before its author is told that the operator cannot be reached. */
const appendTimeoutMs = 30_000;

export class NetworkLedger {
  readonly #options: NetworkLedgerOptions;
  #sequencer: Sequencer | undefined;
  #mirror: Mirror | undefined;
  readonly #listeners = new Set<RecordListener>();
  /** Entries of this node that wait for their place, by signature. */
  readonly #waiting = new Map<string, (index: number) => void>();
  /** Signatures of this node's entries whose appending has not ended. */
  readonly #offered = new Set<string>();
  #head: string | undefined;
  /** The operator's head that was last found to be in the own history. */
  #seenHead: string | undefined;
  /** Records that listeners were told of. */
  #toldCount = 0;
  /** A write has failed, so nobody knows what is stored: the copy in memory begins again from it before anything else is done. */
  #unsure = false;
  #unconfirmed: boolean;
  #turn: Promise<unknown> = Promise.resolve();
  /** The pull under way, and the one that begins when it has ended. */
  #pulling: Promise<void> | undefined;
  #nextPull: Promise<void> | undefined;
  #alarm: LedgerError | undefined;
  #closed = false;
  readonly #timers = new Map<string, () => void>();

  private constructor(options: NetworkLedgerOptions) {
    this.#options = options;
    this.#unconfirmed = options.unconfirmed === true && this.isOperator;
  }

  /** Replays what is stored and begins to answer the other nodes. @throws {LedgerError} when the stored log does not verify. */
  static async open(options: NetworkLedgerOptions): Promise<NetworkLedger> {
    const ledger = new NetworkLedger(options);
    ledger.#toldCount = (await ledger.#load()).length;
    ledger.#serve();
    ledger.#repeat('poll', options.pollMs ?? 5_000, () =>
      ledger.#unconfirmed ? ledger.#inTurn(() => ledger.#confirm()) : ledger.sync(),
    );
    ledger.#repeat('gossip', options.gossipMs ?? 30_000, () => ledger.#gossip());
    return ledger;
  }

  get log(): LogIdentity {
    return this.#options.log;
  }

  get isOperator(): boolean {
    return this.log.operator === this.#options.organisation;
  }

  get state(): LedgerState {
    return (this.#sequencer ?? this.#mirror)!.state;
  }

  get tree(): MerkleTree {
    return (this.#sequencer ?? this.#mirror)!.tree;
  }

  /** The last head that is stored here: a signed note, with cosignatures at the operator. */
  get head(): string | undefined {
    return this.#head;
  }

  /** The newest head with the cosignatures that have come so far: the operator's own copy, or a fresh one from it. @throws {LinkError} */
  async cosignedHead(): Promise<string> {
    if (!this.isOperator) {
      const { head } = await this.#ask(this.log.operator, ledgerCalls.pull, { from: this.tree.size });
      if (openHead(head, this.log).size === this.tree.size) return head;
      await this.sync();
    }
    if (this.#head === undefined) throw new LedgerError('network-missing', 'the ledger has no head yet');
    return this.#head;
  }

  /** What the operator did that its own signatures prove; entries are then neither sent nor taken. */
  get alarm(): LedgerError | undefined {
    return this.#alarm;
  }

  /** Whether this operator's copy comes from a backup, and the members have not yet said whether it is all. */
  get isUnconfirmed(): boolean {
    return this.#unconfirmed;
  }

  /** @returns what stops the listener. */
  onRecord(listener: RecordListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Signs an entry and has it put in order. Once this returns, the own copy holds it.
   * @returns the record's index.
   * @throws {LedgerError} the rule that refuses it; {LinkError} when the operator cannot be reached.
   */
  async append<Type extends EntryType>(type: Type, body: Bodies[Type]): Promise<number> {
    if (this.#alarm) throw this.#alarm;
    const entry = this.#sign(type, body);
    this.#offered.add(entry.signature);
    try {
      return await (this.isOperator ? this.#sequence(entry) : this.#submit(entry));
    } finally {
      this.#offered.delete(entry.signature);
    }
  }

  /**
   * An entry is known by its signature and dated in whole seconds, so two alike within one second would be one: a description that is
   * published again after a small change, for instance, since its counts are rounded. The later one is dated to the next free second.
   */
  #sign<Type extends EntryType>(type: Type, body: Bodies[Type]): Entry {
    const { log, organisation, keyPair, clock } = this.#options;
    for (let atMs = clock.wallMs(); ; atMs += 1000) {
      const entry = signEntry({ network: log.network, author: organisation, atMs, type, body }, keyPair) as Entry;
      if (!this.#offered.has(entry.signature) && !this.state.isRecent(entry.signature)) return entry;
    }
  }

  /**
   * Brings the own copy up to the head that the operator has by now. At the operator there is nothing to do.
   * @throws {LinkError} when the operator cannot be reached; what the store throws; {LedgerError} for a head that is not accepted.
   */
  async sync(): Promise<void> {
    if (this.isOperator || this.#closed) return;
    // A pull under way may have had its answer before something that the caller knows of; the one after it cannot.
    this.#nextPull ??= this.#pullAfter(this.#pulling);
    await this.#nextPull;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    await this.#turn.catch(() => {});
    await this.#pulling?.catch(() => {});
    await this.#nextPull?.catch(() => {});
  }

  // The operator's part.

  /** Stores before it commits, one entry at a time: what the state shows is durable. */
  #sequence(value: unknown): Promise<number> {
    const { clock, store } = this.#options;
    return this.#inTurn(async () => {
      if (this.#unsure) await this.#recover();
      await this.#confirm();
      const sequencer = this.#sequencer!;
      const record = sequencer.prepare(value, clock.wallMs());
      const head = sequencer.seal(record, clock.wallMs());
      await this.#write(() =>
        store.append([storedLeaf(record, encodeRecord(record))], { ...head, atMs: clock.wallMs() }),
      );
      sequencer.commit(record);
      this.#head = head.note;
      this.#tell(record);
      this.#announce();
      return record.index;
    });
  }

  /**
   * Hears the members before anything is signed over a copy that was set back.
   * @throws {LedgerError} `unconfirmed` until half of the others were heard; `split-view` where one of them holds another history.
   */
  async #confirm(): Promise<void> {
    if (!this.#unconfirmed) return;
    const { organisation: self, onConfirmed } = this.#options;
    const own = { size: this.tree.size, note: this.#head! };
    const silent: string[] = [];
    const others = this.state.members().filter(({ organisation }) => organisation !== self);
    const answers = others.map(({ organisation }) =>
      askHeld(this.log, own, {
        organisation,
        ask: (form, question) => this.#ask(organisation, form, question, hearTimeoutMs),
      }).catch((error) => {
        if (!(error instanceof LinkError)) throw error;
        silent.push(organisation);
        return undefined;
      }),
    );
    const held = (await Promise.all(answers)).filter((answer) => answer !== undefined);
    if (2 * silent.length > others.length) {
      throw new LedgerError(
        'unconfirmed',
        `this ledger was restored from a backup and ends at record ${own.size}; nothing is added before half of the members have said whether they hold more: ${silent.join(', ')} cannot be reached`,
      );
    }
    const lost = lostRecords(this.tree, held);
    if (lost) await this.#takeBack(lost);
    await onConfirmed?.();
    this.#unconfirmed = false;
  }

  /** Stores records that this operator itself has signed for, and goes on from them. */
  async #takeBack({ leaves, head, note }: HeldElsewhere): Promise<void> {
    const records = leaves.map((leaf) => decodeRecord(leaf));
    await this.#write(() =>
      this.#options.store.append(
        records.map((record, i) => storedLeaf(record, leaves[i]!)),
        { size: head.size, root: head.root, note, atMs: this.#options.clock.wallMs() },
      ),
    );
    await this.#recover();
  }

  #announce(): void {
    for (const { organisation, state } of this.#options.links.status()) {
      if (state === 'connected') void this.#ask(organisation, ledgerCalls.announce, {}).catch(() => {});
    }
  }

  /** Records that are stored and under the head that is given out with them. */
  async #answerPull(question: { from: number; size?: number }): Promise<{ head: string; leaves: string[] }> {
    const head = this.#head;
    if (head === undefined) throw new CallRefused({ code: 'network-missing', detail: 'the ledger has no head yet' });
    // What the tree holds is what the head covers.
    const size = Math.min(question.size ?? Number.POSITIVE_INFINITY, this.tree.size);
    const stored = await this.#options.store.range(
      question.from,
      Math.min(pullRecordsMax, Math.max(0, size - question.from)),
    );
    const leaves: string[] = [];
    let bytes = 0;
    for (const leaf of stored) {
      const text = bytesToBase64(leaf);
      bytes += text.length;
      if (bytes > pullBytesMax && leaves.length > 0) break;
      leaves.push(text);
    }
    return { head, leaves };
  }

  // A member's part.

  async #submit(entry: Entry): Promise<number> {
    const { clock } = this.#options;
    let placed: number | undefined;
    this.#waiting.set(entry.signature, (index) => {
      placed = index;
    });
    const deadlineMs = clock.nowMs() + appendTimeoutMs;
    try {
      for (;;) {
        const refusal = await this.#offer(entry).then(
          () => undefined,
          (error: unknown) => error,
        );
        // An answer may have been lost after the entry was taken, and the entry was then refused when it came again: a refusal is believed
        // only by a copy that has caught up with it, and does not hold the entry.
        const outOfDate = await this.#caughtUp(() => placed !== undefined);
        if (placed !== undefined) return placed;
        if (outOfDate === undefined && isRefusal(refusal)) throw asLedgerError(refusal);
        if (clock.nowMs() > deadlineMs || this.#closed || this.#alarm) throw this.#alarm ?? refusal ?? outOfDate;
        await this.#pause(500);
      }
    } finally {
      this.#waiting.delete(entry.signature);
    }
  }

  async #offer(entry: Entry): Promise<void> {
    await this.#ask(this.log.operator, ledgerCalls.append, { entry });
  }

  /** Syncs, unless the pull under way does it. @returns what went wrong. */
  async #caughtUp(isEnough: () => boolean): Promise<unknown> {
    await this.#pulling?.catch(() => {});
    if (isEnough()) return undefined;
    return this.sync().then(
      () => undefined,
      (error: unknown) => error ?? new LinkError('timeout', 'the ledger could not be read'),
    );
  }

  async #pullAfter(earlier: Promise<void> | undefined): Promise<void> {
    await earlier?.catch(() => {});
    this.#pulling = this.#nextPull;
    this.#nextPull = undefined;
    try {
      if (this.#unsure) await this.#recover();
      await this.#pull();
    } finally {
      this.#pulling = undefined;
    }
  }

  async #pull(): Promise<void> {
    const mirror = this.#mirror!;
    if (this.#alarm) return;
    const from = mirror.tree.size;
    const leaves: Uint8Array[] = [];
    let { head, leaves: page } = await this.#ask(this.log.operator, ledgerCalls.pull, { from });
    // Only to know how much to ask for: the mirror verifies the head before anything is taken.
    const { size } = parseCheckpoint(parseNote(head).text);
    for (;;) {
      for (const leaf of page) leaves.push(base64ToBytes(leaf));
      if (from + leaves.length >= size || page.length === 0) break;
      ({ leaves: page } = await this.#ask(this.log.operator, ledgerCalls.pull, { from: from + leaves.length, size }));
    }
    if (leaves.length === 0 && mirror.head && size === mirror.tree.size && this.#head !== undefined) {
      if (head !== this.#seenHead) this.#guarded(() => mirror.compare(head, this.log.operator));
      this.#seenHead = head;
      return;
    }
    await this.#accept(leaves.slice(0, size - from), head);
  }

  async #accept(leaves: readonly Uint8Array[], note: string): Promise<void> {
    const { clock, store, organisation } = this.#options;
    const records = leaves.map((leaf) => decodeRecord(leaf));
    const { head, cosignature, note: kept } = await this.#checked(leaves, note);
    const atMs = clock.wallMs();
    await this.#write(async () => {
      await store.append(
        records.map((record, i) => storedLeaf(record, leaves[i]!)),
        { size: head.size, root: head.root, note: kept, atMs },
      );
      await store.putCosignature({ size: head.size, organisation, line: cosignature, atMs });
    });
    this.#head = kept;
    for (const record of records) this.#tell(record);
    // It may fail, or come too late for this head: then the next one is cosigned in its place.
    void this.#ask(this.log.operator, ledgerCalls.cosign, { line: cosignature }).catch(() => {});
  }

  /** Has the mirror check news; records that do not fit their head are either a broken transfer or a fork, which the log's own path proves. */
  async #checked(leaves: readonly Uint8Array[], note: string): Promise<ReturnType<Mirror['accept']>> {
    const mirror = this.#mirror!;
    try {
      return this.#guarded(() => mirror.accept(leaves, note, this.#options.clock.wallMs()));
    } catch (error) {
      if (!(error instanceof LedgerError && error.code === 'root-mismatch') || mirror.tree.size === 0) throw error;
      const between = { from: mirror.tree.size, to: openHead(note, this.log).size };
      const { path } = await this.#ask(this.log.operator, ledgerCalls.history, between);
      this.#guarded(() => mirror.accuse(note, path.map(base64ToBytes)));
      throw error;
    }
  }

  /** Compares heads with every other member that can be reached. */
  async #gossip(): Promise<void> {
    const mirror = this.#mirror;
    if (!mirror || this.#head === undefined || this.#alarm) return;
    for (const { organisation, state } of this.#options.links.status()) {
      if (state !== 'connected' || organisation === this.log.operator) continue;
      const { head } = await this.#ask(organisation, ledgerCalls.gossip, { head: this.#head });
      if (this.#guarded(() => mirror.compare(head, organisation)) === 'ahead') await this.sync();
    }
  }

  // Both parts.

  /** Takes the copy from what is stored. @returns the leaves of its records. */
  async #load(): Promise<readonly Uint8Array[]> {
    const { log, organisation, keyPair, store } = this.#options;
    const { leaves, head } = await store.load();
    if (this.isOperator) {
      const sequencer = new Sequencer({ network: log.network, organisation, keyPair });
      sequencer.restore({ leaves, head });
      this.#sequencer = sequencer;
    } else {
      const mirror = new Mirror({ log, organisation, keyPair });
      if (head !== undefined) mirror.restore({ leaves, head });
      this.#mirror = mirror;
    }
    this.#head = head;
    this.#seenHead = undefined;
    this.#unsure = false;
    return leaves;
  }

  /** Begins again from what is stored; what nobody was told of is told now. */
  async #recover(): Promise<void> {
    const leaves = await this.#load();
    for (const leaf of leaves.slice(this.#toldCount)) this.#tell(decodeRecord(leaf));
  }

  /** A write that fails may have been done all the same. */
  async #write(work: () => Promise<void>): Promise<void> {
    this.#unsure = true;
    await work();
    this.#unsure = false;
  }

  #serve(): void {
    const { links } = this.#options;
    const serve = <Q, A>(form: CallForm<Q, A>, answer: (question: Q, peer: string) => A | Promise<A>) => {
      links.onCall(form.method, async (peer, body) => {
        try {
          return encodeBody(await answer(readQuestion(form, body), peer));
        } catch (error) {
          throw error instanceof LedgerError ? new CallRefused({ code: error.code, detail: error.message }) : error;
        }
      });
    };
    serve(ledgerCalls.append, async ({ entry }) => ({ index: await this.#operators().#sequence(entry) }));
    serve(ledgerCalls.pull, (question, peer) => {
      const asked = peer === this.log.operator ? this : this.#operators();
      return asked.#answerPull(question as { from: number; size?: number });
    });
    serve(ledgerCalls.cosign, async ({ line }, peer) => {
      const note = this.#operators().#sequencer!.addCosignature(line);
      this.#head = note;
      await this.#options.store.putCosignature({
        size: this.tree.size,
        organisation: peer,
        line,
        atMs: this.#options.clock.wallMs(),
      });
      return {};
    });
    serve(ledgerCalls.history, ({ from, to }) => {
      const { tree } = this.#operators();
      if (from < 1 || from > to || to > tree.size)
        throw new CallRefused({ code: 'malformed-call', detail: 'no such part of the history' });
      return { path: historyPath(tree, { from, to }) };
    });
    serve(ledgerCalls.announce, () => {
      void this.sync().catch(() => {});
      return {};
    });
    serve(ledgerCalls.gossip, ({ head }, peer) => {
      if (this.#head === undefined)
        throw new CallRefused({ code: 'network-missing', detail: 'this node has no head yet' });
      this.#guarded(() => this.#mirror?.compare(head, peer));
      return { head: this.#head };
    });
  }

  #operators(): this {
    if (!this.isOperator)
      throw new CallRefused({ code: 'not-operator', detail: `${this.log.operator} runs the ledger of this network` });
    return this;
  }

  async #ask<Question, Answer>(
    organisation: string,
    form: CallForm<Question, Answer>,
    question: Question,
    timeoutMs: number = callTimeoutMs,
  ): Promise<Answer> {
    const link = await this.#options.links.to(organisation, { timeoutMs });
    return readAnswer(form, await link.call(form.method, encodeBody(question), { timeoutMs }));
  }

  /** Runs a check of the mirror; what proves the operator wrong is kept and told. */
  #guarded<T>(check: () => T): T {
    try {
      return check();
    } catch (error) {
      if (error instanceof LedgerError && error.evidence && !this.#alarm) {
        this.#alarm = error;
        this.#options.onAlarm?.(error);
      }
      throw error;
    }
  }

  #tell(record: LedgerRecord): void {
    if (record.index < this.#toldCount) return;
    this.#toldCount = record.index + 1;
    this.#waiting.get(record.entry.signature)?.(record.index);
    for (const listener of this.#listeners) listener(record);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      if (this.#alarm) throw this.#alarm;
      return work();
    });
    this.#turn = result.catch(() => {});
    return result;
  }

  #repeat(name: string, everyMs: number, work: () => Promise<void>): void {
    const again = () => {
      if (this.#closed) return;
      // A failed attempt is no event: the next one comes, and the links' status says why partners cannot be reached.
      void work()
        .catch(() => {})
        .finally(() => this.#timers.set(name, this.#options.clock.after(everyMs, again)));
    };
    this.#timers.set(name, this.#options.clock.after(0, again));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve);
    });
  }
}

function storedLeaf({ entry, index }: LedgerRecord, leaf: Uint8Array): StoredLeaf {
  return { index, leaf, type: entry.type, author: entry.author };
}

/** What the operator's node answers when it cannot judge the entry for now: it starts, stops or is newly restored, or its database fails. */
const passing = new Set(['internal', 'unknown-method', 'cancelled', 'limit', 'unconfirmed']);

/** Whether a rule has refused the entry, at the operator: trying again would change nothing. */
function isRefusal(error: unknown): error is LinkError & { readonly peer: PeerFailure } {
  return error instanceof LinkError && error.code === 'peer' && !passing.has(error.peer?.code ?? 'internal');
}

/** The refusal as the error that the operator's node threw. */
function asLedgerError({ peer: { code, detail } }: { readonly peer: PeerFailure }): LedgerError {
  return new LedgerError(code as LedgerErrorCode, detail);
}
