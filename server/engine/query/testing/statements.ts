/** Random statements that are allowed, each as it is asked and as plain SQL for the views of `data.ts`. One seed gives the same statements. */
import type { SeededRandom } from '@causeway/core/random';
import { channels, cities } from './rules.ts';

export interface Statement {
  readonly text: string;
  /** The groups' labels as texts, then the figures. */
  readonly plain: string;
  readonly groupCount: number;
}

/** What is written the same both times, but for those that have a `plain` form. */
interface Part {
  readonly text: string;
  readonly plain: string;
}

interface Source {
  readonly from: string;
  readonly tables: readonly TableName[];
}

type TableName = 'crm' | 'panel' | 'users' | 'visits';

const sources: readonly Source[] = [
  { from: 'crm', tables: ['crm'] },
  { from: 'visits', tables: ['visits'] },
  { from: 'crm JOIN panel USING (person)', tables: ['crm', 'panel'] },
  { from: 'crm LEFT JOIN panel ON panel.person = crm.person', tables: ['crm', 'panel'] },
  { from: 'crm JOIN users ON users.uid = crm.person', tables: ['crm', 'users'] },
  { from: 'visits JOIN crm USING (person)', tables: ['visits', 'crm'] },
  { from: 'crm LEFT JOIN visits USING (person)', tables: ['crm', 'visits'] },
  { from: 'visits JOIN crm USING (person) LEFT JOIN panel USING (person)', tables: ['visits', 'crm', 'panel'] },
];

const texts = (values: readonly string[]) => values.map((value) => `'${value.replaceAll("'", "''")}'`);

const columns: Readonly<
  Record<TableName, readonly { readonly name: string; readonly of: readonly string[] | 'number' | 'time' }[]>
> = {
  crm: [
    { name: 'crm.city', of: texts(cities) },
    { name: 'crm.tier', of: texts(['1', '2', '3']) },
    { name: 'crm.member', of: ['true', 'false'] },
    { name: 'crm.age', of: 'number' },
  ],
  panel: [
    { name: 'panel.grade', of: texts(['a', 'b']) },
    { name: 'panel.score', of: 'number' },
  ],
  users: [{ name: 'users.device', of: texts(['ios', 'android']) }],
  visits: [
    { name: 'visits.channel', of: texts(channels) },
    { name: 'visits."at"', of: 'time' },
    { name: 'visits.value', of: 'number' },
  ],
};

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  'crm.age': [18, 97],
  'panel.score': [-50, 50],
  'visits.value': [-10_000, 10_000],
};

export class StatementWriter {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  next(): Statement {
    const source = this.#pick(sources);
    const groups = Array.from({ length: this.#random.below(3) }, () => this.#group(source));
    const figures = Array.from({ length: 1 + this.#random.below(3) }, () => this.#figure(source));
    const where = this.#random.chance(0.7) ? this.#condition(source, 3) : undefined;
    const write = (form: 'text' | 'plain') => {
      const outputs = [
        ...groups.map((group) => (form === 'text' ? group.text : `${group.plain}::VARCHAR`)),
        ...figures.map((figure) => figure[form]),
      ];
      const condition = where === undefined ? '' : ` WHERE ${where[form]}`;
      const by = groups.length === 0 ? '' : ` GROUP BY ${groups.map((_, i) => i + 1).join(', ')}`;
      return `SELECT ${outputs.join(', ')} FROM ${source.from}${condition}${by}`;
    };
    return { text: write('text'), plain: write('plain'), groupCount: groups.length };
  }

  /** A condition of the statements, for rewriting. */
  condition(from: TableName, depth: number): Part {
    return this.#condition({ from, tables: [from] }, depth);
  }

  #condition(source: Source, depth: number): Part {
    if (depth > 0 && this.#random.chance(0.6)) {
      const terms = Array.from({ length: 2 + this.#random.below(2) }, () => this.#condition(source, depth - 1));
      const joint = this.#random.chance(0.5) ? ' AND ' : ' OR ';
      const join = (form: 'text' | 'plain') => `(${terms.map((term) => term[form]).join(joint)})`;
      const not = this.#random.chance(0.2) ? 'NOT ' : '';
      return { text: not + join('text'), plain: not + join('plain') };
    }
    if (source.tables.includes('crm') && this.#random.chance(0.1)) {
      const not = this.#random.chance(0.5) ? 'NOT ' : '';
      return { text: `${not}in_audience('vip')`, plain: `${not}(crm.person IN (SELECT person FROM vip))` };
    }
    return same(this.#comparison(source));
  }

  #comparison(source: Source): string {
    const { name, of } = this.#pick(columns[this.#pick(source.tables)]);
    if (this.#random.chance(0.1)) return `${name} IS ${this.#random.chance(0.5) ? 'NOT ' : ''}NULL`;
    if (of === 'time') return `${name} ${this.#pick(['<', '>='])} ${this.#instant()}`;
    if (of === 'number') {
      const [low, high] = ranges[name]!;
      const value = () => low + this.#random.below(high - low + 1);
      if (this.#random.chance(0.3)) return `${name} BETWEEN ${value()} AND ${value()}`;
      if (this.#random.chance(0.2)) return `${name} IN (${value()}, ${value()}, ${value()})`;
      if (this.#random.chance(0.2)) return `${value()} < ${name}`;
      return `${name} ${this.#pick(['=', '<>', '<', '<=', '>', '>='])} ${value()}`;
    }
    if (this.#random.chance(0.5)) return `${name} ${this.#pick(['=', '<>'])} ${this.#pick(of)}`;
    return `${name} ${this.#pick(['IN', 'NOT IN'])} (${this.#pick(of)}, ${this.#pick(of)})`;
  }

  #instant(): string {
    const day = `2026-0${1 + this.#random.below(3)}-${String(2 + this.#random.below(26)).padStart(2, '0')}`;
    const hour = String(this.#random.below(24)).padStart(2, '0');
    return this.#pick([
      `DATE '${day}'`,
      `TIMESTAMP '${day} ${hour}:00:00'`,
      `TIMESTAMPTZ '${day} ${hour}:00:00+03'`,
      `TIMESTAMPTZ '${day} ${hour}:00:00Z'`,
    ]);
  }

  #group(source: Source): Part {
    const grouped = columns[this.#pick(source.tables)].filter((column) => column.name !== 'visits.value');
    const { name, of } = this.#pick(grouped);
    if (of === 'time') {
      if (this.#random.chance(0.5))
        return same(
          `date_part('${this.#pick(['hour', 'dow', 'isodow', 'day', 'month', 'quarter', 'year'])}', ${name})`,
        );
      const unit = this.#pick(['day', 'week', 'month', 'quarter', 'year']);
      return { text: `date_trunc('${unit}', ${name})`, plain: `strftime(date_trunc('${unit}', ${name}), '%Y-%m-%d')` };
    }
    if (of !== 'number') return same(name);
    const [low, high] = ranges[name]!;
    const limits = Array.from({ length: 3 }, () => low + 1 + this.#random.below(high - low));
    const branches = [
      `WHEN ${name} < ${limits[0]} THEN 'low'`,
      `WHEN ${name} BETWEEN ${limits[1]} AND ${limits[2]} OR ${name} IS NULL THEN 'odd'`,
    ];
    const otherwise = this.#random.chance(0.5) ? " ELSE 'low'" : '';
    return same(`CASE ${branches.slice(this.#random.below(2)).join(' ')}${otherwise} END`);
  }

  #figure(source: Source): Part {
    const measured = source.tables.flatMap((table) =>
      columns[table].flatMap(({ name, of }) => (of === 'number' ? [name] : [])),
    );
    const person = source.tables.includes('crm') ? 'crm.person' : `${source.tables[0]!}.person`;
    const figures = ['count(*)', `count(DISTINCT ${person})`];
    if (source.tables.includes('panel')) figures.push('count(DISTINCT panel.person)');
    for (const name of measured) {
      figures.push(`sum(${name})`, `avg(${name})`);
      if (name !== 'panel.score') figures.push(`var_pop(${name})`);
    }
    const figure = this.#pick(figures);
    if (this.#random.chance(0.3)) {
      const { text, plain } = this.#condition(source, 1);
      return { text: `${figure} FILTER (WHERE ${text})`, plain: `${figure} FILTER (WHERE ${plain})` };
    }
    return same(this.#random.chance(0.15) ? `${figure} * 2 / count(*) - 0.5` : figure);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#random.below(items.length)]!;
  }
}

function same(text: string): Part {
  return { text, plain: text };
}
