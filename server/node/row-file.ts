import { writeWhole } from '../home/index.ts';
import { type BitSet, bytesOf } from '../jobs/work/index.ts';

/** Writes row numbers as the engine takes them: 32-bit, little-endian, ascending. @returns what was written. */
export async function writeRows(path: string, rows: BitSet): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (const piece of rows.pieces()) pieces.push(bytesOf(piece));
  const bytes = Buffer.concat(pieces);
  await writeWhole(path, bytes);
  return bytes;
}
