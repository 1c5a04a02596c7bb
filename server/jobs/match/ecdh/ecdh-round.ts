/** A round by psi/ecdh: the list is blinded once and kept, so that what is sent again is byte for byte the same. */
import { batchRows, hashPrefix, hashToGroupDst, runId } from '@causeway/core/protocols/psi-ecdh';
import type { Channel } from '../../../link/index.ts';
import type { AttemptOptions } from '../attempt.ts';
import { blindSet } from '../blinded-list.ts';
import { type KeySet, rowsOfPositions } from '../key-set.ts';
import type { ExchangeResult, MatchRound, RoundOptions, RoundResult } from '../match-round.ts';
import { RoundFiles } from '../round-files.ts';
import { exchangeOnce } from './exchange.ts';
import { joinTags } from './join.ts';

export class EcdhRound implements MatchRound {
  readonly #options: RoundOptions;
  readonly #files: RoundFiles;
  readonly #batchRows: number;

  constructor(options: RoundOptions) {
    this.#options = options;
    this.#files = new RoundFiles(options.work, options.index);
    this.#batchRows = options.batchRows ?? batchRows;
  }

  get kernel(): string {
    return this.#options.kernel.name;
  }

  get keyFiles(): MatchRound['keyFiles'] {
    return this.#files.keys;
  }

  get setFile(): string {
    return this.#files.set;
  }

  prepared(): Promise<KeySet | undefined> {
    return this.#files.prepared();
  }

  prepare(rowCount: number): Promise<KeySet> {
    return this.#files.prepare(rowCount, this.#options);
  }

  /** Blinds the set. @returns the Merkle root over its batches. */
  async commit(set: KeySet, signal: AbortSignal): Promise<Uint8Array> {
    const { work, kernel, binding, onProgress } = this.#options;
    const how = { scalar: await this.#scalar(), prefix: hashPrefix(binding), dst: hashToGroupDst };
    return blindSet({
      work,
      files: { set: this.setFile, points: this.#files.name('points') },
      keyCount: set.keyCount,
      batchRows: this.#batchRows,
      blind: (keys) => kernel.blind({ keys, ...how }),
      signal,
      onProgress: (done) => onProgress({ stage: 'commit', done, total: set.keyCount }),
    });
  }

  async exchange(set: KeySet, commitment: Uint8Array, channel: Channel, how: AttemptOptions): Promise<ExchangeResult> {
    const { work, kernel, sorter, binding, plan, side, learns, peerCount, silenceMs, onProgress } = this.#options;
    const result = await exchangeOnce(
      {
        work,
        kernel,
        sorter,
        files: { points: this.#files.name('points'), received: this.#files.name('received') },
        party: {
          run: runId(binding),
          plan,
          side,
          learns,
          own: { count: set.keyCount, root: commitment, kernel: kernel.name },
          peerCount,
          batchRows: this.#batchRows,
        },
        scalar: await this.#scalar(),
        silenceMs,
        onProgress: (rows) => onProgress({ stage: 'exchange', ...rows }),
      },
      channel,
      how,
    );
    await this.#files.storeExchanged(result);
    return result;
  }

  exchanged(): Promise<ExchangeResult | undefined> {
    return this.#files.exchanged();
  }

  join(set: KeySet, { peer }: ExchangeResult): Promise<RoundResult> {
    const { work, sorter, learns, rowBound } = this.#options;
    return this.#files.joined(rowBound, async () => {
      const matched = await joinTags({
        work,
        sorter,
        files: { points: this.#files.name('points'), received: this.#files.name('received') },
        counts: { own: set.keyCount, peer: peer.count },
        learns: learns.own !== 'nothing',
      });
      return {
        matchedKeys: learns.own === 'nothing' ? undefined : matched.count(),
        rows: learns.own === 'rows' ? await rowsOfPositions(work, this.setFile, set, matched, rowBound) : undefined,
      };
    });
  }

  #scalar(): Promise<Uint8Array> {
    const { kernel, random } = this.#options;
    return this.#files.secret('scalar', () => kernel.randomScalar(random));
  }
}
