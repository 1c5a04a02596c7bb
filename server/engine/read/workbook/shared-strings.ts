/** The texts that a workbook's cells share, packed: one buffer and one offset each. */
import { DataError } from '../../errors.ts';
import { limits } from '../limits.ts';
import type { ZipEntry } from '../zip.ts';
import { damagedWorkbook, parseXml } from './xml.ts';

export class SharedStrings {
  #bytes = Buffer.alloc(64 * 1024);
  #length = 0;
  #ends = new Uint32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @throws {RangeError} for an index that is not there. */
  text(index: number): string {
    if (!(index >= 0 && index < this.#count)) throw new RangeError(`no shared text ${index}`);
    return this.#bytes.toString('utf8', index === 0 ? 0 : this.#ends[index - 1]!, this.#ends[index]!);
  }

  add(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#length + bytes > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length + bytes));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    if (this.#count === this.#ends.length) {
      const grown = new Uint32Array(2 * this.#ends.length);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    this.#length += this.#bytes.write(text, this.#length);
    this.#ends[this.#count++] = this.#length;
  }

  get byteLength(): number {
    return this.#length;
  }
}

/** @throws {DataError} `workbook-damaged`; `row-too-large` past the limit of what is held in memory. */
export async function readSharedStrings(entry: ZipEntry | undefined, path: string): Promise<SharedStrings> {
  const strings = new SharedStrings();
  if (entry === undefined) return strings;
  let text = '';
  let isText = false;
  let phoneticDepth = 0;
  const handlers = {
    open: (name: string) => {
      if (name === 'si') text = '';
      if (name === 'rPh') phoneticDepth += 1;
      isText = name === 't' && phoneticDepth === 0;
    },
    close: (name: string) => {
      if (name === 'rPh') phoneticDepth -= 1;
      isText = false;
      if (name === 'si') strings.add(unescapeText(text));
    },
    text: (part: string) => {
      if (isText) text += part;
    },
  };
  for await (const _ of parseXml(entry, handlers, path)) {
    if (strings.byteLength > limits.sharedStringBytes || strings.count > limits.sharedStrings) {
      throw new DataError(
        'row-too-large',
        `${path}: the workbook shares more text than ${limits.sharedStringBytes} bytes (limit). Save the sheet as CSV in UTF-8.`,
        { path, limit: limits.sharedStringBytes },
      );
    }
  }
  return strings;
}

/** ECMA-376 part 1, 22.9.2.19: characters that XML cannot hold are written _xHHHH_. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text
    .replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .toWellFormed();
}

/** @throws {DataError} `workbook-damaged` */
export function sharedText(strings: SharedStrings, index: string, path: string): string {
  try {
    return strings.text(Number(index));
  } catch (error) {
    throw damagedWorkbook(path, 'a cell refers to a text that is not there', error);
  }
}
