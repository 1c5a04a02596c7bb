/** The plan and the vectors of a statement whose names, groups and conditions are known. */
import { bytesToHex, compareBytes, hexToBytes, lengthPrefixed, utf8ToBytes } from '../../../bytes/index.ts';
import { sha256 } from '../../../crypto/index.ts';
import { canonicalBytes } from '../../../json/index.ts';
import type { Node, Segment } from '../diagram/diagram.ts';
import type { Measure, Plan, PlanTable } from '../plan.ts';
import { type Catalogue, catalogueHash } from '../rules/catalogue.ts';
import { yes } from '../rules/domain.ts';
import type { CompiledQuery } from './compile.ts';
import type { Conditions } from './conditions.ts';
import type { Dimension } from './dimension.ts';
import { type Expression, figuresOf, mapFigures, type Wanted, type WantedColumn } from './expressions.ts';
import { groupingDigest } from './number-key.ts';
import { type BookedQuestion, type FigurePlace, QuestionBook } from './question-book.ts';
import type { Scope, ScopeTable, Variable } from './scope.ts';
import { type Asker, intersect, type Terms, type Use, useOfAudience, useOfColumn } from './uses.ts';
import { requireNumbers, type Vector, vectorOf } from './vectors.ts';

export interface Resolved {
  readonly catalogue: Catalogue;
  readonly asker: Asker;
  readonly scope: Scope;
  readonly conditions: Conditions;
  readonly dimensions: readonly Dimension[];
  readonly where: Node;
  readonly wanted: readonly Expression<Wanted>[];
}

type Assembled = Pick<CompiledQuery, 'plan' | 'vectors' | 'witnesses' | 'rows' | 'k' | 'subjects' | 'queryKey'> & {
  readonly expressions: readonly Expression<number>[];
};

export function assemble(resolved: Resolved): Assembled {
  return new Assembly(resolved).build();
}

class Assembly {
  readonly #resolved: Resolved;
  /** Without those that are joined from the left and change nothing. */
  readonly #tables: readonly ScopeTable[];
  readonly #terms: Terms;
  readonly #book: QuestionBook;

  constructor(resolved: Resolved) {
    this.#resolved = resolved;
    const { conditions, dimensions } = resolved;
    const figures = resolved.wanted.flatMap((expression) => [...figuresOf(expression)]);
    this.#tables = this.#neededTables(figures);
    const optional = this.#tables.filter(({ kind }) => kind === 'left');
    this.#book = new QuestionBook(conditions, dimensions, optional);
    this.#terms = intersect([
      ...this.#usesOf(resolved.where),
      ...figures.flatMap(({ condition, column }) => this.#usesOf(condition, column)),
    ]);
  }

  build(): Assembled {
    const { where, wanted } = this.#resolved;
    const rows = this.#book.figure({
      condition: where,
      groupsMax: intersect(this.#usesOf(where)).groupsMax,
      measure: { kind: 'persons' },
    }).question;
    const placed = wanted.map((expression) => mapFigures(expression, (figure) => this.#place(figure)));
    const { questions } = this.#book;
    if (!this.#isExact) for (const question of askedOf(placed)) this.#bookShares(questions[question]!);
    const plan = this.#plan();
    const vectors = this.#vectors(plan);
    requireNumbers(vectors);
    const vectorAt = ({ question, measure }: FigurePlace) =>
      vectors.findIndex((vector) => vector.question === question && vector.measure === measure);
    return {
      plan,
      vectors,
      witnesses: questions.map(({ witnesses }) => witnesses.map((question) => vectorAt({ question, measure: 0 }))),
      rows: questions[rows]!.cells.map(({ number, parts }) => ({ cell: number, labels: this.#labels(parts) })),
      expressions: placed.map((expression) => mapFigures(expression, vectorAt)),
      k: this.#terms.k,
      subjects: this.#subjects(),
      queryKey: this.#queryKey(plan, vectors),
    };
  }

  get #isExact(): boolean {
    return this.#terms.protection.kind === 'exact';
  }

  #place({ kind, condition, column }: Wanted): FigurePlace {
    const { groupsMax, rowsMax } = intersect(this.#usesOf(condition, column));
    return this.#book.figure({ condition, groupsMax, measure: measureOf(kind, column, rowsMax) });
  }

  /** Where a limit on what one person adds can bind, it is told how many persons it concerned, of how many. */
  #bookShares({ measures, cells, groupsMax }: BookedQuestion): void {
    const wholes: Measure[] = [];
    measures.forEach((measure, place) => {
      if (this.#canClip(measure)) wholes.push({ kind: 'clipped', measure: place });
    });
    if (this.#groupsReached(cells) > groupsMax) wholes.push({ kind: 'cut' });
    // Without groups the count of persons says of how many.
    if (wholes.length > 0 && this.#resolved.dimensions.length > 0) wholes.push({ kind: 'everyone' });
    measures.push(...wholes);
  }

  #canClip(measure: Measure): boolean {
    if (measure.kind === 'rows') return true;
    if (measure.kind !== 'sum') return false;
    const { min, max } = measure.column;
    return this.#resolved.scope.hasEvents || min < measure.low || max > measure.high;
  }

  /** The groups that one person can have rows in. */
  #groupsReached(cells: BookedQuestion['cells']): number {
    const event = this.#dimensionsOf('event');
    return new Set(cells.map(({ parts }) => event.map((i) => parts[i]).join())).size;
  }

  #vectors(plan: Plan): readonly Vector[] {
    const { catalogue, conditions } = this.#resolved;
    const { diagrams } = conditions;
    const eventPlaces = this.#dimensionsOf('event');
    const around = {
      tables: plan.tables,
      context: { epoch: hexToBytes(catalogue.epoch), catalogue: catalogueHash(catalogue) },
      digest: (node: Node) => diagrams.digest(node),
      baseOf: (question: BookedQuestion, parts: readonly number[]) => this.#base(question, parts),
      grouping: groupingDigest(plan.dimensions, plan.variables),
      eventGrouping: groupingDigest(
        eventPlaces.map((i) => plan.dimensions[i]!),
        plan.variables,
      ),
      eventPlaces,
    };
    return this.#book.questions.flatMap((booked, question) => {
      const reached = this.#groupsReached(booked.cells);
      const isCut = !plan.isExact && reached > booked.groupsMax;
      const groups = { isCut, kept: isCut ? booked.groupsMax : reached };
      const isMovable = this.#isMovable(booked);
      return booked.measures.map((measure, place) => {
        const column = 'column' in measure ? this.#columnOf(measure.column) : undefined;
        const own = intersect(this.#usesOf(booked.condition, column)).protection;
        // Beside noisy figures an exact one would be outside of what guards exact answers.
        const protection = own.kind === 'exact' ? this.#terms.protection : own;
        return vectorOf({ question, booked, measure: place, protection, groups, isMovable }, around);
      });
    });
  }

  /** The condition with the cells along those dimensions in which a person has one cell. */
  #base({ condition }: BookedQuestion, parts: readonly number[]): string {
    const { conditions, dimensions } = this.#resolved;
    const members = this.#dimensionsOf('person').map((i) => {
      const { variable, cells } = dimensions[i]!;
      return conditions.member(variable, cells[parts[i]!]!.ranges);
    });
    return conditions.diagrams.digest(conditions.diagrams.all([condition, ...members]));
  }

  #isMovable({ cells }: BookedQuestion): boolean {
    const { conditions } = this.#resolved;
    const { diagrams, variables } = conditions;
    return this.#tables.some((table) => {
      const presence = conditions.presenceOf(table);
      if (presence === undefined) return false;
      const isPresent = conditions.member(presence, yes);
      return cells.some(({ node }) => {
        const depends = [...diagrams.support(node)].some((variable) => variables[variable]!.table === table);
        return depends && diagrams.and(node, isPresent) !== node;
      });
    });
  }

  #plan(): Plan {
    const { conditions, dimensions } = this.#resolved;
    return {
      tables: this.#tables.map(planTable),
      variables: conditions.variables.map(({ id, table, kind, domain, isNullable, ...more }) => ({
        id,
        kind,
        domain,
        isNullable,
        table: table.rules.name,
        name: 'rule' in more ? more.rule.name : '',
      })),
      dimensions: dimensions.map((dimension) => ({
        variable: dimension.variable,
        segments: segmentsOf(dimension),
        cellCount: dimension.cells.length,
        isEvent: conditions.variables[dimension.variable]!.table.rules.kind === 'event',
      })),
      questions: this.#book.questions.map(({ condition, measures, cells, groupsMax }) => ({
        filter: conditions.diagrams.export(condition),
        measures,
        cut: !this.#isExact && this.#groupsReached(cells) > groupsMax ? groupsMax : undefined,
      })),
      isExact: this.#isExact,
    };
  }

  /** What a figure depends on: persons, the columns that decide about its condition, the groups, and its own column. */
  #usesOf(condition: Node, column?: WantedColumn): readonly Use[] {
    const { conditions, dimensions } = this.#resolved;
    const variables = new Set([
      ...conditions.diagrams.support(condition),
      ...dimensions.map(({ variable }) => variable),
    ]);
    return [
      ...this.#tables.map(({ rules, person }) => useOfColumn(rules, person, 'join', undefined)),
      ...[...variables].map((variable) => useOfVariable(conditions.variables[variable]!)),
      ...(column === undefined ? [] : [useOfColumn(column.table.rules, column.rule, 'sum', undefined)]),
    ];
  }

  #neededTables(figures: readonly Wanted[]): readonly ScopeTable[] {
    const { scope, conditions, dimensions, where } = this.#resolved;
    const variables = [where, ...figures.map(({ condition }) => condition)].flatMap((node) => [
      ...conditions.diagrams.support(node),
    ]);
    const used = new Set([
      ...[...variables, ...dimensions.map(({ variable }) => variable)].map((i) => conditions.variables[i]!.table),
      ...figures.flatMap(({ column }) => (column === undefined ? [] : [column.table])),
    ]);
    const isNeeded = (table: ScopeTable) => table.kind === 'inner' || table.rules.kind === 'event' || used.has(table);
    const order = ({ kind, rules }: ScopeTable) => JSON.stringify([kind, rules.owner, rules.name]);
    return scope.tables.filter(isNeeded).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  #dimensionsOf(kind: 'event' | 'person'): readonly number[] {
    const { dimensions, conditions } = this.#resolved;
    return dimensions.flatMap(({ variable }, i) =>
      conditions.variables[variable]!.table.rules.kind === kind ? [i] : [],
    );
  }

  #columnOf({ table, name }: { readonly table: string; readonly name: string }): WantedColumn {
    const found = this.#tables.find(({ rules }) => rules.name === table)!;
    return { table: found, rule: found.rules.columns.find((rule) => rule.name === name) as WantedColumn['rule'] };
  }

  #labels(parts: readonly number[]) {
    return parts.map((cell, i) => this.#resolved.dimensions[i]!.cells[cell]!.label);
  }

  #subjects(): CompiledQuery['subjects'] {
    const named = new Map(
      this.#tables.map(({ rules: { owner, subjects } }) => [JSON.stringify([owner, subjects]), { owner, subjects }]),
    );
    return [...named.keys()].sort().map((name) => named.get(name)!);
  }

  #queryKey(plan: Plan, vectors: readonly Vector[]): string {
    const { group } = this.#resolved.asker;
    const shape = { group, k: this.#terms.k, grouping: groupingDigest(plan.dimensions, plan.variables) };
    const keys = vectors.map(({ key }) => key).sort(compareBytes);
    return bytesToHex(sha256(lengthPrefixed(utf8ToBytes('causeway/v1/query'), canonicalBytes(shape), ...keys)));
  }
}

function measureOf(kind: Wanted['kind'], column: WantedColumn | undefined, rowsMax: number): Measure {
  if (kind === 'persons') return { kind };
  if (kind === 'rows') return { kind, most: rowsMax };
  const { table, rule } = column!;
  const planColumn = { table: table.rules.name, name: rule.name, min: rule.min, max: rule.max };
  // A rule that allows sums has a clip: the catalogue is refused otherwise.
  return { kind, column: planColumn, low: rule.clip!.low, high: rule.clip!.high };
}

/** The questions that figures of the outputs are from. */
function askedOf(expressions: readonly Expression<FigurePlace>[]): ReadonlySet<number> {
  return new Set(expressions.flatMap((expression) => [...figuresOf(expression)].map(({ question }) => question)));
}

function planTable({ rules, kind }: ScopeTable): PlanTable {
  return { owner: rules.owner, name: rules.name, join: kind, rowsOf: rules.kind, person: rules.person };
}

function useOfVariable(variable: Variable): Use {
  const { table, kind } = variable;
  switch (kind) {
    case 'column':
      return useOfColumn(table.rules, variable.rule, 'filter', undefined);
    case 'audience':
      return useOfAudience(table.rules, variable.rule, 'filter', undefined);
    case 'presence':
      return useOfColumn(table.rules, table.person, 'join', undefined);
  }
}

function segmentsOf({ cells }: Dimension): readonly Segment[] {
  return cells.flatMap(({ ranges }, to) => ranges.map(({ to: end }) => ({ end, to }))).sort((a, b) => a.end - b.end);
}
