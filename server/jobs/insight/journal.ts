/** Messages that were heard, on disk, in order: a resumed role hears them again from the beginning, and the partner sends only what is missing. */
import type { WorkFile } from '../work/index.ts';

const lengthBytes = 4;
/** Of one message: what the link carries at most. */
const messageBytesMax = 16 * 2 ** 20;

export class Journal {
  readonly #file: WorkFile;
  readonly #ends: number[] = [];

  private constructor(file: WorkFile) {
    this.#file = file;
  }

  /** Opens the journal; what a crash left of a message that was not whole is cut off. */
  static async open(file: WorkFile): Promise<Journal> {
    const journal = new Journal(file);
    const size = await file.size();
    for (let at = 0; at + lengthBytes <= size; ) {
      const length = lengthOf(await file.read(at, lengthBytes));
      at += lengthBytes + length;
      if (length > messageBytesMax || at > size) break;
      journal.#ends.push(at);
    }
    if (journal.#bytes < size) await file.truncate(journal.#bytes);
    return journal;
  }

  /** Whole messages. */
  get count(): number {
    return this.#ends.length;
  }

  async append(message: Uint8Array): Promise<void> {
    const framed = new Uint8Array(lengthBytes + message.length);
    new DataView(framed.buffer).setUint32(0, message.length, true);
    framed.set(message, lengthBytes);
    await this.#file.write(this.#bytes, framed);
    this.#ends.push(this.#bytes + framed.length);
  }

  async read(index: number): Promise<Uint8Array> {
    const from = (this.#ends[index - 1] ?? 0) + lengthBytes;
    return this.#file.read(from, this.#ends[index]! - from);
  }

  get #bytes(): number {
    return this.#ends.at(-1) ?? 0;
  }
}

function lengthOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
