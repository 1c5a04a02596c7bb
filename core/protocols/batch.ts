/** How a list is cut into messages: the same in every protocol that sends points. */

/** Points in a message: 512 KiB, and the kernel's least efficient batch. */
export const batchRows = 2 ** 14;
/** Rows on one side: indices are 32 bits. */
export const setSizeMax = 2 ** 31;

/** @returns how many messages of `size` rows a list takes. */
export function batchCount(rows: number, size: number = batchRows): number {
  return Math.ceil(rows / size);
}

/** @returns how many rows batch `index` of a list holds, cut into batches of `size` rows. */
export function rowsInBatch(rows: number, index: number, size: number = batchRows): number {
  return Math.max(0, Math.min(size, rows - index * size));
}
