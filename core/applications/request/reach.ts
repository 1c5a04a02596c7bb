import { reachSql, reportReach } from '../reach/index.ts';
import { type Reader, requireDeclared } from './reader.ts';
import { type CountedReport, integerOf } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { peopleSql } from './sources.ts';
import { peopleTable, sumTable } from './table.ts';

export function resolveReach(request: RequestOf<'reach'>, reader: Reader): CountedReport {
  const { media, binCount, impressionsMax, period, target } = request;
  reader.events(request.events, { groups: ['channel'] }, [period.from, period.until]);
  requireDeclared(media, reader.declared('channel'), 'media');
  if (target !== undefined) reader.people(target);
  const many = media.length;
  const pairs = media.flatMap((a, i) => media.slice(i + 1).map((b) => [a, b] as const));
  const most = BigInt(impressionsMax);
  const of = (table: string) => ({ table, cell: 'first' }) as const;
  return {
    kind: 'counted',
    tables: () => [
      peopleTable('reach', 1),
      peopleTable('frequency', binCount, { moves: true }),
      sumTable('impressions', 1, { most, people: of('reach') }),
      ...(target === undefined
        ? []
        : [peopleTable('target', 1), sumTable('impressions in target', 1, { most, people: of('target') })]),
      peopleTable('media', many, { in: many }),
      ...(many < 2
        ? []
        : [
            peopleTable('all but each medium', many, { in: many }),
            peopleTable('pairs of media', pairs.length, { in: pairs.length }),
          ]),
    ],
    statements: (sources, events) => ({
      cells: reachSql({
        events,
        period,
        media,
        binCount,
        impressionsMax,
        ...(target === undefined ? {} : { target: peopleSql(target, reader.tables, sources) }),
      }),
    }),
    numbers: (rows) => {
      const column = (part: string, name: 'people' | 'impressions' = 'people') =>
        rows('cells')
          .filter((row) => row.part === part)
          .map((row) => integerOf(row[name]));
      return {
        reach: column('all'),
        frequency: column('frequency'),
        impressions: column('all', 'impressions'),
        target: column('target'),
        'impressions in target': column('target', 'impressions'),
        media: column('medium'),
        'all but each medium': column('others'),
        'pairs of media': column('pair'),
      };
    },
    report: (released) =>
      reportReach({
        reach: released('reach')[0],
        frequency: released('frequency'),
        impressions: released('impressions')[0],
        ...(target === undefined
          ? {}
          : { target: { reach: released('target')[0], impressions: released('impressions in target')[0] } }),
        media: media.map((medium, i) => ({
          medium,
          reach: released('media')[i],
          others: many < 2 ? undefined : released('all but each medium')[i],
        })),
        pairs: pairs.map((both, i) => ({ media: both, both: many < 2 ? undefined : released('pairs of media')[i] })),
      }),
  };
}
