/**
 * The rows of a question: each table's columns that are needed and no others, joined on the person, with the atom of each variable in place of its
 * value. Conditions and groups are whole numbers from here on.
 */
import { sqlIdentifier } from '../../../sql/index.ts';
import { eventDimensions, type Plan, type PlanColumn, type PlanQuestion, type PlanVariable } from '../plan.ts';
import { atomCount } from '../rules/domain.ts';
import { searchSql } from './search.ts';

/** What SQL calls the plan's tables and audiences: a table function or a name, as it stands after FROM. */
export interface Sources {
  readonly table: (name: string) => string;
  /** With one column, `person`. */
  readonly audience: (name: string) => string;
}

/** An SQL text and the values of its parameters $1, $2 …: texts, and lists of texts. */
export interface BoundSql {
  readonly sql: string;
  readonly values: readonly (string | readonly string[])[];
}

/** The columns of a question's measures, each once. */
export function measuredColumns({ measures }: PlanQuestion): readonly PlanColumn[] {
  const columns = measures.flatMap((measure) => ('column' in measure ? [measure.column] : []));
  return [...new Map(columns.map((column) => [JSON.stringify([column.table, column.name]), column])).values()];
}

export class RowSql {
  readonly #plan: Plan;
  readonly #question: PlanQuestion;
  readonly #sources: Sources;
  readonly #values: (string | readonly string[])[];
  /** The variables that the question's conditions and groups use, by their place. */
  readonly #used: readonly number[];
  readonly #columns: readonly PlanColumn[];

  /** @param values the statement's parameters, to which those of the rows are added. */
  constructor(plan: Plan, question: PlanQuestion, sources: Sources, values: (string | readonly string[])[]) {
    this.#plan = plan;
    this.#question = question;
    this.#sources = sources;
    this.#values = values;
    this.#columns = measuredColumns(question);
    const used = [...question.filter.nodes, ...plan.dimensions].map(({ variable }) => variable);
    this.#used = [...new Set(used)].sort((a, b) => a - b);
  }

  /** Columns `person`, `cell`, `event_cell` and `value_0` … of the rows that fulfil the condition. */
  select(): string {
    const values = this.#columns.map((_, i) => `value_${i}`);
    const list = ['person', `${this.#cell()} AS cell`, `${this.#eventCell()} AS event_cell`, ...values];
    return `SELECT ${list.join(', ')} FROM (${this.#decided()}) WHERE state = 1`;
  }

  /** Every person who has rows in the joined tables, whatever the condition. */
  everybody(): string {
    return `SELECT DISTINCT table_0.person AS person FROM ${this.#joined(new NeededColumns(this.#plan))}`;
  }

  /** The condition's diagram as a machine: one step for each variable, from its nodes to their followers. */
  #decided(): string {
    const { root, nodes } = this.#question.filter;
    let from = `SELECT *, ${root} AS state FROM (${this.#atoms()})`;
    for (const variable of new Set(nodes.map((node) => node.variable).sort((a, b) => a - b))) {
      const steps = nodes.flatMap((node, i) =>
        node.variable === variable ? [`WHEN ${i + 2} THEN ${searchSql(`atom_${variable}`, node.segments)}`] : [],
      );
      from = `SELECT * REPLACE (CASE state ${steps.join(' ')} ELSE state END AS state) FROM (${from})`;
    }
    return from;
  }

  #cell(): string {
    return this.#number(this.#plan.dimensions.map((_, i) => i));
  }

  #eventCell(): string {
    return this.#number(eventDimensions(this.#plan));
  }

  /** `cellNumber` of those dimensions. */
  #number(places: readonly number[]): string {
    return places.reduce((number, i) => {
      const { variable, segments, cellCount } = this.#plan.dimensions[i]!;
      return `(${number} * ${cellCount} + ${searchSql(`atom_${variable}`, segments)})`;
    }, '0::BIGINT');
  }

  #atoms(): string {
    const lists: string[] = [];
    const atoms = this.#used.map((i) => {
      const variable = this.#plan.variables[i]!;
      if (variable.domain.kind === 'category') {
        this.#values.push(variable.domain.values);
        const parameter = `$${this.#values.length}::VARCHAR[]`;
        lists.push(
          `LEFT JOIN (SELECT unnest(${parameter}) AS text, unnest(range(len(${parameter}))) AS atom) AS list_${i} ON list_${i}.text = raw_${i}`,
        );
      }
      return `${atomSql(variable, i)} AS atom_${i}`;
    });
    const values = this.#columns.map(({ min, max }, i) => `${between(`raw_value_${i}`, min, max)} AS value_${i}`);
    const list = ['person', ...atoms, ...values];
    return `SELECT ${list.join(', ')} FROM (${this.#raw()}) ${lists.join(' ')}`;
  }

  #raw(): string {
    const needed = new NeededColumns(this.#plan);
    const raw = this.#used.map((i) => `${this.#rawOf(i, needed)} AS raw_${i}`);
    const values = this.#columns.map(
      ({ table, name }, i) => `CAST(${needed.column(table, name)} AS BIGINT) AS raw_value_${i}`,
    );
    const audiences = this.#used.flatMap((i) => {
      const { kind, name, table } = this.#plan.variables[i]!;
      if (kind !== 'audience') return [];
      const members = `(SELECT DISTINCT person FROM ${this.#sources.audience(name)})`;
      return [`LEFT JOIN ${members} AS audience_${i} ON audience_${i}.person = ${needed.person(table)}`];
    });
    const list = ['table_0.person AS person', ...raw, ...values];
    return `SELECT ${list.join(', ')} FROM ${[this.#joined(needed), ...audiences].join(' ')}`;
  }

  #rawOf(i: number, needed: NeededColumns): string {
    const { kind, table, name, domain } = this.#plan.variables[i]!;
    switch (kind) {
      case 'presence':
        return `(${needed.person(table)} IS NOT NULL)`;
      case 'audience':
        return `CASE WHEN ${needed.person(table)} IS NOT NULL THEN audience_${i}.person IS NOT NULL END`;
      case 'column':
        return `CAST(${needed.column(table, name)} AS ${domain.kind === 'category' ? 'VARCHAR' : 'BIGINT'})`;
    }
  }

  #joined(needed: NeededColumns): string {
    return this.#plan.tables
      .map(({ name, person, join }, i) => {
        const list = [`${sqlIdentifier(person)} AS person`, ...needed.listOf(name)];
        const rows = `SELECT ${list.join(', ')} FROM ${this.#sources.table(name)} WHERE ${sqlIdentifier(person)} IS NOT NULL`;
        if (i === 0) return `(${rows}) AS table_0`;
        return `${join === 'left' ? 'LEFT JOIN' : 'JOIN'} (${rows}) AS table_${i} ON table_${i}.person = table_0.person`;
      })
      .join(' ');
  }
}

/** The columns that are read of each table; they are numbered, so that no name of a rule meets one of ours. */
class NeededColumns {
  readonly #tables: Plan['tables'];
  readonly #names = new Map<string, string[]>();

  constructor({ tables }: Plan) {
    this.#tables = tables;
  }

  column(table: string, name: string): string {
    const names = this.#names.get(table) ?? [];
    if (!names.includes(name)) names.push(name);
    this.#names.set(table, names);
    return `table_${this.#placeOf(table)}.column_${names.indexOf(name)}`;
  }

  person(table: string): string {
    return `table_${this.#placeOf(table)}.person`;
  }

  listOf(table: string): readonly string[] {
    return (this.#names.get(table) ?? []).map((name, i) => `${sqlIdentifier(name)} AS column_${i}`);
  }

  #placeOf(table: string): number {
    return this.#tables.findIndex(({ name }) => name === table);
  }
}

/**
 * The number of a value's atom. Every row has one, whatever is in it, so that numbers of one name are always counted over the same rows: a value that no
 * rule declares counts as missing, or as the first where none may be missing, and a number beyond its range as the range's nearer end.
 */
function atomSql({ domain, isNullable }: PlanVariable, i: number): string {
  const count = atomCount(domain);
  const missing = isNullable ? count : 0;
  switch (domain.kind) {
    case 'category':
      return `coalesce(list_${i}.atom, ${missing})`;
    case 'number':
    case 'time': {
      const [first, last] = domain.kind === 'number' ? [domain.min, domain.max] : [domain.from, domain.to - 1];
      const within = `WHEN raw_${i} < ${first} THEN 0 WHEN raw_${i} > ${last} THEN ${count - 1}`;
      return `CASE WHEN raw_${i} IS NULL THEN ${missing} ${within} ELSE raw_${i} - (${first}) END`;
    }
    case 'flag':
      return `CASE WHEN raw_${i} IS NULL THEN ${missing} WHEN raw_${i} THEN 1 ELSE 0 END`;
  }
}

/** A value brought within its limits; NULL stays NULL, which `least` and `greatest` would skip. */
export function between(value: string, low: number | bigint, high: number | bigint): string {
  return `CASE WHEN ${value} < (${low}) THEN (${low}) WHEN ${value} > (${high}) THEN (${high}) ELSE ${value} END`;
}
