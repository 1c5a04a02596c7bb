/** Stops an archive that unpacks to far more than it holds [F13]. */
import { type ExpansionFault, expansionFault, expansionLimits } from '@causeway/core/archive';
import { DataError } from '../errors.ts';

/**
 * Counts what comes out of an archive against what went in.
 * @returns called after each chunk with both totals in bytes; throws `archive-bomb` past the limits.
 */
export function expansionGuard(path: string): (packedBytes: number, unpackedBytes: number) => void {
  return (packedBytes, unpackedBytes) => {
    const fault = expansionFault(packedBytes, unpackedBytes);
    if (fault !== undefined) throw bomb(path, fault, unpackedBytes);
  };
}

const { expandedBytes, expansionRatio } = expansionLimits;

function bomb(path: string, fault: ExpansionFault, unpackedBytes: number): DataError {
  const how = fault === 'bytes' ? `to more than ${expandedBytes} bytes` : `more than ${expansionRatio}:1`;
  const stopped = Math.floor(unpackedBytes / (1024 * 1024));
  return new DataError(
    'archive-bomb',
    `${path}: the archive expands ${how} (limit). Stopped after ${stopped} MB. Unpack it yourself if you trust it.`,
    { path, limit: expansionRatio },
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
