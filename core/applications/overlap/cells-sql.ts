/** The cells of an overlap where all rows are in one place: a room, or one owner's two lists. */
import { sqlIdentifier } from '../../sql/index.ts';
import { placeSql } from '../report/index.ts';

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
export function overlapSql(source: OverlapSource): string {
  const { segment } = source;
  const part = (name: string, cell: string, where: string) =>
    `SELECT '${name}' AS part, ${cell} AS cell, count(*) AS base, count(identifier) AS matched FROM joined ${where}`;
  return `WITH joined AS MATERIALIZED (${joinedSql(source)})
    ${part('all', 'NULL', '')}
    UNION ALL ${part('identifier', 'identifier', 'WHERE identifier IS NOT NULL GROUP BY identifier')}
    ${segment === undefined ? '' : `UNION ALL ${part('segment', 'CAST(segment AS VARCHAR)', 'GROUP BY segment')}`}
    ORDER BY part, cell`;
}

/** Whom each number is about. @param domain declared names, in the order of their cells. @returns by part, a SELECT of `cell`, `person` and `amount`. */
export function overlapMembersSql(
  source: OverlapSource,
  domain: { readonly segments: readonly string[]; readonly identifiers: readonly string[] },
): Readonly<Record<'all' | 'matched' | 'identifier' | 'base segment' | 'segment', string>> {
  const of = (cell: string, where: string) =>
    `SELECT ${cell} AS cell, person, 1 AS amount FROM (${joinedSql(source)}) WHERE ${where}`;
  const [segment, identifier] = [placeSql('segment', domain.segments), placeSql('identifier', domain.identifiers)];
  return {
    all: of('0', 'true'),
    matched: of('0', 'identifier IS NOT NULL'),
    identifier: of(identifier, `${identifier} >= 0`),
    'base segment': of(segment, `${segment} >= 0`),
    segment: of(segment, `identifier IS NOT NULL AND ${segment} >= 0`),
  };
}

function joinedSql({ people, matches, segment }: OverlapSource): string {
  return `SELECT p.person, ${segment === undefined ? 'NULL' : `p.${sqlIdentifier(segment)}`} AS segment, m.identifier
    FROM ${people} AS p LEFT JOIN ${matches} AS m ON m.person = p.person`;
}
