/** A dataset for tests of what comes after the import. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImportInput, type ImportReport, importDataset } from '../import/index.ts';
import { testContext, testFolder } from './context.ts';

export interface TestDataset {
  readonly path: string;
  readonly parquet: string;
  readonly report: ImportReport;
}

export async function testDataset(
  content: string | Uint8Array,
  given: Pick<ImportInput, 'ids'> & Partial<Pick<ImportInput, 'attributes' | 'choices'>>,
  name = 'people.csv',
): Promise<TestDataset> {
  const folder = testFolder();
  const path = join(folder, name);
  writeFileSync(path, content);
  const report = await importDataset(
    { path, folder: join(folder, 'dataset'), attributes: [], ...given },
    testContext(),
  );
  return { path, parquet: report.parquet.path, report };
}

/** A file of row numbers. */
export function rowsFile(rows: readonly number[]): string {
  const folder = testFolder();
  const path = join(folder, 'rows.bin');
  writeFileSync(path, new Uint8Array(Uint32Array.from(rows).buffer));
  return path;
}
