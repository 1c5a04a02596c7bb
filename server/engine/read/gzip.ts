/** Unpacks gzip (RFC 1952, any number of members) while it is read, under the expansion limits. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from '../errors.ts';
import { expansionGuard } from './expansion.ts';

/**
 * @param packed chunks may be reused by their producer.
 * @throws {DataError} `archive-bomb`; `archive-damaged` for a truncated or corrupt file.
 */
export async function* gunzip(
  packed: AsyncIterable<Uint8Array>,
  path: string,
  onBytes: (packedBytes: number, unpackedBytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const guard = expansionGuard(path);
  const unpacker = createGunzip({ chunkSize: 1024 * 1024 });
  let failure: unknown;
  const feeding = pipeline(Readable.from(copies(packed), { objectMode: true, highWaterMark: 1 }), unpacker).catch(
    (error) => {
      failure = error;
    },
  );
  let unpackedBytes = 0;
  try {
    for await (const chunk of unpacker) {
      unpackedBytes += chunk.length;
      guard(unpacker.bytesWritten, unpackedBytes);
      onBytes(unpacker.bytesWritten, unpackedBytes);
      yield chunk;
    }
    await feeding;
    if (failure !== undefined) throw failure;
  } catch (error) {
    throw damaged(error, path);
  } finally {
    unpacker.destroy();
    await feeding;
  }
}

async function* copies(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Uint8Array.from(chunk);
}

/** zlib's own complaints become one sentence; anything else passes. */
export function damaged(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('Z_')) return error;
  return new DataError(
    'archive-damaged',
    `${path}: the archive is damaged or cut short (${code}). Copy or pack it again.`,
    { path },
    { cause: error },
  );
}
