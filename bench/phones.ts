/** Lists of made-up mobile numbers, in no order, any size, two of which share what their ranges share. */
import { closeSync, openSync, writeSync } from 'node:fs';

/** A prime: the numbers from 13,000,000,000 on that are given out. */
const space = 6_999_999_967;
/** Below 2^26, so that a product with a row's number stays exact; prime to `space`, so that no number comes twice. */
const stride = 40_503_797;
const linesPerWrite = 100_000;

/** Writes a CSV of one column, `mobile`: the numbers that belong to the positions `from` … `from + rows − 1`. */
export function writePhones(path: string, { from, rows }: { readonly from: number; readonly rows: number }): void {
  const file = openSync(path, 'w');
  writeSync(file, 'mobile\n');
  for (let start = 0; start < rows; start += linesPerWrite) {
    const lines = Array.from({ length: Math.min(linesPerWrite, rows - start) }, (_, i) => phoneAt(from + start + i));
    writeSync(file, `${lines.join('\n')}\n`);
  }
  closeSync(file);
}

function phoneAt(position: number): number {
  return 13_000_000_000 + ((position * stride) % space);
}
