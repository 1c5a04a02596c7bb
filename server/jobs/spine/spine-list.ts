/**
 * One list on its way to its pseudonyms: keys in files, blinded, sorted, sent past each server under the same blinding, unblinded, and put to the
 * rows that carry them. Each part can be done again after a restart, and finds what an earlier attempt has left.
 */
import { bytesToHex, type RowSorter } from '@causeway/core/bytes';
import { elementBytes, type Kernel } from '@causeway/core/group';
import { batchRows, checkDistinct, type RunBinding, rowsInBatch } from '@causeway/core/protocols';
import {
  hashPrefix,
  hashToGroupDst,
  pseudonymBytes,
  pseudonymContext,
  runId,
  unblindingScalar,
} from '@causeway/core/protocols/join-spine';
import type { RandomSource } from '@causeway/core/random';
import type { Channel } from '../../link/index.ts';
import type { AttemptOptions } from '../match/attempt.ts';
import { blindSet } from '../match/blinded-list.ts';
import type { KeySet } from '../match/key-set.ts';
import { RoundFiles } from '../match/round-files.ts';
import { readRows, type WorkFolder, withFiles, wordsOf } from '../work/index.ts';
import { exchangeAsClient } from './client-exchange.ts';
import { pointFiles, sortPoints } from './sorted-points.ts';

export interface SpineListOptions {
  readonly work: WorkFolder;
  readonly kernel: Kernel;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  /** Tells its files from those of other lists in the work folder. */
  readonly index: number;
  /** What this list is called among those of its organisation. */
  readonly list: string;
  readonly binding: RunBinding;
  /** Digest of what all parties agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly organisation: string;
  /** Whose keys it visits, in this order. */
  readonly servers: readonly string[];
  /** Own key; undefined for a contributor that holds none. */
  readonly key: Uint8Array | undefined;
  readonly silenceMs: number;
  /** Rows in a message; the protocol's own, unless a test makes many messages of a short list. */
  readonly batchRows?: number;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/** One visit of the list, as both its ends put it into the evidence. */
export interface Visit {
  readonly server: string;
  /** Hexadecimal. */
  readonly root: string;
  readonly transcript: string;
}

export class SpineList {
  readonly #options: SpineListOptions;
  readonly #files: RoundFiles;
  readonly #batchRows: number;

  constructor(options: SpineListOptions) {
    this.#options = options;
    this.#files = new RoundFiles(options.work, options.index);
    this.#batchRows = options.batchRows ?? batchRows;
  }

  /** Names of the files that the keys are brought in: 16 bytes a row, and 4 bytes of row number. */
  get keyFiles(): { readonly keys: string; readonly rows: string } {
    return this.#files.keys;
  }

  get setFile(): string {
    return this.#files.set;
  }

  prepared(): Promise<KeySet | undefined> {
    return this.#files.prepared();
  }

  /** @param rowCount rows in {@link keyFiles}. */
  prepare(rowCount: number): Promise<KeySet> {
    return this.#files.prepare(rowCount, this.#options, 'ascending');
  }

  /** Blinds the distinct keys. */
  async blind(set: KeySet, signal: AbortSignal): Promise<void> {
    const { work, kernel, random, binding, onProgress } = this.#options;
    const scalar = await this.#files.secret('blind', () => kernel.randomScalar(random));
    await blindSet({
      work,
      files: { set: this.setFile, points: this.#files.name('blinded') },
      keyCount: set.keyCount,
      batchRows: this.#batchRows,
      blind: (keys) => kernel.blind({ keys, scalar, prefix: hashPrefix(binding), dst: hashToGroupDst }),
      signal,
      onProgress: (done) => onProgress({ done, total: set.keyCount }),
    });
  }

  /** Puts the list, as the visit before left it, into the order in which server `at` will see it; once. @returns the commitment to it. */
  async sort(set: KeySet, at: number): Promise<Uint8Array> {
    const { work, sorter } = this.#options;
    const kept = await this.#files.stored<string>(`list-${at}.root`);
    if (kept !== undefined) return new Uint8Array(Buffer.from(kept, 'hex'));
    const [from, to] = [this.#beforeVisit(at), pointFiles(this.#files.name(`list-${at}`))];
    const numbers = at === 0 ? {} : { numbers: await this.#numbers(at - 1, set) };
    const how = { rows: set.keyCount, sorter, batchRows: this.#batchRows };
    const root = await sortPoints(work, { points: from, ...numbers }, to, how);
    await this.#files.store(`list-${at}.root`, bytesToHex(root));
    return root;
  }

  /** One attempt at visit `at` over one channel; call it again after an interruption. Its end is remembered. */
  async visit(set: KeySet, at: number, channel: Channel, how: AttemptOptions): Promise<Visit> {
    const { work, kernel, binding, plan, organisation, list, servers, silenceMs, onProgress } = this.#options;
    const server = servers[at]!;
    const root = await this.sort(set, at);
    const transcript = await exchangeAsClient(
      {
        work,
        list: pointFiles(this.#files.name(`list-${at}`)),
        answers: this.#files.name(`answers-${at}`),
        party: {
          run: runId(binding, { client: organisation, list, server }),
          plan,
          own: { count: set.keyCount, root, kernel: kernel.name },
          batchRows: this.#batchRows,
        },
        silenceMs,
        onProgress,
      },
      channel,
      how,
    );
    const visit = { server, root: bytesToHex(root), transcript: bytesToHex(transcript) };
    await this.#files.store(`visit-${at}`, visit);
    return visit;
  }

  /** A visit that has ended, before a restart perhaps. */
  visited(at: number): Promise<Visit | undefined> {
    return this.#files.stored<Visit>(`visit-${at}`);
  }

  /**
   * Writes a file with a pseudonym for each row of the dataset, 16 bytes each, zeros for a row without this identifier.
   * @returns its name in the work folder.
   * @throws {ProtocolError} `not-distinct` where two keys have one pseudonym.
   */
  async pseudonyms(set: KeySet, rowCount: number, signal: AbortSignal): Promise<string> {
    const { work } = this.#options;
    const name = this.#files.name('pseudonyms');
    if (await this.#files.stored<true>('pseudonyms.done')) return name;
    const byKey = await this.#byKey(set, signal);
    const byRow = new Uint8Array(rowCount * pseudonymBytes);
    await withFiles(work, { pairs: `${this.setFile}.pairs`, out: name }, async ({ pairs, out }) => {
      for await (const piece of readRows(pairs, 8, set.rowCount)) {
        const words = wordsOf(piece);
        for (let i = 0; i < words.length; i += 2) {
          const from = words[i + 1]! * pseudonymBytes;
          byRow.set(byKey.subarray(from, from + pseudonymBytes), words[i]! * pseudonymBytes);
        }
      }
      await out.write(0, byRow);
      await out.sync();
    });
    await this.#files.store('pseudonyms.done', true);
    return name;
  }

  /** The pseudonyms by the numbers of their keys. */
  async #byKey(set: KeySet, signal: AbortSignal): Promise<Uint8Array> {
    const { work, kernel, sorter, binding, servers, key } = this.#options;
    const blind = await this.#files.secret('blind', () => {
      throw new RangeError('the list was not blinded');
    });
    const how = {
      scalar: unblindingScalar({ blind, key }),
      tag: { context: pseudonymContext(binding), bytes: pseudonymBytes },
    };
    const last = servers.length - 1;
    const numbers = await this.#numbers(last, set);
    const byKey = new Uint8Array(set.keyCount * pseudonymBytes);
    await withFiles(work, { answers: this.#files.name(`answers-${last}`) }, async ({ answers }) => {
      for (let index = 0, at = 0; at < set.keyCount; index++) {
        signal.throwIfAborted();
        const rows = rowsInBatch(set.keyCount, index, this.#batchRows);
        const points = await answers.read(at * elementBytes, rows * elementBytes);
        const batch = await kernel.evaluate({ points, ...how });
        for (let i = 0; i < rows; i++) {
          const pseudonym = batch.subarray(i * pseudonymBytes, (i + 1) * pseudonymBytes);
          byKey.set(pseudonym, numbers[at + i]! * pseudonymBytes);
        }
        at += rows;
      }
    });
    const shape = { rowBytes: pseudonymBytes, keyBytes: pseudonymBytes };
    checkDistinct(await sorter.sortRows(byKey.slice(), shape), shape);
    return byKey;
  }

  /** Which key each point of visit `at` is of. */
  #numbers(at: number, { keyCount }: KeySet): Promise<Uint32Array> {
    const { numbers: name } = pointFiles(this.#files.name(`list-${at}`));
    return withFiles(this.#options.work, { numbers: name }, async ({ numbers }) =>
      wordsOf(await numbers.read(0, keyCount * 4)),
    );
  }

  /** Name of the points that visit `at` begins with. */
  #beforeVisit(at: number): string {
    return this.#files.name(at === 0 ? 'blinded' : `answers-${at - 1}`);
  }
}
