/** The texts that a workbook's cells share, packed: one buffer and one offset each. */

import { TextDecoder, TextEncoder } from '../bytes/index.ts';
import { workbookLimits } from './limits.ts';
import type { Part } from './part.ts';
import { damagedWorkbook, WorkbookError } from './workbook-error.ts';
import { parseXml } from './xml.ts';

export class SharedStrings {
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #bytes = new Uint8Array(64 * 1024);
  #length = 0;
  #ends = new Uint32Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#length;
  }

  /** @throws {WorkbookError} `damaged` for an index that is not there. */
  text(index: number): string {
    if (!(index >= 0 && index < this.#count)) throw damagedWorkbook('a cell refers to a text that is not there');
    return this.#decoder.decode(this.#bytes.subarray(index === 0 ? 0 : this.#ends[index - 1]!, this.#ends[index]!));
  }

  add(text: string): void {
    // A code unit is at most three bytes of UTF-8.
    this.#reserve(this.#length + 3 * text.length);
    if (this.#count === this.#ends.length) {
      const grown = new Uint32Array(2 * this.#ends.length);
      grown.set(this.#ends);
      this.#ends = grown;
    }
    this.#length += this.#encoder.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    this.#ends[this.#count++] = this.#length;
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, bytes));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** @throws {WorkbookError} `damaged`; `too-much-text` past the limit of what is held in memory. */
export async function readSharedStrings(part: Part | undefined): Promise<SharedStrings> {
  const strings = new SharedStrings();
  if (part === undefined) return strings;
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
    text: (piece: string) => {
      if (isText) text += piece;
    },
  };
  const { sharedStringBytes: limit, sharedStrings: countMax } = workbookLimits;
  for await (const _ of parseXml(part, handlers)) {
    if (strings.byteLength > limit || strings.count > countMax)
      throw new WorkbookError('too-much-text', `the workbook shares more text than ${limit} bytes (limit)`, { limit });
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
