/** The own list on its way through the exchange of points, and what of the publisher's list is in both: psi/ecdh with the keys of PAIR or of OPJA. */
import { type ActivateRole, type ActivateTerms, learnsOf } from '@causeway/core/applications/activate';
import type { RowSorter } from '@causeway/core/bytes';
import type { Kernel } from '@causeway/core/group';
import { batchRows, type RunBinding, type Side } from '@causeway/core/protocols';
import * as opja from '@causeway/core/protocols/opja';
import * as pair from '@causeway/core/protocols/pair';
import type { RandomSource } from '@causeway/core/random';
import type { Channel } from '../../link/index.ts';
import type { AttemptOptions } from '../match/attempt.ts';
import { blindSet } from '../match/blinded-list.ts';
import { exchangeOnce } from '../match/ecdh/exchange.ts';
import { joinTags } from '../match/ecdh/join.ts';
import type { KeySet } from '../match/key-set.ts';
import type { ExchangeResult } from '../match/match-round.ts';
import { RoundFiles } from '../match/round-files.ts';
import type { BitSet, WorkFolder } from '../work/index.ts';

export interface ListRoundOptions {
  readonly work: WorkFolder;
  readonly kernel: Kernel;
  readonly sorter: RowSorter;
  readonly random: RandomSource;
  readonly terms: ActivateTerms;
  readonly binding: RunBinding;
  readonly side: Side;
  readonly role: ActivateRole;
  /** Digest of the terms, 32 bytes. */
  readonly plan: Uint8Array;
  readonly peerCount: { readonly min: number; readonly max: number };
  readonly silenceMs: number;
  readonly onProgress: (progress: {
    readonly stage: 'commit' | 'exchange' | 'make';
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** What the points of a list are made with: the hash key of PAIR, and a scalar that was not drawn for this run. */
export interface ListKeys {
  readonly hashKey?: Uint8Array | undefined;
  readonly scalar?: Uint8Array | undefined;
}

export class ListRound {
  readonly #options: ListRoundOptions;
  readonly #files: RoundFiles;

  constructor(options: ListRoundOptions) {
    this.#options = options;
    this.#files = new RoundFiles(options.work, 0);
  }

  get keyFiles(): { readonly keys: string; readonly rows: string } {
    return this.#files.keys;
  }

  /** Names of files: distinct keys in secret order, the key's number at each position, rows with their key's number. */
  get set(): { readonly keys: string; readonly order: string; readonly pairs: string } {
    const keys = this.#files.set;
    return { keys, order: `${keys}.order`, pairs: `${keys}.pairs` };
  }

  /** Name of the file of own points, in the order of the set. */
  get points(): string {
    return this.#files.name('points');
  }

  /** Name of the file of the publisher's points, in its order, at an advertiser of PAIR. */
  get theirs(): string {
    return this.#files.name('theirs');
  }

  prepared(): Promise<KeySet | undefined> {
    return this.#files.prepared();
  }

  /** @param rowCount rows in {@link keyFiles}. */
  prepare(rowCount: number): Promise<KeySet> {
    return this.#files.prepare(rowCount, this.#options);
  }

  /** Blinds the set. @param of.to name of the file of points. @param of.stage what it is for. @returns the Merkle root over its batches. */
  async blind(
    set: KeySet,
    keys: ListKeys,
    of: { readonly to: string; readonly stage: 'commit' | 'make'; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    const { work, kernel, onProgress } = this.#options;
    const how = { scalar: await this.#scalar(keys), ...this.#hash(keys) };
    return blindSet({
      work,
      files: { set: this.set.keys, points: of.to },
      keyCount: set.keyCount,
      batchRows,
      blind: (packed) => kernel.blind({ keys: packed, ...how }),
      signal: of.signal,
      onProgress: (done) => onProgress({ stage: of.stage, done, total: set.keyCount }),
    });
  }

  /** One attempt over one channel, as {@link exchangeOnce} has it; its end is remembered. */
  async exchange(
    set: KeySet,
    of: { readonly root: Uint8Array; readonly keys: ListKeys },
    channel: Channel,
    how: AttemptOptions,
  ): Promise<ExchangeResult> {
    const { work, kernel, sorter, terms, binding, plan, side, role, peerCount, silenceMs, onProgress } = this.#options;
    const isPair = terms.form.kind === 'pair';
    const result = await exchangeOnce(
      {
        work,
        kernel,
        sorter,
        files: {
          points: this.points,
          received: this.#files.name('received'),
          ...(isPair && role === 'advertiser' ? { theirs: this.theirs } : {}),
        },
        party: {
          run: isPair ? pair.runId(binding) : opja.runId(binding),
          plan,
          side,
          learns: { own: learnsOf(terms, role), peer: learnsOf(terms, otherRole(role)) },
          own: { count: set.keyCount, root: of.root, kernel: kernel.name },
          peerCount,
        },
        scalar: await this.#scalar(of.keys),
        silenceMs,
        onProgress: (rows) => onProgress({ stage: 'exchange', ...rows }),
      },
      channel,
      how,
    );
    await this.#files.storeExchanged(result);
    return result;
  }

  /** The result of an exchange that has ended, before a restart perhaps. */
  exchanged(): Promise<ExchangeResult | undefined> {
    return this.#files.exchanged();
  }

  /**
   * Checks the partner's list and finds what is in both.
   * @returns positions in the publisher's list at the advertiser, positions that only count at a publisher that learns how many there are; else undefined.
   * @throws {ProtocolError} for answers that contradict each other.
   */
  async join(set: KeySet, { peer }: ExchangeResult): Promise<BitSet | undefined> {
    const { work, sorter, terms, role } = this.#options;
    const learns = learnsOf(terms, role) === 'count';
    const matched = await joinTags({
      work,
      sorter,
      files: { points: this.points, received: this.#files.name('received') },
      counts: { own: set.keyCount, peer: peer.count },
      learns,
      positionsOf: role === 'advertiser' ? 'peer' : 'own',
    });
    return learns ? matched : undefined;
  }

  async #scalar({ scalar }: ListKeys): Promise<Uint8Array> {
    const { kernel, random } = this.#options;
    return scalar ?? (await this.#files.secret('scalar', () => kernel.randomScalar(random)));
  }

  #hash({ hashKey }: ListKeys): { readonly prefix: Uint8Array; readonly dst: Uint8Array } {
    if (hashKey) return { prefix: pair.hashPrefix(hashKey), dst: pair.hashToGroupDst };
    return { prefix: opja.hashPrefix(this.#options.binding), dst: opja.hashToGroupDst };
  }
}

function otherRole(role: ActivateRole): ActivateRole {
  return role === 'advertiser' ? 'publisher' : 'advertiser';
}
