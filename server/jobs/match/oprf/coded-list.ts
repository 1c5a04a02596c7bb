/**
 * A coded list of tags on disk: its buckets, one after the other, and beside them for each bucket its rows and the hash of its bytes, a leaf of the
 * list's Merkle tree (RFC 6962 §2.1). Buckets are written in order and never changed.
 */
import { createHash } from 'node:crypto';
import { Frontier } from '@causeway/core/ledger';
import { type Bucket, bucketBytes, bucketCount, type Coding } from '@causeway/core/protocols/psi-oprf';
import { bytesOf, WorkError, type WorkFile, wordsOf } from '../../work/index.ts';

export interface CodedFiles {
  readonly list: WorkFile;
  readonly index: WorkFile;
}

const leafBytes = 32;
const entryBytes = 4 + leafBytes;
const entryWords = entryBytes / 4;

/** Names of the two files of a list. */
export function codedNames(name: string): { readonly list: string; readonly index: string } {
  return { list: name, index: `${name}.index` };
}

export class CodedListWriter {
  readonly #files: CodedFiles;
  #offset: number;
  #written: number;
  #rows: number;

  private constructor(files: CodedFiles, at: { offset: number; written: number; rows: number }) {
    this.#files = files;
    this.#offset = at.offset;
    this.#written = at.written;
    this.#rows = at.rows;
  }

  /** @param written buckets that are there already, since before a restart. */
  static async open(files: CodedFiles, coding: Coding, written: number): Promise<CodedListWriter> {
    const entries = wordsOf(await files.index.read(0, written * entryBytes));
    let [offset, rows] = [0, 0];
    for (let bucket = 0; bucket < written; bucket++) {
      const count = entries[bucket * entryWords]!;
      offset += bucketBytes(coding, count);
      rows += count;
    }
    return new CodedListWriter(files, { offset, written, rows });
  }

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Appends the next bucket. It is durable after {@link sync}. */
  async write({ rows, bytes }: Pick<Bucket, 'rows' | 'bytes'>): Promise<void> {
    await this.#files.list.write(this.#offset, bytes);
    const entry = new Uint8Array(entryBytes);
    entry.set(bytesOf(Uint32Array.of(rows)));
    entry.set(leafOf(bytes), 4);
    await this.#files.index.write(this.#written * entryBytes, entry);
    this.#offset += bytes.length;
    this.#written += 1;
    this.#rows += rows;
  }

  async sync(): Promise<void> {
    await Promise.all([this.#files.list.sync(), this.#files.index.sync()]);
  }
}

export class CodedListReader {
  readonly coding: Coding;
  readonly #list: WorkFile;
  readonly #entries: Uint8Array;
  /** The same memory. */
  readonly #words: Uint32Array;
  readonly #offsets: Float64Array;

  private constructor(list: WorkFile, coding: Coding, entries: Uint8Array) {
    this.coding = coding;
    this.#list = list;
    this.#words = wordsOf(entries);
    this.#entries = bytesOf(this.#words);
    this.#offsets = new Float64Array(bucketCount(coding) + 1);
    for (let i = 0; i < bucketCount(coding); i++)
      this.#offsets[i + 1] = this.#offsets[i]! + bucketBytes(coding, this.#rows(i));
  }

  /** @throws {WorkError} `short-read` for a list that was not written to its end. */
  static async open({ list, index }: CodedFiles, coding: Coding): Promise<CodedListReader> {
    return new CodedListReader(list, coding, await index.read(0, bucketCount(coding) * entryBytes));
  }

  /** @throws {WorkError} `stored-data-damaged` when the disk gave back something else than was written. */
  async read(index: number): Promise<Bucket> {
    const offset = this.#offsets[index]!;
    const bytes = await this.#list.read(offset, this.#offsets[index + 1]! - offset);
    const leaf = this.#leaf(index);
    if (!leafOf(bytes).equals(leaf)) {
      throw new WorkError('stored-data-damaged', `bucket ${index} of a stored table does not match its hash`);
    }
    return { index, rows: this.#rows(index), bytes };
  }

  get bucketCount(): number {
    return bucketCount(this.coding);
  }

  /** The Merkle root over all buckets. */
  root(): Uint8Array {
    const frontier = new Frontier();
    for (let i = 0; i < bucketCount(this.coding); i++) frontier.append(this.#leaf(i).slice());
    return frontier.root();
  }

  /** Bytes of all buckets. */
  get bytes(): number {
    return this.#offsets.at(-1)!;
  }

  #rows(index: number): number {
    return this.#words[index * entryWords]!;
  }

  #leaf(index: number): Uint8Array {
    const at = index * entryBytes + 4;
    return this.#entries.subarray(at, at + leafBytes);
  }
}

function leafOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(Uint8Array.of(0)).update(bytes).digest();
}
