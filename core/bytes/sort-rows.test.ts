import { describe, expect, it } from 'vitest';
import { plainRowSorter, sortRowsMax } from './index.ts';
import { testRowSorter } from './testing/row-sorter-contract.ts';

testRowSorter('on the calling thread', () => plainRowSorter);

describe('rows to sort', () => {
  it.each([
    ['a key under 6 bytes', new Uint8Array(16), { rowBytes: 8, keyBytes: 5 }],
    ['a row under 8 bytes', new Uint8Array(14), { rowBytes: 7, keyBytes: 7 }],
    ['a key wider than its row', new Uint8Array(16), { rowBytes: 8, keyBytes: 9 }],
    ['half a row', new Uint8Array(12), { rowBytes: 8, keyBytes: 8 }],
    ['more than 2^22 rows', new Uint8Array(8 * (sortRowsMax + 1)), { rowBytes: 8, keyBytes: 8 }],
  ])('are refused: %s', async (_, rows, shape) => {
    await expect(plainRowSorter.sortRows(rows, shape)).rejects.toThrow(RangeError);
  });
});
