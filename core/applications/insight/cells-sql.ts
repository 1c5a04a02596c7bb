/** The cells of an insight where the audience and the base are in one place. */
import { sqlIdentifier, sqlString } from '../../sql/index.ts';
import { placeSql } from '../report/index.ts';

export interface InsightSource {
  /** What stands after FROM: the base, one row a person, with `person` and the tags' columns. */
  readonly base: string;
  /** What stands after FROM: the audience, with `person`, at most one row each; people outside the base are not counted. */
  readonly audience: string;
  /** Columns of the base. A column may hold a list of values: its people count in each. */
  readonly tags: readonly { readonly column: string; readonly isList?: boolean }[];
  readonly crossed: readonly (readonly [string, string])[];
}

/**
 * @returns a SELECT of `tag`, `value`, `other_tag`, `other_value` (NULL unless crossed), `with_tag` and `base_with_tag`, and one row with `tag`
 * NULL for all people. Cells are those that occur in the base; people without a value are in none.
 */
export function insightSql(source: InsightSource): string {
  const { tags, crossed } = source;
  const isList = new Set(tags.filter((tag) => tag.isList).map(({ column }) => column));
  const value = (column: string) => {
    const name = sqlIdentifier(column);
    return isList.has(column) ? `unnest(list_distinct(${name}))` : name;
  };
  const counts = 'count(*) FILTER (causeway_in_audience) AS with_tag, count(*) AS base_with_tag';
  const all = `SELECT NULL AS tag, NULL AS value, NULL AS other_tag, NULL AS other_value, ${counts} FROM people`;
  const single = tags.map(
    ({ column }) => `SELECT ${sqlString(column)}, CAST(v AS VARCHAR), NULL, NULL, ${counts}
    FROM (SELECT ${value(column)} AS v, causeway_in_audience FROM people) WHERE v IS NOT NULL GROUP BY v`,
  );
  // One list after the other: two in one SELECT would be zipped, not crossed.
  const pairs = crossed.map(
    ([a, b]) => `SELECT ${sqlString(a)}, CAST(v AS VARCHAR), ${sqlString(b)}, CAST(w AS VARCHAR), ${counts}
    FROM (SELECT v, ${value(b)} AS w, causeway_in_audience FROM (SELECT *, ${value(a)} AS v FROM people))
    WHERE v IS NOT NULL AND w IS NOT NULL GROUP BY v, w`,
  );
  return `WITH people AS MATERIALIZED (${peopleSql(source)}) ${[all, ...single, ...pairs].join(' UNION ALL ')}
    ORDER BY tag NULLS FIRST, other_tag NULLS FIRST, value, other_value`;
}

/**
 * Whom each number is about, of tags that are no lists.
 * @param cells of a tag or of two crossed ones: columns with their declared values; the last column counts fastest.
 * @returns a SELECT of `cell`, `person` and `amount`.
 */
export function insightMembersSql(
  source: Pick<InsightSource, 'base' | 'audience'>,
  of: {
    readonly cells: readonly { readonly column: string; readonly values: readonly string[] }[];
    readonly inAudience: boolean;
  },
): string {
  const places = of.cells.map(({ column, values }) => `(${placeSql(sqlIdentifier(column), values)})`);
  const cell = places.reduce((number, place, i) => `(${number} * ${of.cells[i]!.values.length} + ${place})`, '0');
  const where = [...places.map((place) => `${place} >= 0`), of.inAudience ? 'causeway_in_audience' : 'true'];
  return `SELECT ${cell} AS cell, person, 1 AS amount FROM (${peopleSql(source)}) WHERE ${where.join(' AND ')}`;
}

function peopleSql({ base, audience }: Pick<InsightSource, 'base' | 'audience'>): string {
  return `SELECT b.*, a.person IS NOT NULL AS causeway_in_audience
    FROM ${base} AS b LEFT JOIN ${audience} AS a ON a.person = b.person`;
}
