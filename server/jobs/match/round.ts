/**
 * One round of a match: one kind of identifier, from match keys on disk to the rows that match. Every stage leaves its result in the work
 * folder and is skipped when it is already there, so a round goes on after a crash at any point.
 */
import type { Kernel } from '@causeway/core/group';
import {
  batchRows,
  hashPrefix,
  type Learns,
  type RunBinding,
  runId,
  type Side,
} from '@causeway/core/protocols/psi-ecdh';
import type { RandomSource } from '@causeway/core/random';
import type { Channel } from '../../link/index.ts';
import { BitSet, type WorkFolder } from '../work/index.ts';
import { blindSet } from './blind.ts';
import { type ExchangeResult, exchangeOnce } from './exchange.ts';
import { joinTags } from './join.ts';
import { buildKeySet, type KeySet, rowsOfPositions } from './key-set.ts';

export interface RoundOptions {
  readonly work: WorkFolder;
  readonly kernel: Kernel;
  readonly random: RandomSource;
  /** Position in the waterfall, from 0: file names and the run's id depend on it. */
  readonly index: number;
  readonly binding: RunBinding;
  readonly plan: Uint8Array;
  readonly side: Side;
  readonly learns: { readonly own: Learns; readonly peer: Learns };
  readonly peerCount: { readonly min: number; readonly max: number };
  /** Rows of the own dataset. */
  readonly rowBound: number;
  readonly silenceMs: number;
  /** Rows in a message; the protocol's own, unless a simulation makes many messages of a short list. */
  readonly batchRows?: number | undefined;
  readonly onProgress: (progress: RoundProgress) => void;
}

export interface RoundProgress {
  readonly stage: 'blind' | 'exchange';
  readonly done: number;
  readonly total: number;
}

/** What a side holds after a round. */
export interface RoundResult {
  /** Distinct own keys that are in the partner's list; undefined for a side that learns nothing. */
  readonly matchedKeys: number | undefined;
  /** Rows that carry them; undefined unless this side learns rows. */
  readonly rows: BitSet | undefined;
}

export class Round {
  readonly #options: RoundOptions;

  constructor(options: RoundOptions) {
    this.#options = options;
  }

  /** Names of the files that the keys are brought in: 16 bytes a row, and 4 bytes of row number. */
  get keyFiles(): { readonly keys: string; readonly rows: string } {
    return { keys: this.#name('keys'), rows: this.#name('rows') };
  }

  /** Name of the file of distinct keys in secret order, 16 bytes each; there once the round is prepared. */
  get setFile(): string {
    return this.#name('set');
  }

  /** The set's size, if an earlier attempt has prepared it. */
  prepared(): Promise<KeySet | undefined> {
    return this.#stored<KeySet>('set.size');
  }

  /** @param rowCount rows in {@link keyFiles}. */
  async prepare(rowCount: number): Promise<KeySet> {
    const { work, random } = this.#options;
    const size = await buildKeySet(work, { ...this.keyFiles, set: this.setFile }, rowCount, random);
    await this.#store('set.size', size);
    return size;
  }

  /** Blinds the set. @returns the commitment. */
  async blind(set: KeySet, signal: AbortSignal): Promise<Uint8Array> {
    const { work, kernel, binding, onProgress } = this.#options;
    return blindSet({
      work,
      kernel,
      files: { set: this.setFile, points: this.#name('points') },
      keyCount: set.keyCount,
      batchRows: this.#options.batchRows ?? batchRows,
      scalar: await this.#scalar(),
      prefix: hashPrefix(binding),
      signal,
      onProgress: (done) => onProgress({ stage: 'blind', done, total: set.keyCount }),
    });
  }

  /**
   * One attempt at the exchange; see {@link exchangeOnce}. Its end is remembered, and it can be served again to a peer that lost it.
   * @param how.opening `wait` says nothing before the peer does.
   */
  async exchange(
    set: KeySet,
    root: Uint8Array,
    channel: Channel,
    how: { readonly signal: AbortSignal; readonly opening: 'speak' | 'wait' },
  ): Promise<ExchangeResult> {
    const { work, kernel, binding, plan, side, learns, peerCount, silenceMs, onProgress } = this.#options;
    const result = await exchangeOnce(
      {
        work,
        kernel,
        files: { points: this.#name('points'), received: this.#name('received') },
        party: {
          run: runId(binding),
          plan,
          side,
          learns,
          own: { count: set.keyCount, root, kernel: kernel.name },
          peerCount,
          batchRows: this.#options.batchRows ?? batchRows,
        },
        scalar: await this.#scalar(),
        silenceMs,
        onProgress: (rows) => onProgress({ stage: 'exchange', ...rows }),
      },
      channel,
      how,
    );
    await this.#store('exchanged', {
      ...result,
      peer: { ...result.peer, root: hex(result.peer.root) },
      transcript: hex(result.transcript),
    });
    return result;
  }

  /** The result of an exchange that has ended, before a restart perhaps. */
  async exchanged(): Promise<ExchangeResult | undefined> {
    type Stored = { peer: { count: number; root: string; kernel: string }; tagBytes: number; transcript: string };
    const stored = await this.#stored<Stored>('exchanged');
    return (
      stored && {
        ...stored,
        peer: { ...stored.peer, root: unhex(stored.peer.root) },
        transcript: unhex(stored.transcript),
      }
    );
  }

  /** Joins the tags, once. @throws {ProtocolError} `not-distinct`. */
  async join(set: KeySet, exchange: ExchangeResult): Promise<RoundResult> {
    const { work, learns, rowBound } = this.#options;
    const done = await this.#stored<{ matchedKeys: number | null }>('joined');
    if (done) {
      const bits = learns.own === 'rows' ? await work.readSmall(this.#name('matched')) : undefined;
      return { matchedKeys: done.matchedKeys ?? undefined, rows: bits && new BitSet(rowBound, bits) };
    }
    const matched = await joinTags({
      work,
      files: { points: this.#name('points'), received: this.#name('received') },
      counts: { own: set.keyCount, peer: exchange.peer.count },
      tagBytes: exchange.tagBytes,
      learns: learns.own !== 'nothing',
    });
    const matchedKeys = learns.own === 'nothing' ? undefined : matched.count();
    const rows = learns.own === 'rows' ? await rowsOfPositions(work, this.setFile, set, matched, rowBound) : undefined;
    if (rows) await work.writeSmall(this.#name('matched'), rows.bytes);
    await this.#store('joined', { matchedKeys: matchedKeys ?? null });
    return { matchedKeys, rows };
  }

  /** The secret of this round: drawn once, kept until the job's folder is erased. */
  async #scalar(): Promise<Uint8Array> {
    const { work, kernel, random } = this.#options;
    const kept = await work.readSmall(this.#name('scalar'));
    if (kept) return kept;
    const scalar = kernel.randomScalar(random);
    await work.writeSmall(this.#name('scalar'), scalar);
    return scalar;
  }

  async #stored<T>(name: string): Promise<T | undefined> {
    const bytes = await this.#options.work.readSmall(this.#name(name));
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as T);
  }

  async #store(name: string, value: unknown): Promise<void> {
    await this.#options.work.writeSmall(this.#name(name), Buffer.from(JSON.stringify(value)));
  }

  #name(part: string): string {
    return `round-${this.#options.index}.${part}`;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function unhex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
