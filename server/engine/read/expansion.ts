/** Stops an archive that unpacks to far more than it holds [F13]. */
import { DataError } from '../errors.ts';
import { limits } from './limits.ts';

/**
 * Counts what comes out of an archive against what went in.
 * @returns called after each chunk with both totals in bytes; throws `archive-bomb` past the limits.
 */
export function expansionGuard(path: string): (packedBytes: number, unpackedBytes: number) => void {
  return (packedBytes, unpackedBytes) => {
    if (unpackedBytes > limits.expandedBytes)
      throw bomb(path, `to more than ${limits.expandedBytes} bytes`, unpackedBytes);
    if (unpackedBytes > limits.expandedBytesFree && unpackedBytes > packedBytes * limits.expansionRatio) {
      throw bomb(path, `more than ${limits.expansionRatio}:1`, unpackedBytes);
    }
  };
}

function bomb(path: string, how: string, unpackedBytes: number): DataError {
  const stopped = Math.floor(unpackedBytes / (1024 * 1024));
  return new DataError(
    'archive-bomb',
    `${path}: the archive expands ${how} (limit). Stopped after ${stopped} MB. Unpack it yourself if you trust it.`,
    { path, limit: limits.expansionRatio },
  );
}

/** @throws {DataError} `archive-refused` for an archive inside an archive. */
export function nestedArchive(path: string, inner: string): DataError {
  return new DataError(
    'archive-refused',
    `${path}: inside the archive is another one (${inner}). Unpack the outer archive first.`,
    { path },
  );
}
