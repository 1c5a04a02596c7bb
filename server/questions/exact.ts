/** What exact answers of questions and of reports have in common: one guard over both, whose refusals are paid for and kept like answers. */
import { type Catalogue, QueryRefused, type RefusalCode, type RefusalPlace } from '@causeway/core/policy/query';
import type { People, TableFiles } from '../engine/index.ts';
import type { AnswerGuard } from './answer-guard.ts';
import type { End } from './paid.ts';

/** Why what was charged is not answered. */
interface StoredRefusal {
  readonly code: RefusalCode;
  readonly place: RefusalPlace;
}

/** The guard's word on an answer: its numbers, or its refusal. */
export async function admitted(guard: AnswerGuard, of: Parameters<AnswerGuard['admit']>[0]): Promise<End> {
  try {
    return { status: 'answered', answer: await guard.admit(of) };
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    const refusal: StoredRefusal = { code: error.code, place: error.place };
    return { status: 'refused', answer: refusal };
  }
}

/** @throws {QueryRefused} where that is what it came to. */
export function told<Numbers>({ status, answer }: End): Numbers {
  if (status === 'answered') return answer as Numbers;
  const { code, place } = answer as StoredRefusal;
  throw new QueryRefused(code, place);
}

/** The tables that there are files of: how many people are in each is known. */
export function peopleOf({ tables }: Catalogue, data: { readonly tables: readonly TableFiles[] }): readonly People[] {
  return tables
    .filter(({ name }) => data.tables.some((table) => table.name === name))
    .map(({ owner, name, person }) => ({ owner, table: name, person }));
}
