/** The cells of an overlap where all rows are in one place: a room, or one owner's two lists. */
import { sqlIdentifier } from '../../sql/index.ts';

export interface OverlapSource {
  /** What stands after FROM: people of the own list, one row each, with `person` and the segment's column. */
  readonly people: string;
  /** What stands after FROM: matched people, one row each, with `person` and `identifier`, the kind that matched first. */
  readonly matches: string;
  /** Column of `people`; without it there are no segments. */
  readonly segment?: string;
}

/**
 * @returns a SELECT of `part` (`all`, `identifier` or `segment`), `cell`, `base` and `matched`. Cells are those that occur: a room joins them to
 * its declared domain, so that absence says nothing.
 */
export function overlapSql({ people, matches, segment }: OverlapSource): string {
  const joined = `SELECT p.person, ${segment === undefined ? 'NULL' : `p.${sqlIdentifier(segment)}`} AS segment, m.identifier
    FROM ${people} AS p LEFT JOIN ${matches} AS m ON m.person = p.person`;
  const part = (name: string, cell: string, where: string) =>
    `SELECT '${name}' AS part, ${cell} AS cell, count(*) AS base, count(identifier) AS matched FROM joined ${where}`;
  return `WITH joined AS MATERIALIZED (${joined})
    ${part('all', 'NULL', '')}
    UNION ALL ${part('identifier', 'identifier', 'WHERE identifier IS NOT NULL GROUP BY identifier')}
    ${segment === undefined ? '' : `UNION ALL ${part('segment', 'CAST(segment AS VARCHAR)', 'GROUP BY segment')}`}
    ORDER BY part, cell`;
}
