/**
 * A question's text as DuckDB's parse tree. The text is a bound value of a query of ours, on a database that holds nothing: it is parsed, never run.
 */
import { textBytesMax } from '@causeway/core/policy/query';
import { Database } from '../database.ts';
import type { TaskContext } from '../task.ts';

export interface SerialiseInput {
  readonly text: string;
}

export interface SerialiseReport {
  /** JSON, for `compileQuery`; a text that is no statement gives a tree that says so. */
  readonly tree: string;
}

export async function serialiseQuery({ text }: SerialiseInput, context: TaskContext): Promise<SerialiseReport> {
  if (Buffer.byteLength(text) > textBytesMax) throw new RangeError(`text: expected at most ${textBytesMax} bytes`);
  const database = await Database.open(context, {});
  try {
    const [[tree] = []] = await database.rows('SELECT json_serialize_sql($1::VARCHAR)', [text]);
    return { tree: String(tree) };
  } finally {
    database.close();
  }
}
