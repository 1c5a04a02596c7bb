/**
 * A question through all of its steps: text → tree → plan → price → charge → data → guard → noise → stored answer. Each step stands on the one before it:
 * nothing is charged for a refusal that needs no data, and no data is touched before the charge is on the disk.
 */
import type { BudgetSubject } from '@causeway/core/policy';
import {
  type Answer,
  budgetSubjects,
  type CompiledQuery,
  presentAnswer,
  type ReleasedNumbers,
  releaseExact,
  trueNumbers,
  withNoise,
} from '@causeway/core/policy/query';
import type { MicroRho } from '@causeway/core/privacy';
import { type Engine, type RunQueryReport, readPersonSets, type TableFiles } from '../engine/index.ts';
import type { Budgets } from '../store/index.ts';
import type { AnswerGuard } from './answer-guard.ts';
import { compileQuestion, type Question } from './compile.ts';
import { answerOf, guarded } from './guarded.ts';
import { type End, paid } from './paid.ts';
import { peopleOf } from './people.ts';
import { roomKeys } from './room-keys.ts';

export type { Question } from './compile.ts';

/** What a room holds of one epoch. */
export interface QuestionData {
  /** Parquet files of every table of the catalogue, and of every audience: one column `person`. */
  readonly tables: readonly TableFiles[];
  readonly audiences: readonly TableFiles[];
  /** 32 bytes or more, of this room and epoch alone, as long as it answers: who has them takes the noise off. */
  readonly secret: Uint8Array;
  readonly guard: AnswerGuard;
  /** Of one question in the engine's process. */
  readonly timeLimitMs: number;
}

export interface QuestionWork {
  readonly engine: Pick<Engine, 'serialiseQuery' | 'runQuery'>;
  readonly budgets: Budgets;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answered {
  /** SHA-256 in hexadecimal: the same for every way of asking for these numbers. */
  readonly queryKey: string;
  /** `known`: paid for and answered before; nothing was computed. */
  readonly state: 'answered' | 'known';
  /** What this call charged, in millionths of ρ, to each of these accounts. */
  readonly rho: MicroRho;
  /** What was charged for these numbers in all, by whichever call. */
  readonly cost: MicroRho;
  readonly subjects: readonly BudgetSubject[];
  /** As they are stored, plain JSON: what a release entry's digest is of. */
  readonly numbers: ReleasedNumbers;
  readonly answer: Answer;
}

/**
 * Answers a question, once: asked again in any words it gives the stored answer. Cut off at any step, by a crash or by the caller, it goes on when it is asked
 * again, to the same numbers and without a second charge.
 * @throws {QueryRefused} by a rule, for free; or `difference` and `too-fine` by the guard, charged, for that is information too.
 * @throws {BudgetRefused} with the account that has too little left. @throws {DataError} of the files, of time and memory; the charge stands.
 */
export async function answerQuestion(question: Question, data: QuestionData, work: QuestionWork): Promise<Answered> {
  const query = await compileQuestion(question, work);
  const subjects = budgetSubjects(query, question.catalogue.network);
  const { queryKey, vectors, plan } = query;
  const payment = { key: queryKey, subjects, vectors, exactTables: plan.isExact ? 1 : 0 };
  const { end, state, rho, cost } = await paid(payment, () => release(query, question, data, work), work);
  const numbers = answerOf<ReleasedNumbers>(end);
  return { queryKey, state, rho, cost, subjects, numbers, answer: presentAnswer(query, numbers) };
}

async function release(query: CompiledQuery, question: Question, data: QuestionData, work: QuestionWork): Promise<End> {
  if (!query.plan.isExact) {
    const numbers = trueNumbers(query, await run(query, data, work));
    return { status: 'answered', answer: withNoise(query, numbers, roomKeys(data.secret).noise) };
  }
  const { queryKey, k } = query;
  const compute = (path: string) => exactAnswer(query, question, path, data, work);
  return guarded(() => data.guard.admit({ queryKey, k, compute }));
}

async function exactAnswer(
  query: CompiledQuery,
  { catalogue }: Question,
  path: string,
  data: QuestionData,
  work: QuestionWork,
) {
  const report = await run(query, data, work, { path, people: peopleOf(catalogue, data) });
  const guard = await readPersonSets(path, report.guard!);
  return { ...releaseExact(query, trueNumbers(query, report), guard), known: guard.known };
}

async function run(
  { plan }: CompiledQuery,
  { tables, audiences, secret, timeLimitMs }: QuestionData,
  { engine, signal }: QuestionWork,
  personSets?: NonNullable<Parameters<Engine['runQuery']>[0]['personSets']>,
): Promise<RunQueryReport> {
  const cutKey = roomKeys(secret).cut;
  const input = { plan, tables, audiences, cutKey, timeLimitMs };
  return engine.runQuery(personSets === undefined ? input : { ...input, personSets }, { signal });
}
