import { exact } from '../../statistics/index.ts';
import { insightMembersSql, insightSql, reportInsight } from '../insight/index.ts';
import type { Reader } from './reader.ts';
import { ReportRefused } from './refusal.ts';
import { type CountedReport, inOrder, integerOf, type PersonNumbers, type Row } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { peopleSql, personRows, type Sources } from './sources.ts';
import { peopleTable } from './table.ts';

/** A tag or two crossed ones: its cells are all pairs of declared values. */
interface Crossing {
  readonly name: string;
  readonly columns: readonly string[];
  readonly cells: readonly (readonly string[])[];
}

export function resolveInsight(request: RequestOf<'insight'>, reader: Reader): CountedReport {
  const base = reader.personTable(request.base);
  reader.people(request.audience);
  const declared = new Map(request.tags.map((tag) => [tag, reader.values(base, tag)]));
  const crossings = [
    ...[...declared].map(([tag, values]): Crossing => ({ name: tag, columns: [tag], cells: values.map((v) => [v]) })),
    ...request.crossed.map((pair) => crossingOf(pair, declared)),
  ];
  const sourceOf = (sources: Sources) => ({
    base: personRows(base, request.tags, sources),
    audience: peopleSql(request.audience, reader.tables, sources),
  });
  return {
    kind: 'counted',
    tables: () => [
      peopleTable('people', 1),
      peopleTable('base', 1),
      ...crossings.flatMap(({ name, cells }) => [
        peopleTable(name, cells.length),
        peopleTable(`base: ${name}`, cells.length),
      ]),
    ],
    statements: (sources) => ({
      cells: insightSql({
        ...sourceOf(sources),
        tags: request.tags.map((column) => ({ column })),
        crossed: request.crossed,
      }),
    }),
    members: (sources) => {
      const of = (columns: readonly string[], inAudience: boolean) =>
        insightMembersSql(sourceOf(sources), {
          cells: columns.map((column) => ({ column, values: declared.get(column)! })),
          inAudience,
        });
      return {
        people: of([], true),
        base: of([], false),
        ...Object.fromEntries(
          crossings.flatMap(({ name, columns }) => [
            [name, of(columns, true)],
            [`base: ${name}`, of(columns, false)],
          ]),
        ),
      };
    },
    kinds: () => {
      const combinations = combinationsOf(request.tags, request.crossed, (tag) => {
        const places = [...declared.get(tag)!.keys()];
        return reader.isNullable(base, tag) ? [undefined, ...places] : places;
      });
      const kindOf = (inAudience: boolean, places: ReadonlyMap<string, number>): PersonNumbers => {
        const cells = crossings.flatMap(({ name, columns }) => {
          if (!columns.every((column) => places.has(column))) return [];
          const cell = columns.reduce(
            (number, column) => number * declared.get(column)!.length + places.get(column)!,
            0,
          );
          return [[name, [[cell, 1]]] as const];
        });
        return {
          base: [[0, 1]],
          ...Object.fromEntries(cells.map(([name, own]) => [`base: ${name}`, own])),
          ...(inAudience ? { people: [[0, 1]], ...Object.fromEntries(cells) } : {}),
        };
      };
      return [true, false].flatMap((inAudience) => combinations.map((places) => kindOf(inAudience, places)));
    },
    numbers: (rows) => {
      const all = rows('cells').find((row) => row.tag === null)!;
      const found = (columns: readonly string[], of: 'with_tag' | 'base_with_tag') =>
        new Map(
          rows('cells')
            .filter((row) => row.tag === columns[0] && row.other_tag === (columns[1] ?? null))
            .map((row) => [cellKey(row), integerOf(row[of])]),
        );
      const tables = crossings.flatMap(({ name, columns, cells }) => {
        const keys = cells.map((cell) => JSON.stringify(cell));
        return [
          [name, inOrder(keys, found(columns, 'with_tag'))],
          [`base: ${name}`, inOrder(keys, found(columns, 'base_with_tag'))],
        ] as const;
      });
      return {
        people: [integerOf(all.with_tag)],
        base: [integerOf(all.base_with_tag)],
        ...Object.fromEntries(tables),
      };
    },
    report: (released, k) =>
      reportInsight(
        {
          baseName: request.baseName,
          audience: released('people')[0] ?? exact(0),
          base: released('base')[0] ?? exact(0),
          inside: true,
          cells: crossings.flatMap(({ name, columns, cells }) =>
            cells.map((cell, i) => ({
              values: Object.fromEntries(columns.map((column, c) => [column, cell[c]!])),
              withTag: released(name)[i],
              baseWithTag: released(`base: ${name}`)[i],
            })),
          ),
        },
        k,
        request.correction === undefined ? {} : { correction: request.correction },
      ),
  };
}

/**
 * People with the first place of every tag, but for one tag or for two that are crossed. A tag's numbers and those of another add up, but for crossed ones.
 * @param placesOf the places among a tag's values, undefined for no value.
 */
function combinationsOf(
  tags: readonly string[],
  crossed: readonly (readonly [string, string])[],
  placesOf: (tag: string) => readonly (number | undefined)[],
): readonly ReadonlyMap<string, number>[] {
  const first = new Map(tags.map((tag) => [tag, placesOf(tag)[0]]));
  const changes = [
    ...tags.flatMap((tag) => placesOf(tag).map((place) => [[tag, place]] as const)),
    ...crossed.flatMap(([a, b]) =>
      placesOf(a).flatMap((place) => placesOf(b).map((other) => [[a, place] as const, [b, other] as const])),
    ),
  ];
  return changes.map((change) => {
    const places = new Map<string, number | undefined>([...first, ...change]);
    return new Map([...places].flatMap(([tag, place]) => (place === undefined ? [] : [[tag, place] as const])));
  });
}

function crossingOf([a, b]: readonly [string, string], declared: ReadonlyMap<string, readonly string[]>): Crossing {
  const values = [a, b].map((tag) => {
    const found = declared.get(tag);
    if (found === undefined || a === b) throw new ReportRefused('unknown-column', `crossed: ${tag}`);
    return found;
  });
  return { name: `${a} × ${b}`, columns: [a, b], cells: values[0]!.flatMap((v) => values[1]!.map((w) => [v, w])) };
}

function cellKey(row: Row): string {
  return JSON.stringify(row.other_tag === null ? [row.value] : [row.value, row.other_value]);
}
