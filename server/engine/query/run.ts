/**
 * Runs a question's own SQL over the room's files, in a locked database within memory and time. What comes back are true numbers: they go to
 * whoever adds the noise, and nowhere else.
 */
import {
  exactSql,
  type Plan,
  type PlanQuestion,
  type QueryContext,
  questionSql,
  type RawQuestion,
} from '@causeway/core/policy/query';
import { DataError } from '../errors.ts';
import type { TaskContext } from '../task.ts';
import { type PersonSetReport, type WantedSets, writePersonSets } from './person-sets.ts';
import { type OpenTables, openTables, type TableFiles } from './tables.ts';

export interface RunQueryInput {
  readonly plan: Plan;
  readonly tables: readonly TableFiles[];
  /** Files with one column, `person`. */
  readonly audiences: readonly TableFiles[];
  /** Of the data epoch: 32 bytes in hexadecimal, secret. */
  readonly cutKey: string;
  readonly timeLimitMs: number;
  /** The sets of persons that guard an exact answer; asked for by an exact plan alone. */
  readonly personSets?: WantedSets;
}

export interface RunQueryReport {
  readonly questions: readonly RawQuestion[];
  /** Of an exact plan: what lies where in the file of person sets. */
  readonly guard?: PersonSetReport;
}

/** @throws {DataError} `time-limit`, `out-of-memory`; of the files. */
export async function runQuery(input: RunQueryInput, context: TaskContext): Promise<RunQueryReport> {
  const { plan, cutKey, personSets } = input;
  if (!/^[0-9a-f]{64}$/.test(cutKey)) throw new TypeError('cutKey: expected 32 bytes in hexadecimal');
  if (plan.isExact !== (personSets !== undefined)) throw new TypeError('personSets: expected for an exact plan alone');
  const limit = AbortSignal.timeout(input.timeLimitMs);
  const bounded = { ...context, signal: AbortSignal.any([context.signal, limit]) };
  try {
    const tables = await openTables(input, bounded);
    try {
      const query: QueryContext = { plan, cutKey, sources: tables };
      const questions: RawQuestion[] = [];
      for (const question of plan.questions) questions.push(await ask(question, query, tables));
      if (personSets === undefined) return { questions };
      const sql = plan.questions.map((question) => exactSql(question, query));
      return {
        questions,
        guard: await writePersonSets(sql, { plan, tables, wanted: personSets }, bounded),
      };
    } finally {
      tables.close();
    }
  } catch (error) {
    if (limit.aborted && !context.signal.aborted) throw tooSlow(input.timeLimitMs);
    throw error;
  }
}

async function ask(question: PlanQuestion, query: QueryContext, { database }: OpenTables): Promise<RawQuestion> {
  const { cells, whole } = questionSql(question, query);
  const rows = await database.rows(cells.sql, cells.values);
  const [numbers = []] = whole === undefined ? [] : await database.rows(whole.sql, whole.values);
  return {
    cells: rows.map(([cell, ...values]) => ({ cell: Number(cell), values: values.map(String) })),
    whole: numbers.map(String),
  };
}

function tooSlow(limitMs: number): DataError {
  return new DataError(
    'time-limit',
    `This question did not end within ${limitMs} milliseconds. Ask for fewer groups, or raise the limit; nothing was released.`,
    { limit: limitMs },
  );
}
