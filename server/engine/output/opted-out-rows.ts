/** Which rows of a dataset carry an identifier of somebody who opted out, as a list of row numbers: for lists that leave the node without their rows. */
import { openDataset } from '../dataset.ts';
import { writeFileWhole } from '../disk.ts';
import { registerFunctions } from '../functions.ts';
import type { TaskContext } from '../task.ts';
import { columnWords } from '../words.ts';
import { findOptedOut, type OptOuts, optOutFiles } from './opt-outs.ts';

export interface OptedOutInput {
  readonly parquet: string;
  readonly sha256: string;
  readonly optOuts: readonly OptOuts[];
  /** Becomes a file of row numbers: 32-bit, little-endian, ascending. */
  readonly to: string;
}

export interface OptedOutReport {
  readonly rowCount: number;
}

/** @throws {DataError} `stored-data-damaged`, of the disk. */
export async function listOptedOut(input: OptedOutInput, context: TaskContext): Promise<OptedOutReport> {
  const files = await optOutFiles(input.optOuts);
  const dataset = await openDataset(input, context, files);
  try {
    const { database, path } = dataset;
    registerFunctions(database);
    await findOptedOut(database, path, input.optOuts, files);
    const writer = await writeFileWhole(context.disk, input.to, context.taskId);
    try {
      let rowCount = 0;
      for await (const chunk of database.chunks('SELECT "row" FROM opted_out ORDER BY "row"')) {
        const rows = columnWords(chunk, 0, 1);
        rowCount += rows.length;
        await writer.write(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength));
      }
      await writer.finish();
      return { rowCount };
    } catch (error) {
      await writer.discard();
      throw error;
    }
  } finally {
    dataset.close();
  }
}
