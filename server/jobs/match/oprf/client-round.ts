/** A round by psi/oprf at the side that learns: its list is blinded once and kept, so that what is sent again is byte for byte the same. */
import { batchRows, blindKeys, runId, tableCoding } from '@causeway/core/protocols/psi-oprf';
import type { Channel } from '../../../link/index.ts';
import { withFiles } from '../../work/index.ts';
import type { AttemptOptions } from '../attempt.ts';
import { blindSet } from '../blinded-list.ts';
import { type KeySet, rowsOfPositions } from '../key-set.ts';
import type { ExchangeResult, MatchRound, RoundOptions, RoundResult } from '../match-round.ts';
import { RoundFiles } from '../round-files.ts';
import { askOnce, offeredTable, tagsOfOwn } from './client-exchange.ts';
import { CodedListReader, codedNames } from './coded-list.ts';
import { forgetHeld, takeBase } from './held-table.ts';
import { lookUp } from './look-up.ts';
import type { OprfPorts } from './ports.ts';
import { receivedTable } from './received-table.ts';
import { whenDamaged } from './when-damaged.ts';

export class OprfClientRound implements MatchRound {
  readonly #options: RoundOptions;
  readonly #ports: () => Promise<OprfPorts>;
  readonly #files: RoundFiles;
  readonly #batchRows: number;

  constructor(options: RoundOptions, ports: () => Promise<OprfPorts>) {
    this.#options = options;
    this.#ports = ports;
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

  /** Blinds the set, and takes the table that is held. @returns the Merkle root over its batches. */
  async commit(set: KeySet, signal: AbortSignal): Promise<Uint8Array> {
    const { work, kernel, onProgress } = this.#options;
    await takeBase(this.#files, await this.#ports());
    const blind = await this.#blind();
    return blindSet({
      work,
      files: { set: this.setFile, points: this.#files.name('points') },
      keyCount: set.keyCount,
      batchRows: this.#batchRows,
      blind: (keys) => blindKeys(kernel, { keys, blind }),
      signal,
      onProgress: (done) => onProgress({ stage: 'commit', done, total: set.keyCount }),
    });
  }

  async exchange(set: KeySet, commitment: Uint8Array, channel: Channel, how: AttemptOptions): Promise<ExchangeResult> {
    const { kernel, binding, plan, side, peerCount, silenceMs, onProgress } = this.#options;
    const ports = await this.#ports();
    const asking = {
      files: this.#files,
      kernel,
      ports,
      role: {
        run: runId(binding),
        plan,
        side,
        own: { count: set.keyCount, root: commitment, kernel: kernel.name },
        peerCount,
        batchRows: this.#batchRows,
      },
      blind: await this.#blind(),
      silenceMs,
      onProgress: (rows: { done: number; total: number }) => onProgress({ stage: 'exchange', ...rows }),
    };
    const result = await whenDamaged(
      () => askOnce(asking, channel, how),
      () => forgetHeld(ports),
    );
    await this.#files.storeExchanged(result);
    return result;
  }

  exchanged(): Promise<ExchangeResult | undefined> {
    return this.#files.exchanged();
  }

  join(set: KeySet): Promise<RoundResult> {
    const { work, sorter, rowBound } = this.#options;
    return this.#files.joined(rowBound, async () => {
      const names = {
        ...codedNames(receivedTable(this.#files)),
        own: tagsOfOwn(this.#files),
        cut: 'join-own.partial',
      };
      const coding = tableCoding(await offeredTable(this.#files), this.#batchRows);
      const search = () =>
        withFiles(work, names, async ({ own, cut, ...files }) =>
          lookUp(await CodedListReader.open(files, coding), { own, cut, count: set.keyCount, sorter }),
        );
      const found = await whenDamaged(search, async () => forgetHeld(await this.#ports()));
      await work.remove(names.cut);
      return {
        matchedKeys: found.count(),
        rows: await rowsOfPositions(work, this.setFile, set, found, rowBound),
      };
    });
  }

  #blind(): Promise<Uint8Array> {
    const { kernel, random } = this.#options;
    return this.#files.secret('blind', () => kernel.randomScalar(random));
  }
}
