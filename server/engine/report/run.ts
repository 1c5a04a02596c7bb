/**
 * Runs a report's templates over the room's files, in a locked database within memory and time. What comes back are true numbers, for whoever adds the noise;
 * of one owner's own rows it is the report itself.
 */

import { join } from 'node:path';
import {
  type Collected,
  costsSql,
  type JourneyBatch,
  JourneyCollector,
  type OwnPart,
  type Placement,
  placementsSql,
  refundsToldSql,
  streamSql,
} from '@causeway/core/applications/attribution';
import {
  eventsSql,
  type JourneyReport,
  type ReportData,
  type ReportRequest,
  type ResolvedReport,
  type Row,
  type RowsOf,
  resolveReport,
  type TrueNumbers,
} from '@causeway/core/applications/request';
import type { Catalogue, TableRules } from '@causeway/core/policy/query';
import { type Database, parquetTable, sqlText } from '../database.ts';
import { journeyBatches } from '../journey-batches.ts';
import { type OpenTables, openFiles, type TableFiles, type TableForm } from '../query/tables.ts';
import type { TaskContext } from '../task.ts';
import { withinTime } from '../time-limit.ts';
import { guardReport, type PeopleOfNumbers, type ReportGuard, type WantedGuard } from './exact.ts';
import { findPlaces } from './find-places.ts';

export interface RunReportInput {
  readonly request: ReportRequest;
  readonly catalogue: Catalogue;
  readonly tables: readonly TableFiles[];
  /** Files with one column, `person`. */
  readonly audiences: readonly TableFiles[];
  /** Whether all rows are the receiver's: then the report is made here, of everything as it is. */
  readonly isOwn: boolean;
  readonly timeLimitMs: number;
  /** What guards an exact report; asked for by one alone. */
  readonly guard?: WantedGuard;
}

/** By table, decimal; or the report. */
export type RunReportReport =
  | { readonly numbers: Readonly<Record<string, readonly string[]>>; readonly guard?: ReportGuard }
  | { readonly report: ReportData };

/** @throws {DataError} `time-limit`, `out-of-memory`; of the files. */
export async function runReport(input: RunReportInput, context: TaskContext): Promise<RunReportReport> {
  return withinTime(context, input.timeLimitMs, (bounded) => run(input, bounded));
}

async function run(input: RunReportInput, context: TaskContext): Promise<RunReportReport> {
  const { request, catalogue, isOwn, guard } = input;
  const { resolved, reader } = resolveReport(request, catalogue);
  const people = (guard?.people ?? []).map(
    ({ table, person }): TableForm => ({ name: table, person, isOfPersons: false, columns: [] }),
  );
  const forms = [...[...reader.tables.values()].map(formOf), ...people];
  const tables = await openFiles({ ...input, forms }, context);
  try {
    await findPlaces(reader.places, tables);
    const work = new ReportWork(tables, context);
    if (resolved.kind === 'own-rows') return { report: resolved.report(await work.rows(resolved.statements(tables))) };
    const events = await work.events(reader.eventTables);
    const alone: string[] = [];
    for (const own of ownEvents(reader.eventTables, guard)) alone.push(await work.events(own));
    if (resolved.kind === 'journeys') return await journeys(resolved, { events, alone }, work, input);
    const numbers = resolved.numbers(await work.rows(resolved.statements(tables, events)));
    if (isOwn) return { report: ownReport(resolved, numbers) };
    if (guard === undefined) return { numbers: plain(numbers) };
    const fillOf = (from: string) => (into: PeopleOfNumbers) =>
      into.addAll(resolved.members(tables, from), tables.database);
    const of = {
      ...{ tables: resolved.tables('exact'), numbers, kinds: resolved.kinds() },
      ...{ fill: fillOf(events), alone: alone.map(fillOf) },
    };
    return { numbers: plain(numbers), guard: await guardReport(of, guard, tables, context) };
  } finally {
    tables.close();
  }
}

/** What each receiver who has events has of them, where that is not all. */
function ownEvents(tables: readonly TableRules[], guard: WantedGuard | undefined): readonly (readonly TableRules[])[] {
  const own = (guard?.receivers ?? []).map((receiver) => tables.filter(({ owner }) => owner === receiver));
  return own.filter(({ length }) => length > 0 && length < tables.length);
}

/** Categories are text, amounts and times whole numbers; ids are of any type that compares. */
export function formOf({ name, person, kind, columns }: TableRules): TableForm {
  return {
    name,
    person,
    isOfPersons: kind === 'person',
    columns: columns.flatMap((rule) => {
      if (rule.name === person) return [];
      const form = rule.type === 'key' ? 'any' : rule.type === 'category' ? 'text' : 'integer';
      return [{ name: rule.name, form } as const];
    }),
  };
}

/** Writes events once each to a file of the task, so that several passes read them. @returns what stands after FROM. */
export async function writeEvents(
  database: Database,
  { sql, name }: { readonly sql: string; readonly name: string },
  { folder }: TaskContext,
): Promise<string> {
  const path = join(folder, name);
  await database.run(`COPY (${sql}) TO ${sqlText(path)} (FORMAT parquet)`);
  return parquetTable([path]);
}

class ReportWork {
  readonly tables: OpenTables;
  readonly context: TaskContext;
  #files = 0;

  constructor(tables: OpenTables, context: TaskContext) {
    this.tables = tables;
    this.context = context;
  }

  /** @returns what stands after FROM; nothing of no table. */
  async events(tables: readonly TableRules[]): Promise<string> {
    if (tables.length === 0) return '';
    const name = `events-${this.#files++}.parquet`;
    return writeEvents(this.tables.database, { sql: eventsSql(tables, this.tables), name }, this.context);
  }

  async rows(statements: Readonly<Record<string, string>>): Promise<RowsOf> {
    const found = new Map<string, readonly Row[]>();
    for (const [name, sql] of Object.entries(statements)) found.set(name, await this.tables.database.objects(sql));
    return (name) => found.get(name)!;
  }
}

async function journeys(
  resolved: JourneyReport,
  { events, alone }: { readonly events: string; readonly alone: readonly string[] },
  work: ReportWork,
  { isOwn, guard }: RunReportInput,
): Promise<RunReportReport> {
  const { settings } = resolved;
  const { database } = work.tables;
  const source = resolved.source(work.tables, events);
  await database.run(`CREATE TEMP TABLE placements AS ${placementsSql(source, settings)}`);
  const names = await database.objects('SELECT * FROM placements ORDER BY placement');
  const placements = names as unknown as readonly Placement[];
  const input = { settings, placements, currencies: source.currencies };
  const collector = new JourneyCollector(input);
  const stream = streamSql(source, settings, 'placements');
  await collect(collector, journeyBatches(database, stream));
  const collected: Collected = collector.finish();
  if (!isOwn) {
    const numbers = resolved.numbers(collected);
    if (guard === undefined) return { numbers: plain(numbers) };
    // Another pass over the stream, person by person.
    const fillOf = (from: string) => async (into: PeopleOfNumbers) => {
      const membersOf = resolved.members(collector.dimensions);
      const watch = (person: number, own: OwnPart) => into.addNumbers(person, membersOf(own));
      const watched = new JourneyCollector({ ...input, watch });
      const own = streamSql(resolved.source(work.tables, from), settings, 'placements');
      await collect(watched, journeyBatches(database, own));
      watched.finish();
    };
    const of = {
      ...{ tables: resolved.tables('exact'), numbers, kinds: resolved.kinds(placements) },
      ...{ fill: fillOf(events), alone: alone.map(fillOf) },
    };
    return { numbers: plain(numbers), guard: await guardReport(of, guard, work.tables, work.context) };
  }
  const rows = await work.rows({
    costs: costsSql(source, settings, 'placements'),
    refunds: refundsToldSql(source),
  });
  return { report: resolved.own(collected, rows) };
}

async function collect(collector: JourneyCollector, batches: AsyncIterable<JourneyBatch>): Promise<void> {
  for await (const batch of batches) collector.add(batch);
}

/** Exact counts, none of them hidden from whoever owns the rows. */
function ownReport(resolved: Extract<ResolvedReport, { kind: 'counted' }>, numbers: TrueNumbers): ReportData {
  return resolved.report((name) => (numbers[name] ?? []).map((value) => ({ value: Number(value), noise: 0 })), 1);
}

function plain(numbers: TrueNumbers): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, values.map(String)]));
}
