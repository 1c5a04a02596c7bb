/** How many people a selection or a retargeting has, told of rows of others; the people themselves are for whoever owns the rows. */
import type { Sources, TableRules } from '../../policy/query/index.ts';
import { around, type Count, type Interval } from '../../statistics/index.ts';
import { fixed, optional, rangeText } from '../report/index.ts';
import {
  type Retargeting,
  reportRetarget,
  retargetMembersSql,
  retargetRule,
  retargetSql,
  retargetSteps,
} from '../retarget/index.ts';
import { type Rule, type RuleSource, ruleWords, selectSql, sizeSql } from '../select/index.ts';
import { grouped, type Words } from '../words.ts';
import type { Reader } from './reader.ts';
import { type CountedReport, integerOf } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { readRule, resolveRule, ruleSource, tagsOf } from './rules.ts';
import { peopleTable } from './table.ts';

export interface SizeReport {
  /** Absent where too few. */
  readonly about?: number;
  /** 95 %, what noise leaves; absent where exact. */
  readonly interval?: Interval;
  readonly words: readonly Words[];
}

/** Who is in an audience. */
export interface Selection {
  readonly rule: Rule;
  /** Of the people who can be in it. */
  readonly table: TableRules;
  /** @param events as the statements of a report have it. */
  readonly source: (sources: Sources, events: string) => RuleSource;
}

/** @throws {RuleError} */
export function selectionOf(request: RequestOf<'select' | 'retarget'>, reader: Reader): Selection {
  const { asOf } = request;
  const table = reader.personTable(request.people);
  if (request.application === 'select') reader.join(request.with ?? []);
  reader.events(request.events, {}, [asOf]);
  const rule = ruleOf(request, table, reader);
  const tags = tagsOf(rule);
  return { rule, table, source: (sources, events) => ruleSource({ table, tags, asOf, reader }, sources, events) };
}

function ruleOf(request: RequestOf<'select' | 'retarget'>, table: TableRules, reader: Reader): Rule {
  if (request.application === 'select') return resolveRule(request.rule, table, reader);
  const rule = retargetRule(retargetingOf(request));
  readRule(rule, table, reader);
  return rule;
}

function retargetingOf(request: RequestOf<'retarget'>): Retargeting {
  const { asOf: _, application: __, people: ___, events: ____, ...retargeting } = request;
  return retargeting;
}

/** @throws {RuleError} */
export function resolveSelect(request: RequestOf<'select'>, reader: Reader): CountedReport {
  const { rule, source } = selectionOf(request, reader);
  return {
    kind: 'counted',
    tables: () => [peopleTable('size', 1)],
    statements: (sources, events) => ({ size: sizeSql(rule, source(sources, events), 1) }),
    members: (sources, events) => ({
      size: `SELECT 0 AS cell, person, 1 AS amount FROM (${selectSql(rule, source(sources, events))})`,
    }),
    kinds: () => [{ size: [[0, 1]] }],
    numbers: (rows) => ({ size: [integerOf(rows('size')[0]!.hits)] }),
    report: (released, k): SizeReport => {
      const size = released('size')[0];
      return { ...sizeOf(size), words: [ruleWords(rule), sizeWords(size, k)] };
    },
  };
}

function sizeOf(size: Count | undefined): Omit<SizeReport, 'words'> {
  if (size === undefined) return {};
  const interval = size.noise === 0 ? undefined : around(size.value, size.noise);
  return { about: Math.round(size.value), ...optional('interval', interval) };
}

function sizeWords(size: Count | undefined, k: number): Words {
  if (size === undefined) {
    return {
      en: `Fewer than ${grouped(k)} people, or not surely more.`,
      zh: `少于 ${grouped(k)} 人，或不能确定更多。`,
    };
  }
  const about = fixed(size.value, 0);
  if (size.noise === 0) return { en: `${about} people.`, zh: `${about} 人。` };
  const range = rangeText(around(size.value, size.noise), 0);
  return { en: `About ${about} people (${range}).`, zh: `约 ${about} 人（${range}）。` };
}

export function resolveRetarget(request: RequestOf<'retarget'>, reader: Reader): CountedReport {
  const retargeting = retargetingOf(request);
  const { source } = selectionOf(request, reader);
  const steps = retargetSteps(retargeting);
  return {
    kind: 'counted',
    // A person is among those who are left after none, some or all of the steps, and may be so without an order that is gone.
    tables: () => [peopleTable('steps', steps.length, { in: steps.length })],
    statements: (sources, events) => ({ steps: retargetSql(retargeting, source(sources, events)) }),
    members: (sources, events) => ({ steps: retargetMembersSql(retargeting, source(sources, events)) }),
    kinds: () =>
      steps.map((_, last) => ({ steps: Array.from({ length: last + 1 }, (__, step) => [step, 1] as const) })),
    numbers: (rows) => ({ steps: rows('steps').map((row) => integerOf(row.people)) }),
    report: (released, k) => {
      const deviation = Math.sqrt(Math.max(0, ...released('steps').map((count) => count?.noise ?? 0)));
      let before = Number.POSITIVE_INFINITY;
      const left = released('steps').map((count) => {
        if (count === undefined) return undefined;
        // Nobody comes in by a step: noise that says so is taken back.
        before = Math.max(0, Math.min(before, Math.round(count.value)));
        return before;
      });
      return reportRetarget(retargeting, left, k + Math.ceil(2 * deviation));
    },
  };
}
