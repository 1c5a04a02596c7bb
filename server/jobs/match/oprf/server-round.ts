/** A round by psi/oprf at the side with the table: it is brought to the list where it is not there yet, and one version of it answers. */
import { checkDistinct, printBytes } from '@causeway/core/protocols';
import { batchRows, runId, tableCommitment } from '@causeway/core/protocols/psi-oprf';
import type { Channel } from '../../../link/index.ts';
import { bucketsFor, partition, readRows, withFiles } from '../../work/index.ts';
import type { AttemptOptions } from '../attempt.ts';
import type { KeySet } from '../key-set.ts';
import type { ExchangeResult, MatchRound, RoundOptions, RoundResult } from '../match-round.ts';
import { RoundFiles } from '../round-files.ts';
import { type Offer, offeredKey, readOffer, takeOffer } from './offer.ts';
import type { OprfPorts } from './ports.ts';
import { serveList } from './serve-list.ts';
import { forgetServed, listFile, readServed } from './served-table.ts';
import { printsOfClient, serveOnce } from './server-exchange.ts';
import { buildSortedSet } from './sorted-set.ts';
import { whenDamaged } from './when-damaged.ts';

export class OprfServerRound implements MatchRound {
  readonly #options: RoundOptions;
  readonly #ports: () => Promise<OprfPorts>;
  readonly #files: RoundFiles;

  constructor(options: RoundOptions, ports: () => Promise<OprfPorts>) {
    this.#options = options;
    this.#ports = ports;
    this.#files = new RoundFiles(options.work, options.index);
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

  /** The set of an earlier attempt, or of the served table where the list is made of the same as then. */
  async prepared(): Promise<KeySet | undefined> {
    const own = await this.#files.prepared();
    if (own) return own;
    const { tables, alone, source } = await this.#ports();
    return alone(async () => {
      const served = await readServed(tables);
      if (served?.source !== (await source())) return undefined;
      await tables.link(listFile(served.table), this.#files.work, this.setFile);
      const { rowCount, digest, table } = served;
      return this.#keep({ rowCount, keyCount: table.rows, digest });
    });
  }

  async prepare(rowCount: number): Promise<KeySet> {
    const files = { ...this.keyFiles, set: this.setFile };
    return this.#keep(await buildSortedSet(this.#files.work, files, rowCount, this.#options.sorter));
  }

  /** Brings the table to the set, and takes it for this round. @returns the commitment to this version of it. */
  async commit(set: KeySet, signal: AbortSignal): Promise<Uint8Array> {
    const { kernel, sorter, random, peerCount, batchRows: size, onProgress, work } = this.#options;
    if (!(await readOffer(this.#files))) {
      const ports = await this.#ports();
      const serving = {
        ports,
        kernel,
        sorter,
        random,
        list: { work, file: this.setFile, set },
        evaluations: peerCount.max,
        batchRows: size,
        signal,
        onProgress: (done: number) => onProgress({ stage: 'commit', done, total: set.keyCount }),
      };
      await serveList(serving, (served) => takeOffer(this.#files, ports.tables, served));
    }
    return tableCommitment((await this.#offer()).table);
  }

  async exchange(
    _set: KeySet,
    _commitment: Uint8Array,
    channel: Channel,
    how: AttemptOptions,
  ): Promise<ExchangeResult> {
    const { kernel, binding, plan, side, peerCount, silenceMs, onProgress } = this.#options;
    const ports = await this.#ports();
    const serving = {
      files: this.#files,
      kernel,
      role: {
        run: runId(binding),
        plan,
        side,
        own: { ...(await this.#offer()), kernel: kernel.name },
        peerCount,
        batchRows: this.#options.batchRows ?? batchRows,
      },
      secretKey: await offeredKey(this.#files),
      budget: ports.budget,
      silenceMs,
      onProgress: (rows: { done: number; total: number }) => onProgress({ stage: 'exchange', ...rows }),
    };
    const result = await whenDamaged(
      () => serveOnce(serving, channel, how),
      () => forgetServed(ports.tables),
    );
    await this.#files.storeExchanged(result);
    return result;
  }

  exchanged(): Promise<ExchangeResult | undefined> {
    return this.#files.exchanged();
  }

  /** There is nothing to learn; but a list that repeats an element would seem longer than it is. */
  join(_set: KeySet, { peer }: ExchangeResult): Promise<RoundResult> {
    return this.#files.joined(this.#options.rowBound, async () => {
      await this.#checkDistinct(peer.count);
      return { matchedKeys: undefined, rows: undefined };
    });
  }

  async #checkDistinct(count: number): Promise<void> {
    const { work, sorter } = this.#options;
    const shape = { rowBytes: printBytes, keyBytes: printBytes };
    const names = { prints: printsOfClient(this.#files), cut: 'join-prints.partial' };
    await withFiles(work, names, async ({ prints, cut }) => {
      const cutting = { rowCount: count, rowBytes: printBytes, bucketCount: bucketsFor(count), numbered: false };
      const buckets = await partition(() => readRows(prints, printBytes, count), cutting, cut);
      for (let bucket = 0; bucket < buckets.count; bucket++)
        checkDistinct(await sorter.sortRows(await buckets.read(bucket), shape), shape);
    }).finally(() => work.remove(names.cut));
  }

  async #offer(): Promise<Offer> {
    return (await readOffer(this.#files))!;
  }

  async #keep(set: KeySet): Promise<KeySet> {
    await this.#files.store('set.size', set);
    return set;
  }
}
