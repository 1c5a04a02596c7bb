import {
  type Catalogue,
  compileQuery,
  exactSql,
  type Plan,
  QueryRefused,
  questionSql,
} from '@causeway/core/policy/query';
import { SeededRandom } from '@causeway/core/random';
import { DuckDBInstance, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../testing/context.ts';
import { withoutOptimizers } from './tables.ts';
import { cutKey } from './testing/ask.ts';
import { roomData } from './testing/data.ts';
import { openParser, type Parser } from './testing/parser.ts';
import { refusedStatements } from './testing/refused.ts';
import { asker, catalogueOf } from './testing/rules.ts';
import { StatementWriter } from './testing/statements.ts';

let parser: Parser;
beforeAll(async () => {
  parser = await openParser();
});
afterAll(() => parser.close());

type Tree = null | boolean | number | string | Tree[] | { [name: string]: Tree };

/** What a mutation may put in a place: the vocabulary of the catalogue, of SQL and of the parser, and whole nodes of other statements. */
class Mutator {
  readonly #random: SeededRandom;
  readonly #words: readonly string[];
  readonly #nodes: readonly Tree[];

  constructor(random: SeededRandom, nodes: readonly Tree[], catalogue: Catalogue) {
    this.#random = random;
    this.#nodes = nodes;
    const names = catalogue.tables.flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]);
    const others = [
      '',
      'main',
      'sum',
      'min',
      'random',
      'rowid',
      'INNER',
      'LEFT',
      'CROSS',
      'WINDOW',
      'SUBQUERY',
      'VALUE_CONSTANT',
    ];
    this.#words = [...names, ...others, 'COMPARE_EQUAL', 'CONJUNCTION_AND', '1', "' OR 1=1 --", '上海', 'DATE'];
  }

  /** One to three changes. */
  mutated(tree: Tree): Tree {
    const copy = structuredClone(tree);
    for (let i = 1 + this.#random.below(3); i > 0; i--) this.#change(copy);
    return copy;
  }

  #change(tree: Tree): void {
    const places = [...placesOf(tree)];
    // An earlier change may have taken all of it away.
    if (places.length === 0) return;
    const { parent, key } = places[this.#random.below(places.length)]!;
    const value = parent[key]!;
    const list = Array.isArray(parent) ? parent : undefined;
    switch (this.#random.below(5)) {
      case 0:
        parent[key] = this.#scalar(value);
        return;
      case 1:
        parent[key] = structuredClone(this.#nodes[this.#random.below(this.#nodes.length)]!);
        return;
      case 2: {
        const other = places[this.#random.below(places.length)]!;
        parent[key] = structuredClone(other.parent[other.key]!);
        return;
      }
      case 3:
        if (list) list.splice(Number(key), 1);
        else delete parent[key];
        return;
      default:
        if (list) list.push(structuredClone(value));
        else parent[this.#word()] = value;
    }
  }

  #scalar(value: Tree): Tree {
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'number') return [0, -1, value + 1, 2 ** 31, 1.5][this.#random.below(5)]!;
    return this.#random.chance(0.2) ? null : this.#word();
  }

  #word(): string {
    return this.#words[this.#random.below(this.#words.length)]!;
  }
}

interface Place {
  readonly parent: { [key: string]: Tree };
  readonly key: string;
}

function* placesOf(tree: Tree): Generator<Place> {
  if (typeof tree !== 'object' || tree === null) return;
  const parent = tree as { [key: string]: Tree };
  for (const key of Object.keys(parent)) {
    yield { parent, key };
    yield* placesOf(parent[key]!);
  }
}

/** The columns that DuckDB's own plan of a statement reads, file by file, as `table.column`. */
async function scannedBy(
  plan: Plan,
  explain: (sql: string, values: readonly (string | readonly string[])[]) => Promise<Tree>,
) {
  const sources = { table: (name: string) => name, audience: (name: string) => name };
  const columns = new Set<string>();
  for (const question of plan.questions) {
    const { cells, whole } = questionSql(question, { plan, sources, cutKey });
    const exact = exactSql(question, { plan, sources, cutKey });
    for (const bound of [cells, ...(whole ? [whole] : []), exact.persons, exact.contributions, exact.everybody]) {
      for (const column of scans(await explain(bound.sql, bound.values))) columns.add(column);
    }
  }
  return columns;
}

function* scans(tree: Tree): Generator<string> {
  if (typeof tree !== 'object' || tree === null) return;
  if (
    !Array.isArray(tree) &&
    typeof tree.extra_info === 'object' &&
    tree.extra_info !== null &&
    'Table' in tree.extra_info
  ) {
    const { Table: table, Projections: projections } = tree.extra_info as { [name: string]: Tree };
    const name = String(table).split('.').at(-1);
    for (const column of Array.isArray(projections) ? projections : [projections ?? '?']) yield `${name}.${column}`;
  }
  for (const part of Object.values(tree)) yield* scans(part);
}

describe('[F65] changed trees', () => {
  it('are refused by a rule, or read no column beyond what is allowed', { timeout: 300_000 }, async () => {
    const catalogue = catalogueOf();
    const random = new SeededRandom('fuzz');
    const writer = new StatementWriter(random);
    const texts = Array.from({ length: 60 }, () => writer.next().text);
    const trees: Tree[] = [];
    const others = Object.values(refusedStatements).flat();
    for (const text of [...texts, ...others.filter(({ length }) => length < 300)])
      trees.push(JSON.parse(await parser.tree(text)));
    const nodes = trees.flatMap((tree) => [...placesOf(tree)].map(({ parent, key }) => parent[key]!));
    const mutator = new Mutator(random, nodes, catalogue);
    const database = await tablesOfTheirNames();
    let [allowed, refused] = [0, 0];
    try {
      for (let i = 0; i < 6000; i++) {
        const tree = JSON.stringify(mutator.mutated(trees[i % texts.length]!));
        let query: ReturnType<typeof compileQuery>;
        try {
          query = compileQuery({ tree, catalogue, asker });
        } catch (error) {
          // Anything else than a refusal would be a bug, and perhaps a way around one.
          if (!(error instanceof QueryRefused)) throw new Error(`not a refusal, for ${tree}`, { cause: error });
          refused++;
          continue;
        }
        allowed++;
        // To look at each plan takes long; the kept ones are spread over all.
        if (allowed % 8 !== 0) continue;
        const may = new Set(query.uses.map(({ column }) => column));
        for (const { name, person } of query.plan.tables) may.add(`${name}.${person}`);
        for (const column of await scannedBy(query.plan, database.explain)) {
          expect(may.has(column) || /^(vip|raters)\.person$/.test(column), `${column} by ${tree}`).toBe(true);
          expect(column).not.toMatch(/secret|inner|event_id|income|hidden/);
        }
      }
    } finally {
      database.close();
    }
    expect(allowed).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(3000);
  });

  it('a canary is caught: a plan that reads another column', async () => {
    const database = await tablesOfTheirNames();
    const tree = await database.explain('SELECT city, secret FROM crm', []);
    expect([...scans(tree)].sort()).toEqual(['crm.city', 'crm.secret']);
    database.close();
  });

  it('[F67] a tree of 100,000 nodes, one 5,000 deep and one that is no tree are refused at once', () => {
    const catalogue = catalogueOf();
    const code = (tree: string) => {
      try {
        compileQuery({ tree, catalogue, asker });
        return 'allowed';
      } catch (error) {
        return error instanceof QueryRefused ? error.code : `${error}`;
      }
    };
    const wide = JSON.stringify({ error: false, statements: Array.from({ length: 2 ** 20 }, () => null) });
    const deep = `{"error":false,"statements":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    expect([wide, deep].map(code)).toEqual(['too-complex', 'too-complex']);
    expect(code('{"error":false}')).toBe('unknown-field');
    for (const tree of [
      '',
      '{',
      'null',
      '[]',
      '7',
      '{"error":false,"statements":7}',
      '{"error":1e999}',
      '{"__proto__":1}',
    ]) {
      expect(code(tree), tree).toBe('tree-damaged');
    }
  });
});

/** Empty tables of the catalogue's names and forms, in which DuckDB names what it reads. */
async function tablesOfTheirNames() {
  const data = await roomData(testFolder(), 1);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET disabled_optimizers = '${withoutOptimizers.join(',')}'`);
  for (const { name, files } of [...data.tables, ...data.audiences]) {
    await connection.run(`CREATE TABLE ${name} AS SELECT * FROM read_parquet('${files[0]}')`);
  }
  return {
    explain: async (sql: string, values: readonly (string | readonly string[])[]): Promise<Tree> => {
      const list = values.map((value) => (typeof value === 'string' ? value : listValue([...value])));
      const types = values.map((value) => (typeof value === 'string' ? VARCHAR : LIST(VARCHAR)));
      const reader = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`, list, types);
      return JSON.parse(String(reader.getRows()[0]![1]));
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
