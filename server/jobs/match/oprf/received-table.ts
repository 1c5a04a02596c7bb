/** A table on its way in: the buckets of its parts are kept in the job's folder as they come, and make the table when all are there. */
import { equalBytes } from '@causeway/core/bytes';
import {
  bucketCount,
  type ClientEvent,
  type Coding,
  checkCommitment,
  decodeBucket,
  type Part,
  placeInShipment,
  type Shipment,
  type Table,
  tableCoding,
} from '@causeway/core/protocols/psi-oprf';
import { type WorkFile, withFiles } from '../../work/index.ts';
import type { RoundFiles } from '../round-files.ts';
import { applyChanges, type Change } from './apply-changes.ts';
import { CodedListReader, CodedListWriter, codedNames } from './coded-list.ts';
import { readBase } from './held-table.ts';

type BucketEvent = Extract<ClientEvent, { kind: 'bucket' }>;

/** Name of the coded table in the job's folder, once it is there. */
export function receivedTable(files: RoundFiles): string {
  return files.name('table');
}

export class ReceivedTable {
  readonly #files: RoundFiles;
  readonly #shipment: Shipment;
  readonly #table: Table;
  readonly #coding: Coding;
  /** The part that is under way. */
  #open: { readonly list: WorkFile; readonly index: WorkFile; readonly writer: CodedListWriter } | undefined;

  constructor(
    files: RoundFiles,
    of: { readonly shipment: Shipment; readonly table: Table; readonly batchRows: number },
  ) {
    this.#files = files;
    this.#shipment = of.shipment;
    this.#table = of.table;
    this.#coding = tableCoding(of.table, of.batchRows);
  }

  /** Keeps a bucket, after looking at all of it. @throws {ProtocolError} for one that is not the coding of a list. */
  async add({ part, index, bucket }: BucketEvent): Promise<void> {
    decodeBucket(bucket, part.coding);
    const { partIndex, bucket: place } = placeInShipment(this.#shipment, index);
    if (!this.#open) this.#open = await this.#openPart(partIndex, place);
    const { writer } = this.#open;
    await writer.write(bucket);
    if (place + 1 < bucketCount(part.coding)) return;
    await writer.sync();
    await this.close();
  }

  /** Returns when all that was kept is durable. */
  async sync(): Promise<void> {
    await this.#open?.writer.sync();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await Promise.all([open?.list.close(), open?.index.close()]);
  }

  /**
   * Makes the table of what came, once.
   * @throws {ProtocolError} `commitment` unless it is the table that the server committed to.
   */
  async finish(signal: AbortSignal): Promise<void> {
    const made = await this.#files.stored<string>('table-root');
    if (made === undefined) await this.#make(signal);
    const received = await this.#withList(receivedTable(this.#files), this.#coding, async (list) => list.root());
    checkCommitment({ received, committed: this.#table.root });
    if (made === undefined) await this.#files.store('table-root', 'checked');
  }

  async #make(signal: AbortSignal): Promise<void> {
    const base = await readBase(this.#files);
    if (this.#shipment.from === 'nothing' || !base) return;
    const { work } = this.#files;
    const names = codedNames(receivedTable(this.#files));
    if (equalBytes(base.table.root, this.#table.root)) {
      const held = codedNames(base.file);
      await work.link(held.list, work, names.list);
      await work.link(held.index, work, names.index);
      return;
    }
    await this.#withList(base.file, this.#coding, async (list) => {
      await this.#withChanges(this.#shipment.parts, [], (changes) =>
        withFiles(work, names, async (files) => {
          await Promise.all([files.list.truncate(0), files.index.truncate(0)]);
          await applyChanges(list, changes, await CodedListWriter.open(files, this.#coding, 0), signal);
        }),
      );
    });
  }

  /** Opens one list of changes after the other: there are as many as versions were missed, twice. */
  async #withChanges(
    parts: readonly Part[],
    open: readonly Change[],
    use: (changes: readonly Change[]) => Promise<void>,
  ): Promise<void> {
    const part = parts[open.length];
    if (!part) return use(open);
    if (part.list === 'all') throw new RangeError('a whole table is no change');
    const { list } = part;
    await this.#withList(this.#partFile(open.length), part.coding, (tags) =>
      this.#withChanges(parts, [...open, { list, tags }], use),
    );
  }

  #withList<Result>(name: string, coding: Coding, use: (list: CodedListReader) => Promise<Result>): Promise<Result> {
    return withFiles(this.#files.work, codedNames(name), async (files) =>
      use(await CodedListReader.open(files, coding)),
    );
  }

  async #openPart(partIndex: number, written: number) {
    const { work } = this.#files;
    const names = codedNames(this.#partFile(partIndex));
    const list = await work.open(names.list);
    const index = await work.open(names.index).catch(async (error: unknown) => {
      await list.close();
      throw error;
    });
    try {
      const writer = await CodedListWriter.open({ list, index }, this.#shipment.parts[partIndex]!.coding, written);
      return { list, index, writer };
    } catch (error) {
      await Promise.all([list.close(), index.close()]);
      throw error;
    }
  }

  #partFile(partIndex: number): string {
    const { list } = this.#shipment.parts[partIndex]!;
    return list === 'all' ? receivedTable(this.#files) : this.#files.name(`change-${partIndex}`);
  }
}
