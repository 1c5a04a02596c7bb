/**
 * A report through all of its steps: request → rules → price → charge → data → noise → stored numbers → the report. On the receiver's own rows alone it is exact,
 * and nothing is charged or kept.
 */

import {
  type CompiledReport,
  compileReport,
  parseReportRequest,
  presentReport,
  type ReleasedReport,
  type ReportData,
  withReportNoise,
} from '@causeway/core/applications/request';
import { type BudgetSubject, budgetId, priceOf } from '@causeway/core/policy';
import { type Asker, type Catalogue, type PreviewedBudget, previewedBudget } from '@causeway/core/policy/query';
import type { MicroRho } from '@causeway/core/privacy';
import type { Engine } from '../engine/index.ts';
import type { Budgets } from '../store/index.ts';
import type { QuestionData } from './answer.ts';
import { paid } from './paid.ts';
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
  /** The accounts that were charged. */
  readonly subjects: readonly BudgetSubject[];
  /** As they are stored, for a digest; none of an own report. */
  readonly numbers: ReleasedReport;
  readonly report: ReportData;
}

/**
 * @throws {ReportRefused}, {RuleError}, {CrawlerListError}, {QueryRefused} by a rule: all for free.
 * @throws {BudgetRefused} with the account that has too little left. @throws {DataError} of the files, of time and memory; the charge stands.
 */
export async function answerReport(
  wanted: WantedReport,
  data: Omit<QuestionData, 'guard'>,
  work: ReportWork,
): Promise<ReportAnswered> {
  const report = compileWanted(wanted);
  const { reportKey, tables } = report;
  if (report.isOwn) {
    const made = await run(report, wanted, data, work);
    if (!('report' in made)) throw new Error('the engine gave numbers of an own report');
    return { reportKey, state: 'own', rho: 0, subjects: [], numbers: {}, report: made.report };
  }
  const subjects = reportSubjects(report, wanted.catalogue);
  const payment = { key: reportKey, subjects, vectors: tables, exactTables: 0 };
  const compute = async () => {
    const made = await run(report, wanted, data, work);
    if (!('numbers' in made)) throw new Error('the engine gave a report in place of its numbers');
    const numbers = Object.fromEntries(
      Object.entries(made.numbers).map(([name, values]) => [name, values.map(BigInt)] as const),
    );
    return { status: 'answered' as const, answer: withReportNoise(report, numbers, roomKeys(data.secret).noise) };
  };
  const { end, state, rho } = await paid(payment, compute, work);
  const numbers = end.answer as ReleasedReport;
  return { reportKey, state, rho, subjects, numbers, report: presentReport(report, numbers) };
}

export interface ReportPreview {
  /** Exact and free, on the receiver's own rows. */
  readonly isOwn: boolean;
  readonly k: number;
  readonly rho: MicroRho;
  readonly isKnown: boolean;
  /** σ of the noise of each table; null for the receiver's own numbers. */
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
  const accounts = await Promise.all(subjects.map((subject) => budgets.find(budgetId(subject))));
  const rules = uses.map(({ owner, column, kind }) => ({ owner, column, use: kind }));
  return {
    isOwn,
    k,
    rho,
    isKnown: tables.every(({ keys }) => keys.every(isTold)),
    budgets: subjects.map((subject, i) => previewedBudget(subject, accounts[i], { rho, exactTables: 0 })),
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
  { tables, audiences, timeLimitMs }: Omit<QuestionData, 'guard'>,
  { engine, signal }: ReportWork,
) {
  return engine.runReport({ request, catalogue, tables, audiences, isOwn, timeLimitMs }, { signal });
}
