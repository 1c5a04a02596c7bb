/** A finished dataset file, opened for reading: checked against its hash where the caller kept one. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { Database, parquetTable } from './database.ts';
import { DataError, systemError } from './errors.ts';
import { type DatasetDescription, readDescription } from './import/description.ts';
import type { TaskContext } from './task.ts';

export interface Dataset {
  readonly path: string;
  readonly description: DatasetDescription;
  readonly rowCount: number;
  readonly database: Database;
  close(): void;
}

/**
 * @param input.sha256 the hash that the import reported; asked for where a bit that flipped would be a wrong result [F56].
 * @param also other files that its queries read.
 * @throws {DataError} `not-found`, `stored-data-damaged`.
 */
export async function openDataset(
  input: { readonly parquet: string; readonly sha256?: string },
  context: TaskContext,
  also: readonly string[] = [],
): Promise<Dataset> {
  const path = await intactFile(input);
  const database = await Database.open(context, { files: [path, ...also] });
  try {
    const description = await readDescription(database, path);
    const [[count] = []] = await database.rows(`SELECT count(*) FROM ${parquetTable(path)}`);
    return { path, description, rowCount: Number(count), database, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * The real path of a stored file, checked against its hash where there is one.
 * @throws {DataError} `not-found`, `stored-data-damaged`.
 */
export async function intactFile({
  parquet,
  sha256,
}: {
  readonly parquet: string;
  readonly sha256?: string;
}): Promise<string> {
  const path = await realpath(parquet).catch((error) => {
    throw systemError(error, parquet, 'opening it');
  });
  if (sha256 === undefined || (await fileSha256(path)) === sha256) return path;
  throw new DataError(
    'stored-data-damaged',
    `${parquet}: stored data does not match its hash. Add the dataset again; nothing was released.`,
    { path: parquet },
  );
}

/** In lower-case hexadecimal. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Uint8Array);
  } catch (error) {
    throw systemError(error, path, 'reading it');
  }
  return hash.digest('hex');
}

/** @param columns attributes by their names in the file. @throws {DataError} `missing-column` for the first that is none. */
export function requireAttributes(
  { attributes }: DatasetDescription,
  columns: readonly string[],
  parquet: string,
): void {
  const names = attributes.map(({ name }) => name);
  for (const column of columns) if (!names.includes(column)) throw missingColumn(parquet, column, names);
}

export function missingColumn(path: string, column: string, names: readonly string[]): DataError {
  const shown = names
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(', ');
  return new DataError(
    'missing-column',
    `${path} has no column ${JSON.stringify(column)} of that kind. It has ${shown}.`,
    { path, column },
  );
}
