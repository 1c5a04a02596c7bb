/** From values in the secret order of a list to lines in the order of its keys' numbers, which is how rows are given what belongs to them. */
import type { RowSorter } from '@causeway/core/bytes';
import { bucketsFor, partition, RowWriter, type WorkFile, type WorkFolder, withFiles, wordsOf } from '../work/index.ts';

/** A file of values, one behind the other, in the order of the set; bytes of one. */
export interface Values {
  readonly file: string;
  readonly bytes: number;
}

/** Where a key's number lies among all, as a fraction of 2^32, and the number: bytes that are even, as buckets and sorting want them. */
const placeBytes = 8;
const rowsPerPiece = 2 ** 16;

export interface LinesByNumber {
  /** Name of the file that gives each position its key's number, 32-bit. */
  readonly order: string;
  /** Of the same positions. */
  readonly values: readonly Values[];
  readonly keyCount: number;
  readonly sorter: RowSorter;
  /** A key's line, of its values, packed, in their order. */
  readonly line: (values: Uint8Array) => string;
  /** Name of the file that gets the lines. */
  readonly to: string;
}

export async function linesByNumber(work: WorkFolder, of: LinesByNumber): Promise<void> {
  const { order, values, keyCount, sorter, line, to } = of;
  const valueBytes = values.reduce((sum, { bytes }) => sum + bytes, 0);
  const rowBytes = placeBytes + valueBytes;
  const names = { scattered: 'by-number.partial', lines: to };
  await withFiles(work, { order, ...names }, async (files) =>
    withFiles(work, Object.fromEntries(values.map(({ file }) => [file, file])), async (sources) => {
      const list = () =>
        placed(
          files.order,
          values.map(({ file, bytes }) => ({ file: sources[file]!, bytes })),
          keyCount,
        );
      const shape = { rowCount: keyCount, rowBytes, bucketCount: bucketsFor(keyCount), numbered: false };
      const buckets = await partition(list, shape, files.scattered);
      const writer = new RowWriter(files.lines);
      for (let bucket = 0; bucket < buckets.count; bucket++) {
        const rows = await sorter.sortRows(await buckets.read(bucket), { rowBytes, keyBytes: placeBytes });
        const texts: string[] = [];
        for (let at = placeBytes; at < rows.length; at += rowBytes)
          texts.push(`${line(rows.subarray(at, at + valueBytes))}\n`);
        await writer.write(Buffer.from(texts.join('')));
      }
      await writer.finish();
    }),
  ).finally(() => work.remove(names.scattered));
}

/** Each position's values behind the place of its key's number. */
async function* placed(
  order: WorkFile,
  values: readonly { readonly file: WorkFile; readonly bytes: number }[],
  keyCount: number,
): AsyncGenerator<Uint8Array> {
  const rowBytes = placeBytes + values.reduce((sum, { bytes }) => sum + bytes, 0);
  const step = 2 ** 32 / keyCount;
  for (let first = 0; first < keyCount; first += rowsPerPiece) {
    const count = Math.min(rowsPerPiece, keyCount - first);
    const numbers = wordsOf(await order.read(first * 4, count * 4));
    const rows = new Uint8Array(count * rowBytes);
    const places = new DataView(rows.buffer);
    for (let i = 0; i < count; i++) {
      places.setUint32(i * rowBytes, Math.floor(numbers[i]! * step));
      places.setUint32(i * rowBytes + 4, numbers[i]!);
    }
    let column = placeBytes;
    for (const { file, bytes } of values) {
      const packed = await file.read(first * bytes, count * bytes);
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < bytes; k++) rows[i * rowBytes + column + k] = packed[i * bytes + k]!;
      }
      column += bytes;
    }
    yield rows;
  }
}
