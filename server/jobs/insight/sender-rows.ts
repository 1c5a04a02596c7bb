/** From rows of a dataset to people: each distinct key once, with the cells of its first row and the sums over all of its rows. */
import type { InsightTerms } from '@causeway/core/applications/insight/agreement';
import { cellsOf, segmentColumns } from '@causeway/core/applications/insight/agreement';
import { noCell, type SenderRows } from '@causeway/core/protocols/join-sum';
import { noCode } from '../../engine/index.ts';
import { readRows, type WorkFolder, withFiles, wordsOf } from '../work/index.ts';

/**
 * @param of.set name of the file of distinct keys in ascending order; beside it `.pairs`, (row, number of its key), by ascending key and row.
 * @param of.rowCount rows that have a key. @param of.codes, of.numbers for every row of the dataset, as the engine writes them.
 */
export async function senderRows(
  work: WorkFolder,
  terms: InsightTerms,
  of: {
    readonly set: string;
    readonly keyCount: number;
    readonly rowCount: number;
    readonly codes: string;
    readonly numbers: string;
  },
): Promise<SenderRows> {
  const names = { set: of.set, pairs: `${of.set}.pairs`, codes: of.codes, numbers: of.numbers };
  return withFiles(work, names, async ({ set, pairs, codes, numbers }) => {
    const segmentCount = segmentColumns(terms).length;
    const [slotCount, columnCount] = [1 + terms.tables.length, terms.columns.length];
    const keys = await set.read(0, 16 * of.keyCount);
    const rowCodes = halfWordsOf(await codes.read(0, await codes.size()));
    const rowNumbers = doublesOf(await numbers.read(0, await numbers.size()));
    const cells = new Uint16Array(of.keyCount * slotCount).fill(noCell);
    const values = new Float64Array(of.keyCount * columnCount);
    let last = -1;
    for await (const piece of readRows(pairs, 8, of.rowCount)) {
      const words = wordsOf(piece);
      for (let i = 0; i < words.length; i += 2) {
        const [row, key] = [words[i]!, words[i + 1]!];
        for (let c = 0; c < columnCount; c++) values[key * columnCount + c]! += rowNumbers[row * columnCount + c]!;
        if (key === last) continue;
        last = key;
        const own = cellsOf(terms, (segment) => {
          const code = rowCodes[row * segmentCount + segment]!;
          return code === noCode ? undefined : code;
        });
        for (const [slot, cell] of own.entries()) cells[key * slotCount + slot] = cell ?? noCell;
      }
    }
    return { keys, cells, values };
  });
}

function halfWordsOf(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}

function doublesOf(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
}
