/**
 * A report through all of its steps: request → rules → price → charge → data → noise, or the guard of exact ones → stored numbers → the report. On the receiver's
 * own rows alone it is exact, and nothing is charged or kept.
 */

import {
  type CompiledReport,
  compileReport,
  parseReportRequest,
  presentReport,
  type ReleasedReport,
  type ReportData,
  type TrueNumbers,
  withoutHidden,
  withReportNoise,
} from '@causeway/core/applications/request';
import { type BudgetSubject, budgetId, priceOf } from '@causeway/core/policy';
import { type Asker, type Catalogue, type PreviewedBudget, previewedBudget } from '@causeway/core/policy/query';
import type { MicroRho } from '@causeway/core/privacy';
import { type Engine, type ReportGuard, readReportSets, type WantedGuard } from '../engine/index.ts';
import type { Budgets } from '../store/index.ts';
import type { QuestionData } from './answer.ts';
import type { ExactAnswer } from './answer-guard.ts';
import { answerOf, guarded } from './guarded.ts';
import { type End, paid } from './paid.ts';
import { peopleOf } from './people.ts';
import { roomKeys } from './room-keys.ts';

export interface WantedReport {
  /** As it came: `parseReportRequest` says what is wrong with it. */
  readonly request: unknown;
  readonly catalogue: Catalogue;
  readonly asker: Asker;
}

export interface ReportWork {
  readonly engine: Pick<Engine, 'runReport'>;
  readonly budgets: Budgets;
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface ReportAnswered {
  /** SHA-256 in hexadecimal: names the report. */
  readonly reportKey: string;
  /** `own`: on the receiver's own rows, exact. `known`: told before. */
  readonly state: 'own' | 'answered' | 'known';
  readonly rho: MicroRho;
  /** What was charged for these numbers in all, by whichever call. */
  readonly cost: MicroRho;
  /** The accounts that were charged. */
  readonly subjects: readonly BudgetSubject[];
  /** As they are stored, for a digest; none of an own report. */
  readonly numbers: ReleasedReport;
  readonly report: ReportData;
}

/**
 * @throws {ReportRefused}, {RuleError}, {CrawlerListError}, {QueryRefused} by a rule: all for free; or `difference` and `too-fine` by the guard, charged.
 * @throws {BudgetRefused} with the account that has too little left. @throws {DataError} of the files, of time and memory; the charge stands.
 */
export async function answerReport(
  wanted: WantedReport,
  data: QuestionData,
  work: ReportWork,
): Promise<ReportAnswered> {
  const report = compileWanted(wanted);
  const { reportKey, tables } = report;
  if (report.isOwn) {
    const made = await run(report, wanted, data, work);
    if (!('report' in made)) throw new Error('the engine gave numbers of an own report');
    return { reportKey, state: 'own', rho: 0, cost: 0, subjects: [], numbers: {}, report: made.report };
  }
  const subjects = reportSubjects(report, wanted.catalogue);
  const payment = { key: reportKey, subjects, vectors: tables, exactTables: exactTablesOf(report) };
  const { end, state, rho, cost } = await paid(payment, () => release(report, wanted, data, work), work);
  const numbers = answerOf<ReleasedReport>(end);
  return { reportKey, state, rho, cost, subjects, numbers, report: presentReport(report, numbers) };
}

async function release(
  report: CompiledReport,
  wanted: WantedReport,
  data: QuestionData,
  work: ReportWork,
): Promise<End> {
  const { reportKey: queryKey, k, isExact, owners, asker } = report;
  if (!isExact) {
    const { numbers } = await numbersOf(report, wanted, data, work);
    return { status: 'answered', answer: withReportNoise(report, numbers, roomKeys(data.secret).noise) };
  }
  const compute = async (path: string): Promise<ExactAnswer<ReleasedReport>> => {
    const people = peopleOf(wanted.catalogue, data);
    const wantedGuard = { k, path, people, receivers: asker.receivers };
    const { numbers, guard } = await numbersOf(report, wanted, data, work, wantedGuard);
    return { numbers: withoutHidden(report, numbers, guard!.shown), ...(await readReportSets(path, guard!, owners)) };
  };
  return guarded(() => data.guard.admit({ queryKey, k, compute }));
}

async function numbersOf(...of: Parameters<typeof run>): Promise<{ numbers: TrueNumbers; guard?: ReportGuard }> {
  const made = await run(...of);
  if (!('numbers' in made)) throw new Error('the engine gave a report in place of its numbers');
  const numbers = Object.fromEntries(
    Object.entries(made.numbers).map(([name, values]) => [name, values.map(BigInt)] as const),
  );
  return { ...made, numbers };
}

/** Each breakdown of people is a table; sums go with the people that they are about. */
function exactTablesOf({ isExact, tables }: CompiledReport): number {
  return isExact ? tables.filter(({ isOwn, name, people }) => !isOwn && people.table === name).length : 0;
}

export interface ReportPreview {
  /** Exact and free, on the receiver's own rows. */
  readonly isOwn: boolean;
  readonly k: number;
  readonly rho: MicroRho;
  readonly isKnown: boolean;
  /** σ of the noise of each table; null for the receiver's own numbers, and for exact ones. */
  readonly tables: readonly { readonly name: string; readonly numbers: number; readonly sigma: number | null }[];
  readonly rules: readonly { readonly owner: string; readonly column: string; readonly use: string }[];
  readonly budgets: readonly PreviewedBudget[];
}

/** What a report would cost and give now; without a way to the data. @throws as `answerReport`, for free. */
export async function previewReport(
  wanted: WantedReport,
  { budgets }: Pick<ReportWork, 'budgets'>,
): Promise<ReportPreview> {
  const report = compileWanted(wanted);
  const { isOwn, k, tables, asker, uses } = report;
  const subjects = isOwn ? [] : reportSubjects(report, wanted.catalogue);
  const isTold = await budgets.told(asker.group, tables);
  const rho = priceOf(tables, isTold);
  const isKnown = tables.every(({ keys }) => keys.every(isTold));
  const accounts = await Promise.all(subjects.map((subject) => budgets.find(budgetId(subject))));
  const rules = uses.map(({ owner, column, kind }) => ({ owner, column, use: kind }));
  return {
    isOwn,
    k,
    rho,
    isKnown,
    budgets: subjects.map((subject, i) =>
      previewedBudget(subject, accounts[i], { rho, exactTables: isKnown ? 0 : exactTablesOf(report) }),
    ),
    tables: tables.map(({ name, cells, variance }) => ({
      name,
      numbers: cells,
      sigma: variance === undefined ? null : Math.sqrt(Number(variance.numerator) / Number(variance.denominator)),
    })),
    rules: [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()],
  };
}

function compileWanted({ request, catalogue, asker }: WantedReport): CompiledReport {
  return compileReport({ request: parseReportRequest(request), catalogue, asker });
}

function reportSubjects({ subjects, asker }: CompiledReport, { network }: Catalogue): readonly BudgetSubject[] {
  return subjects.map((subject) => ({ ...subject, network, receivers: asker.group }));
}

async function run(
  { request, isOwn }: CompiledReport,
  { catalogue }: WantedReport,
  { tables, audiences, timeLimitMs }: QuestionData,
  { engine, signal }: ReportWork,
  guard?: WantedGuard,
) {
  const input = { request, catalogue, tables, audiences, isOwn, timeLimitMs };
  return engine.runReport(guard === undefined ? input : { ...input, guard }, { signal });
}
