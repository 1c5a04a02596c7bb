/** The chosen rows of somebody's Parquet file as CSV, all columns as text. */
import { Database, sqlName } from '../database.ts';
import { writeFileWhole } from '../disk.ts';
import { asUnreadable, describeParquet, foreignTable } from '../read/parquet.ts';
import { fileChanged, hashSource, requireUnchanged, type Source } from '../read/source.ts';
import { loadRows, readRowList } from '../row-list.ts';
import type { TaskContext } from '../task.ts';
import type { CopyInput, CopyReport } from './copy-rows.ts';
import { writeCsvHeader, writeCsvRows } from './csv.ts';

export async function copyParquetRows(source: Source, input: CopyInput, context: TaskContext): Promise<CopyReport> {
  if ((await hashSource(source)) !== input.reading.sha256)
    throw fileChanged(source.path, 'its hash differs from what was imported');
  const database = await Database.open(context, { files: [source.resolvedPath] });
  try {
    const { layout, types, rowCount } = await describeParquet(database, source);
    const count = await loadRows(database, readRowList(input.rows, rowCount));
    const columns = layout.columns.map((name, i) => {
      return {
        name,
        sql: `CAST(${sqlName(name)} AS VARCHAR)`,
        isText: !/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|DECIMAL|FLOAT|DOUBLE|DATE|TIME|BOOLEAN)/.test(
          types[i]!,
        ),
      };
    });
    const from = `(SELECT t.* FROM ${foreignTable(source.resolvedPath, { rowNumber: true })} t SEMI JOIN wanted ON wanted."row" = t.file_row_number)`;
    const writer = await writeFileWhole(context.disk, input.to, context.taskId);
    try {
      await writeCsvHeader(columns, writer);
      const escapedCellCount = await writeCsvRows(
        database,
        { columns, from, order: 'file_row_number' },
        writer,
        context,
      );
      await requireUnchanged(source);
      await writer.finish();
      return { rowCount: count, bytes: writer.length, escapedCellCount };
    } catch (error) {
      await writer.discard();
      throw asUnreadable(error, source.path);
    }
  } finally {
    database.close();
  }
}
