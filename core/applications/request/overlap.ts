import { sqlIdentifier } from '../../sql/index.ts';
import { exact } from '../../statistics/index.ts';
import { type OverlapSource, overlapMembersSql, overlapSql, reportOverlap } from '../overlap/index.ts';
import type { Reader } from './reader.ts';
import { type CountedReport, inOrder, integerOf, type PersonNumbers } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { personRows, type Sources } from './sources.ts';
import { ownTable, peopleTable } from './table.ts';

/** The base is the receiver's own list, so its numbers are told as they are. */
export function resolveOverlap(request: RequestOf<'overlap'>, reader: Reader): CountedReport {
  const people = reader.personTable(request.people);
  const partner = reader.personTable(request.partner.table);
  const { segment } = request;
  const { identifier } = request.partner;
  const segments = segment === undefined ? [] : reader.values(people, segment);
  const identifiers = identifier === undefined ? [] : reader.values(partner, identifier);
  const sourceOf = (sources: Sources): OverlapSource => ({
    people: personRows(people, segment === undefined ? [] : [segment], sources),
    matches: matchesSql(personRows(partner, identifier === undefined ? [] : [identifier], sources), identifier),
    ...(segment === undefined ? {} : { segment }),
  });
  return {
    kind: 'counted',
    ownTables: [people.name],
    tables: () =>
      [
        ownTable('base', 1),
        ownTable('base by segment', segments.length),
        peopleTable('overlap', 1),
        peopleTable('overlap by identifier', identifiers.length),
        peopleTable('overlap by segment', segments.length),
      ].filter(({ cells }) => cells > 0),
    statements: (sources) => ({ cells: overlapSql(sourceOf(sources)) }),
    members: (sources) => {
      const parts = overlapMembersSql(sourceOf(sources), { segments, identifiers });
      return {
        base: parts.all,
        'base by segment': parts['base segment'],
        overlap: parts.matched,
        'overlap by identifier': parts.identifier,
        'overlap by segment': parts.segment,
      };
    },
    kinds: () => {
      const one = (identifierCell: number | undefined, segmentCell: number | undefined): PersonNumbers => ({
        overlap: [[0, 1]],
        ...(identifierCell === undefined ? {} : { 'overlap by identifier': [[identifierCell, 1]] }),
        ...(segmentCell === undefined ? {} : { 'overlap by segment': [[segmentCell, 1]] }),
      });
      const places = (names: readonly string[], isNullable: boolean) =>
        isNullable || names.length === 0 ? [undefined, ...names.keys()] : [...names.keys()];
      const byIdentifier = places(identifiers, identifier !== undefined && reader.isNullable(partner, identifier));
      const bySegment = places(segments, segment !== undefined && reader.isNullable(people, segment));
      return [
        ...byIdentifier.map((place) => one(place, bySegment[0])),
        ...bySegment.map((place) => one(byIdentifier[0], place)),
      ];
    },
    numbers: (rows) => {
      const of = (part: string, column: 'base' | 'matched') =>
        new Map(
          rows('cells')
            .filter((row) => row.part === part)
            .map((row) => [String(row.cell), integerOf(row[column])]),
        );
      return {
        base: [...of('all', 'base').values()],
        'base by segment': inOrder(segments, of('segment', 'base')),
        overlap: [...of('all', 'matched').values()],
        'overlap by identifier': inOrder(identifiers, of('identifier', 'matched')),
        'overlap by segment': inOrder(segments, of('segment', 'matched')),
      };
    },
    report: (released, k) => {
      const bases = released('base by segment').map((count) => count?.value ?? 0);
      return reportOverlap(
        {
          base: (released('base')[0] ?? exact(0)).value,
          matched: released('overlap')[0],
          byIdentifier: identifiers.map((name, i) => ({
            identifier: name,
            matched: released('overlap by identifier')[i],
          })),
          bySegment: segments.map((name, i) => ({
            segment: name,
            base: bases[i]!,
            matched: released('overlap by segment')[i],
          })),
          hidden: {},
        },
        k,
      );
    },
  };
}

/** @param rows what stands after FROM. @returns the same for `overlapSql`: whoever matched by no declared kind has none. */
function matchesSql(rows: string, identifier: string | undefined): string {
  const kind = identifier === undefined ? "''" : `coalesce(${sqlIdentifier(identifier)}, '')`;
  return `(SELECT person, ${kind} AS identifier FROM ${rows})`;
}
