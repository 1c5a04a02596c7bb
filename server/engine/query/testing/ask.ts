/** A question through its steps, in one process: text, tree, plan, true numbers. */
import { type Catalogue, type CompiledQuery, compileQuery } from '@causeway/core/policy/query';
import { testContext, testFolder } from '../../testing/context.ts';
import { type RunQueryInput, type RunQueryReport, runQuery } from '../run.ts';
import type { RoomData } from './data.ts';
import type { Parser } from './parser.ts';
import { asker } from './rules.ts';

export const cutKey = 'c0'.repeat(32);

export async function compiled(text: string, parser: Parser, catalogue: Catalogue): Promise<CompiledQuery> {
  return compileQuery({ tree: await parser.tree(text), catalogue, asker });
}

export async function run(
  { plan }: CompiledQuery,
  data: Pick<RoomData, 'tables' | 'audiences'>,
  more: Pick<RunQueryInput, 'personSets'> = {},
): Promise<RunQueryReport> {
  const { tables, audiences } = data;
  return runQuery(
    { plan, tables, audiences, cutKey, timeLimitMs: 60_000, ...more },
    testContext({ folder: testFolder() }),
  );
}

/** As if nothing were noisy, and nothing too small: what the figures are made of. */
export function bare(query: CompiledQuery): CompiledQuery {
  return { ...query, k: 0, vectors: query.vectors.map((vector) => ({ ...vector, variance: undefined })) };
}
