/** What a dataset's Parquet file says about itself, in its key-value metadata: whoever reads it later needs no other source. */
import { type Database, sqlText } from '../database.ts';
import { DataError } from '../errors.ts';
import type { AttributeType } from './attribute-type.ts';
import type { Selection } from './columns.ts';
import type { Grade } from './types.ts';

export interface DatasetDescription {
  readonly version: 1;
  readonly ids: readonly { readonly name: string; readonly profile: string }[];
  readonly attributes: readonly { readonly name: string; readonly grade: Grade; readonly type: AttributeType }[];
}

export function describeDataset(selection: Selection, types: readonly AttributeType[]): string {
  const description: DatasetDescription = {
    version: 1,
    ids: selection.ids.map(({ storedAs, profileText }) => ({ name: storedAs, profile: profileText })),
    attributes: selection.attributes.map(({ storedAs, grade }, i) => ({ name: storedAs, grade, type: types[i]! })),
  };
  // DuckDB shows metadata as escaped text; plain ASCII comes back as it went in.
  return Buffer.from(JSON.stringify(description)).toString('hex');
}

/** @throws {DataError} `stored-data-damaged` where the file is no dataset of ours. */
export async function readDescription(database: Database, path: string): Promise<DatasetDescription> {
  const damage = (cause?: unknown) =>
    new DataError(
      'stored-data-damaged',
      `${path} is not a dataset file, or it is damaged. Add the dataset again.`,
      { path },
      { cause },
    );
  const rows = await database
    .rows(`SELECT CAST(value AS VARCHAR) FROM parquet_kv_metadata(${sqlText(path)}) WHERE key = 'causeway'`)
    .catch((error) => {
      throw error instanceof DataError && error.code === 'engine-failed' ? damage(error) : error;
    });
  try {
    const description = JSON.parse(Buffer.from(String(rows[0]![0]), 'hex').toString('utf8')) as DatasetDescription;
    if (description.version !== 1) throw new Error(`version ${description.version}`);
    return description;
  } catch (error) {
    throw damage(error);
  }
}
