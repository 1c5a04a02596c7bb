import { budgetId } from '@causeway/core/policy';
import { budgetSubjects, type Preview, previewQuery } from '@causeway/core/policy/query';
import type { Engine } from '../engine/index.ts';
import type { Budgets } from '../store/index.ts';
import { compileQuestion, type Question } from './compile.ts';

/**
 * What a question would cost and give now. It has no way to the data, promises nothing and costs nothing.
 * @throws {QueryRefused} by the rule that would refuse it.
 */
export async function previewQuestion(
  question: Question,
  work: {
    readonly engine: Pick<Engine, 'serialiseQuery'>;
    readonly budgets: Budgets;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Preview> {
  const { budgets } = work;
  const query = await compileQuestion(question, work);
  const { network } = question.catalogue;
  const ids = budgetSubjects(query, network).map(budgetId);
  const accounts = new Map(await Promise.all(ids.map(async (id) => [id, await budgets.find(id)] as const)));
  const isKnown = await budgets.told(query.asker.group, query.vectors);
  return previewQuery(query, { network, isKnown, account: (id) => accounts.get(id) });
}
