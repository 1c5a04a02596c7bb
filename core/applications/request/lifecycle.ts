import {
  agingMembersSql,
  agingSql,
  checkModel,
  flowMembersSql,
  flowsSql,
  type LifecycleReport,
  models,
  reportLifecycle,
} from '../lifecycle/index.ts';
import type { Released } from '../report/index.ts';
import type { Words } from '../words.ts';
import type { Reader } from './reader.ts';
import { type CountedReport, inOrder, integerOf, type PersonNumbers } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { readRule, ruleContext, ruleSource, tagsOf } from './rules.ts';
import { peopleTable } from './table.ts';

/** One report for each two dates that follow each other. */
export interface LifecycleReports {
  readonly transitions: readonly { readonly from: number; readonly to: number; readonly report: LifecycleReport }[];
  readonly words: readonly Words[];
}

/** Outside, among the stages' numbers. */
const outside = 'null';

/** @throws {RuleError} of a stage's rule. */
export function resolveLifecycle(request: RequestOf<'lifecycle'>, reader: Reader): CountedReport {
  const { dates } = request;
  const table = reader.personTable(request.people);
  reader.events(request.events, {}, dates);
  const model =
    typeof request.model === 'string' ? models[request.model] : checkModel(request.model, ruleContext(table, reader));
  for (const { rule } of model.stages) readRule(rule, table, reader);
  const tags = model.stages.flatMap(({ rule }) => tagsOf(rule));
  const count = model.stages.length;
  const places = [...model.stages.keys()].map(String);
  const flowCells = [...places, outside].flatMap((from) =>
    [...places, outside].filter((to) => from !== outside || to !== outside).map((to) => `${from} ${to}`),
  );
  const agingCells = places.flatMap((stage) => dates.map((_, i) => `${stage} ${i + 1}`));
  const transitions = dates.slice(1).map((to, i) => ({ from: dates[i]!, to, name: `flows ${i + 1}` }));
  return {
    kind: 'counted',
    tables: () => [
      ...transitions.map(({ name }) => peopleTable(name, flowCells.length, { moves: true })),
      peopleTable('aging', agingCells.length, { moves: true }),
    ],
    statements: (sources, events) => {
      const source = (asOf: number) => ruleSource({ table, tags, asOf, reader }, sources, events);
      const flows = transitions.map(({ name, from, to }) => [name, flowsSql(model, source(to), from)] as const);
      return { ...Object.fromEntries(flows), aging: agingSql(model, source(dates.at(-1)!), dates) };
    },
    members: (sources, events) => {
      const source = (asOf: number) => ruleSource({ table, tags, asOf, reader }, sources, events);
      const flows = transitions.map(({ name, from, to }) => [name, flowMembersSql(model, source(to), from)] as const);
      return { ...Object.fromEntries(flows), aging: agingMembersSql(model, source(dates.at(-1)!), dates) };
    },
    kinds: () =>
      pathsThrough(count, dates.length).map((stages): PersonNumbers => {
        const last = stages.at(-1)!;
        const flows = transitions.flatMap(({ name }, i) => {
          const [from, to] = [stages[i]!, stages[i + 1]!];
          return from === count && to === count ? [] : [[name, [[from * (count + 1) + to, 1]]] as const];
        });
        const length = stages.length - 1 - stages.findLastIndex((stage) => stage !== last);
        const aging = last === count ? {} : { aging: [[last * dates.length + length - 1, 1]] as const };
        return { ...Object.fromEntries(flows), ...aging };
      }),
    numbers: (rows) => {
      const cells = (statement: string, columns: readonly [string, string]) =>
        new Map(
          rows(statement).map((row) => [columns.map((name) => String(row[name])).join(' '), integerOf(row.people)]),
        );
      const flows = transitions.map(
        ({ name }) => [name, inOrder(flowCells, cells(name, ['from_stage', 'to_stage']))] as const,
      );
      return { ...Object.fromEntries(flows), aging: inOrder(agingCells, cells('aging', ['stage', 'dates'])) };
    },
    report: (released, k): LifecycleReports => {
      const aging = rowsOf(released('aging'), count, dates.length);
      const reports = transitions.map(({ name, from, to }, i) => {
        const flows = rowsOf(released(name), count + 1, count + 1);
        const isLast = i === transitions.length - 1;
        return { from, to, report: reportLifecycle(model, { flows, ...(isLast ? { aging } : {}) }, k) };
      });
      return { transitions: reports, words: reports.flatMap(({ report }) => report.words) };
    },
  };
}

/** Cells row by row; the last row may be shorter. */
function rowsOf(cells: readonly Released[], rows: number, columns: number): Released[][] {
  return Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns));
}

/**
 * Stages at each date, `outside` being `count`: one date or two in a row somewhere, and a stage from each date to the last. Whatever else somebody goes through,
 * its numbers are sums and differences of theirs.
 */
function pathsThrough(count: number, dateCount: number): readonly (readonly number[])[] {
  const stages = [...Array(count).keys()];
  const path = (at: number, ...own: readonly number[]) =>
    Array.from({ length: dateCount }, (_, date) => own[date - at] ?? count);
  return [...Array(dateCount).keys()].flatMap((at) => [
    ...stages.map((stage) => path(at, stage)),
    ...(at + 1 < dateCount ? stages.flatMap((from) => stages.map((to) => path(at, from, to))) : []),
    ...stages.map((stage) => path(at, ...Array<number>(dateCount - at).fill(stage))),
  ]);
}
