/**
 * The table in a file of any kind that a guest may bring, which its first bytes tell: its name is not asked, it is wrong too often. What reads it
 * is loaded once there is a file, so that the page opens without it.
 */
import { ListError } from './list-error.ts';
import type { ReadFile } from './table.ts';

/** A list of a million people is about half of it. */
export const fileBytesMax = 200_000_000;

/**
 * @param sheet of a workbook, by its name; the first visible one with rows else.
 * @throws {ListError} for what cannot be read.
 */
export async function readTable(file: Blob, sheet?: string): Promise<ReadFile> {
  if (file.size > fileBytesMax) throw new ListError('too-large');
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) throw new ListError('workbook-old');
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04])) {
    const { readWorkbook } = await import('./read-workbook.ts');
    return readWorkbook(file, { textMax: fileBytesMax, ...(sheet === undefined ? {} : { sheet }) });
  }
  const { readText } = await import('./read-text.ts');
  return { table: await readText(file), sheet: undefined, sheets: [] };
}

function startsWith(bytes: Uint8Array, head: readonly number[]): boolean {
  return head.every((byte, i) => bytes[i] === byte);
}
