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
  QueryRefused,
  type RefusalCode,
  type RefusalPlace,
  type ReleasedNumbers,
  releaseExact,
  trueNumbers,
  withNoise,
} from '@causeway/core/policy/query';
import type { MicroRho } from '@causeway/core/privacy';
import { type Engine, type RunQueryReport, readPersonSets, type TableFiles } from '../engine/index.ts';
import type { Budgets, Spent } from '../store/index.ts';
import type { AnswerGuard } from './answer-guard.ts';
import { compileQuestion, type Question } from './compile.ts';
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
  readonly subjects: readonly BudgetSubject[];
  /** As they are stored, plain JSON: what a release entry's digest is of. */
  readonly numbers: ReleasedNumbers;
  readonly answer: Answer;
}

/** Why a question that was charged is not answered. */
interface StoredRefusal {
  readonly code: RefusalCode;
  readonly place: RefusalPlace;
}

/**
 * Answers a question, once: asked again in any words it gives the stored answer. Cut off at any step, by a crash or by the caller, it goes on when it is asked
 * again, to the same numbers and without a second charge.
 * @throws {QueryRefused} by a rule, for free; or `difference` and `too-fine` by the guard, charged, for that is information too.
 * @throws {BudgetRefused} with the account that has too little left. @throws {DataError} of the files, of time and memory; the charge stands.
 */
export async function answerQuestion(question: Question, data: QuestionData, work: QuestionWork): Promise<Answered> {
  const { budgets, nowMs } = work;
  const query = await compileQuestion(question, work);
  const subjects = budgetSubjects(query, question.catalogue.network);
  const { queryKey, vectors, plan } = query;
  const exactTables = plan.isExact ? 1 : 0;
  const spent = await budgets.spend({ key: queryKey, subjects, vectors, exactTables, atMs: nowMs() });
  const isKnown = spent.state === 'answered' || spent.state === 'refused';
  const settled = isKnown ? spent : await settle(query, await release(query, question, data, work), work);
  const numbers = numbersOf(settled);
  return {
    queryKey,
    state: isKnown ? 'known' : 'answered',
    rho: spent.state === 'charged' ? spent.rho : 0,
    subjects,
    numbers,
    answer: presentAnswer(query, numbers),
  };
}

type End =
  | { readonly status: 'answered'; readonly answer: ReleasedNumbers }
  | { readonly status: 'refused'; readonly answer: StoredRefusal };

async function release(query: CompiledQuery, question: Question, data: QuestionData, work: QuestionWork): Promise<End> {
  if (!query.plan.isExact) {
    const numbers = trueNumbers(query, await run(query, data, work));
    return { status: 'answered', answer: withNoise(query, numbers, roomKeys(data.secret).noise) };
  }
  try {
    const { queryKey, k } = query;
    const compute = (path: string) => exactAnswer(query, question, path, data, work);
    return { status: 'answered', answer: await data.guard.admit({ queryKey, k, compute }) };
  } catch (error) {
    if (!(error instanceof QueryRefused)) throw error;
    return { status: 'refused', answer: { code: error.code, place: error.place } };
  }
}

async function exactAnswer(
  query: CompiledQuery,
  { catalogue }: Question,
  path: string,
  data: QuestionData,
  work: QuestionWork,
) {
  const people = catalogue.tables
    .filter(({ name }) => data.tables.some((table) => table.name === name))
    .map(({ owner, name, person }) => ({ owner, table: name, person }));
  const report = await run(query, data, work, { path, people });
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

/** Two that came to an end at the same time tell the same: the first word is kept, and both give that. */
async function settle({ queryKey }: CompiledQuery, end: End, { budgets, nowMs }: QuestionWork) {
  const charge = await budgets.settle(queryKey, { ...end, atMs: nowMs() });
  if (charge === undefined) throw new Error('the charge of this question is gone');
  return { state: charge.status, answer: charge.answer };
}

function numbersOf({ state, answer }: Pick<Spent, 'state' | 'answer'>): ReleasedNumbers {
  if (state === 'answered') return answer as ReleasedNumbers;
  const { code, place } = answer as StoredRefusal;
  throw new QueryRefused(code, place);
}
