/** How the characters of a file are written, as core finds and decodes it; what cannot be read is told with the file and what to do [F2]. */
import { isUtf8 } from 'node:buffer';
import {
  type DetectedEncoding,
  decodeToUtf8 as decode,
  detectEncoding as detect,
  EncodingError,
} from '@causeway/core/table';
import { DataError } from '../errors.ts';

/**
 * @param sample the first bytes of the text, 4 MiB or all.
 * @param options.whole whether the sample is all of it: its last character is complete then.
 * @throws {DataError} `unknown-encoding`; `unknown-format` for bytes that are no text.
 */
export function detectEncoding(
  sample: Uint8Array,
  path: string,
  options: { readonly whole: boolean },
): DetectedEncoding {
  const found = detect(sample, { ...options, isUtf8 });
  if (found === 'binary') {
    throw new DataError(
      'unknown-format',
      `${path} is not text, nor any other format that is read (CSV, TSV, JSON Lines, Parquet, .xlsx, and .gz or .zip of them).`,
      { path },
    );
  }
  if (found === 'unknown') {
    throw new DataError(
      'unknown-encoding',
      `${path}: the text is neither UTF-8, UTF-16 nor GB18030. Save it as UTF-8 ("CSV UTF-8" in Excel and WPS).`,
      { path },
    );
  }
  return found;
}

/**
 * The text as UTF-8 without a byte order mark.
 * @returns chunks that may be reused by their producer.
 * @throws {DataError} `bad-encoding` with the byte offset of the first invalid byte.
 */
export async function* decodeToUtf8(
  chunks: AsyncIterable<Uint8Array>,
  detected: DetectedEncoding,
  path: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* decode(chunks, detected, isUtf8);
  } catch (error) {
    throw error instanceof EncodingError ? badEncoding(path, error) : error;
  }
}

/** A file that was UTF-8 in its first megabytes only because they were ASCII may be tried as GB18030. */
export function isUncertainUtf8(error: unknown, detected: DetectedEncoding): boolean {
  return (
    error instanceof DataError && error.code === 'bad-encoding' && detected.encoding === 'utf-8' && !detected.certain
  );
}

function badEncoding(path: string, { encoding, place, byteOffset }: EncodingError): DataError {
  return new DataError(
    'bad-encoding',
    `${path}: the text is not ${encoding.toUpperCase()} ${place} byte ${byteOffset}, although it begins so. Save the whole file in one encoding, best UTF-8.`,
    { path, byteOffset },
  );
}
