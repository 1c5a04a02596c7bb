/**
 * A question's SQL: rows, figures of each person in each cell, groups of a person beyond the limit cut away, every figure brought within its clip, sums
 * over each cell. Whole numbers of 128 bits throughout: no floating point before a figure is released.
 */
import { amountMeasures, isWhole, type Measure, type Plan, type PlanQuestion } from '../plan.ts';
import { type BoundSql, between, measuredColumns, RowSql, type Sources } from './rows.ts';

export interface QuestionSql {
  /** A row for each cell that has persons: its number, then each measure that has a number for every cell, in the plan's order, as text. */
  readonly cells: BoundSql;
  /** One row with each measure of the whole table, in the plan's order, as text; undefined where there is none. */
  readonly whole: BoundSql | undefined;
}

/** What guards an exact answer needs beside its figures. */
export interface ExactSql {
  /**
   * A row for each cell: its number, then for each of `amountMeasures` the largest amount of a person and all amounts, both without their signs, the amount that
   * most persons have, and how many have another, as text.
   */
  readonly contributions: BoundSql;
  /** Cell and person, in ascending order; then each amount of the person as a HUGEINT. */
  readonly persons: BoundSql;
  /** Every person who has rows in the joined tables, whatever the condition, in a cell 0; in ascending order. */
  readonly everybody: BoundSql;
}

export interface QueryContext {
  readonly plan: Plan;
  readonly sources: Sources;
  /** A secret of the data epoch, 32 bytes in hexadecimal: it decides which groups of a person are kept, always the same ones. */
  readonly cutKey: string;
}

export function questionSql(question: PlanQuestion, context: QueryContext): QuestionSql {
  const { measures } = question;
  const perCell = measures.filter((measure) => !isWhole(measure));
  const sums = perCell.map((measure) => asText(`coalesce(sum(${clippedSql(measure, question, context)}), 0)`));
  const cells = bound((values) => {
    const kept = keptSql(question, context, values);
    return `SELECT cell, ${sums.join(', ')} FROM (${kept}) WHERE is_kept GROUP BY cell ORDER BY cell`;
  });
  const wholes = measures.filter(isWhole);
  if (wholes.length === 0) return { cells, whole: undefined };
  const whole = bound((values) => {
    const flags = wholes.map((measure, i) => `bool_or(${flagSql(measure, question, context)}) AS flag_${i}`);
    const counts = wholes.map((_, i) => asText(`count(*) FILTER (WHERE flag_${i})`));
    const persons = `SELECT ${flags.join(', ')} FROM (${keptSql(question, context, values)}) GROUP BY person`;
    return `SELECT ${counts.join(', ')} FROM (${persons})`;
  });
  return { cells, whole };
}

export function exactSql(question: PlanQuestion, context: QueryContext): ExactSql {
  const amounts = amountMeasures(context.plan, question).map((place) => figureSql(question.measures[place]!, question));
  const contributions = amounts.flatMap((amount, i) => [
    asText(`max(abs(${amount}))`),
    asText(`sum(abs(${amount}))`),
    asText(`arg_max(${amount}, alike_${i})`),
    asText(`count(*) - max(alike_${i})`),
  ]);
  const alike = amounts.map((amount, i) => `count(*) OVER (PARTITION BY cell, ${amount}) AS alike_${i}`);
  return {
    contributions: bound((values) => {
      const list = ['cell', ...contributions];
      const persons = `SELECT ${['*', ...alike].join(', ')} FROM (${personSql(question, context, values)})`;
      return `SELECT ${list.join(', ')} FROM (${persons}) GROUP BY cell ORDER BY cell`;
    }),
    persons: bound((values) => {
      const list = ['cell', 'person', ...amounts.map((amount) => `CAST(${amount} AS HUGEINT)`)];
      return `SELECT ${list.join(', ')} FROM (${personSql(question, context, values)}) ORDER BY cell, person`;
    }),
    everybody: bound((values) => {
      const rows = new RowSql(context.plan, question, context.sources, values);
      return `SELECT 0::BIGINT AS cell, person FROM (${rows.everybody()}) ORDER BY person`;
    }),
  };
}

/** The figures of each person in each cell: `person_rows`, `sum_0` …, `squares_0` …. */
function personSql(
  question: PlanQuestion,
  { plan, sources }: QueryContext,
  values: BoundSql['values'][number][],
): string {
  const rows = new RowSql(plan, question, sources, values).select();
  const figures = measuredColumns(question).flatMap((column, i) => {
    const squares = question.measures.find(
      (measure) =>
        measure.kind === 'squares' && measure.column.name === column.name && measure.column.table === column.table,
    );
    const sum = `coalesce(sum(value_${i}), 0)::HUGEINT AS sum_${i}`;
    if (squares?.kind !== 'squares') return [sum];
    const value = plan.isExact ? `value_${i}` : `(${between(`value_${i}`, squares.low, squares.high)})`;
    return [sum, `coalesce(sum(${value}::HUGEINT * ${value}::HUGEINT), 0)::HUGEINT AS squares_${i}`];
  });
  const list = ['person', 'cell', 'event_cell', 'count(*)::HUGEINT AS person_rows', ...figures];
  return `SELECT ${list.join(', ')} FROM (${rows}) GROUP BY person, cell, event_cell`;
}

/** With `is_kept`: whether a group is among the few of its person that count. The choice is random, and the same in every question. */
function keptSql(question: PlanQuestion, context: QueryContext, values: BoundSql['values'][number][]): string {
  const persons = personSql(question, context, values);
  if (question.cut === undefined) return `SELECT *, true AS is_kept FROM (${persons})`;
  values.push(context.cutKey);
  const order = `sha256($${values.length}::VARCHAR || ':' || person || ':' || event_cell), event_cell`;
  return `SELECT *, row_number() OVER (PARTITION BY person ORDER BY ${order}) <= ${question.cut} AS is_kept FROM (${persons})`;
}

/** A person's figure in a cell as it is. */
function figureSql(measure: Measure, question: PlanQuestion): string {
  switch (measure.kind) {
    case 'rows':
      return 'person_rows';
    case 'sum':
    case 'squares': {
      const { table, name } = measure.column;
      const place = measuredColumns(question).findIndex((column) => column.table === table && column.name === name);
      return measure.kind === 'sum' ? `sum_${place}` : `squares_${place}`;
    }
    default:
      return '1';
  }
}

/** The same within the limits on what one person adds. */
function clippedSql(measure: Measure, question: PlanQuestion, { plan }: QueryContext): string {
  const figure = figureSql(measure, question);
  if (plan.isExact) return figure;
  switch (measure.kind) {
    case 'rows':
      return between(figure, 0, measure.most);
    case 'sum':
      return between(figure, measure.low, measure.high);
    case 'squares': {
      const most = BigInt(Math.max(Math.abs(measure.low), Math.abs(measure.high))) ** 2n;
      return between(figure, 0, most);
    }
    default:
      return figure;
  }
}

/** Whether a person counts in a number of the whole table. */
function flagSql(measure: Measure, question: PlanQuestion, context: QueryContext): string {
  switch (measure.kind) {
    case 'cut':
      return 'NOT is_kept';
    case 'clipped': {
      const clipped = question.measures[measure.measure]!;
      return `is_kept AND ${figureSql(clipped, question)} <> ${clippedSql(clipped, question, context)}`;
    }
    default:
      return 'true';
  }
}

function asText(number: string): string {
  return `CAST(${number} AS VARCHAR)`;
}

function bound(write: (values: (string | readonly string[])[]) => string): BoundSql {
  const values: (string | readonly string[])[] = [];
  return { sql: write(values), values };
}
