import { elementBytes } from '../../group/index.ts';
import type { ReceivedRows, SideDisclosure } from '../disclosure.ts';
import { type TableShape, tableCoding } from './parameters.ts';

/** What the side that learns knows and receives. Holds for any honest-but-curious party: README, "Who learns what". */
export function discloseClient(shape: TableShape, tableRows: number): SideDisclosure<ReceivedRows> {
  return {
    learns: [
      { what: 'partner-set-size' },
      { what: 'partner-list-changes' },
      { what: 'own-rows-matched' },
      { what: 'own-matches-later' },
    ],
    receives: [
      { message: 'bucket', bytesPerRow: tableBytesPerRow(shape, tableRows), rowsOf: 'partner', order: 'sorted' },
      { message: 'answers', bytesPerRow: elementBytes, rowsOf: 'own', order: 'own' },
    ],
  };
}

/** What the side with the table knows and receives. */
export function discloseServer(): SideDisclosure<ReceivedRows> {
  return {
    learns: [{ what: 'partner-set-size' }],
    receives: [{ message: 'points', bytesPerRow: elementBytes, rowsOf: 'partner', order: 'secret' }],
  };
}

/** Bytes of a coded table for each of its rows, without the rounding of each bucket to whole bytes. */
export function tableBytesPerRow(shape: TableShape, rows: number): number {
  const { tagBits, placeBits } = tableCoding(shape);
  return (tagBits - placeBits + 1 + 2 ** placeBits / Math.max(1, rows)) / 8;
}
