import { type ReachSource, reachMembersSql, reachSql, reportReach } from '../reach/index.ts';
import { type Reader, requireDeclared } from './reader.ts';
import { type CountedReport, integerOf, type PersonNumbers } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { peopleSql, type Sources } from './sources.ts';
import { peopleTable, sumTable } from './table.ts';

export function resolveReach(request: RequestOf<'reach'>, reader: Reader): CountedReport {
  const { media, binCount, impressionsMax, period, target } = request;
  reader.events(request.events, { groups: ['channel'] }, [period.from, period.until]);
  requireDeclared(media, reader.declared('channel'), 'media');
  if (target !== undefined) reader.people(target);
  const many = media.length;
  const pairs = pairsOf(many).map(([a, b]) => [media[a]!, media[b]!] as const);
  const inTarget = (numbers: PersonNumbers): PersonNumbers => ({
    ...numbers,
    target: [[0, 1]],
    'impressions in target': numbers.impressions!,
  });
  const most = BigInt(impressionsMax);
  const of = (table: string) => ({ table, cell: 'first' }) as const;
  const sourceOf = (sources: Sources, all: string): ReachSource => ({
    events: all,
    period,
    media,
    binCount,
    impressionsMax,
    ...(target === undefined ? {} : { target: peopleSql(target, reader.tables, sources) }),
  });
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
      cells: reachSql(sourceOf(sources, events)),
    }),
    members: (sources, events) => {
      const parts = reachMembersSql(sourceOf(sources, events));
      return {
        reach: parts.all,
        frequency: parts.frequency,
        impressions: parts.impressions,
        target: parts.target,
        'impressions in target': parts['target impressions'],
        media: parts.medium,
        'all but each medium': parts.others,
        'pairs of media': parts.pair,
      };
    },
    kinds: () =>
      reachedKinds({
        media: many,
        hasOthers: reader.declared('channel').some((channel) => !media.includes(channel)),
        timesMax: Math.max(binCount, impressionsMax),
      })
        .map(({ own, times }): PersonNumbers => {
          const impressions = [[0, Math.min(times, impressionsMax)]] as const;
          const has = (medium: number) => own.includes(medium);
          return {
            reach: [[0, 1]],
            frequency: [[Math.min(times, binCount) - 1, 1]],
            impressions,
            media: own.filter((medium) => medium < many).map((medium) => [medium, 1] as const),
            'all but each medium': media.flatMap((_, i) =>
              own.some((medium) => medium !== i) ? [[i, 1] as const] : [],
            ),
            'pairs of media': pairsOf(many).flatMap(([a, b], i) => (has(a) && has(b) ? [[i, 1] as const] : [])),
          };
        })
        .flatMap((kind) => (target === undefined ? [kind] : [kind, inTarget(kind)])),
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

function pairsOf(count: number): readonly (readonly [number, number])[] {
  return Array.from({ length: count }, (_, a) =>
    Array.from({ length: count - a - 1 }, (__, i) => [a, a + 1 + i] as const),
  ).flat();
}

/**
 * People who were reached, by their media and how often. How often adds to what the media say, so one set of media goes with every frequency and each other set
 * with one. Of sets these are enough: every larger one's numbers are sums and differences of theirs.
 * @returns media by place; `media` itself stands for channels that are not asked for.
 */
function reachedKinds(of: {
  readonly media: number;
  readonly hasOthers: boolean;
  readonly timesMax: number;
}): readonly { readonly own: readonly number[]; readonly times: number }[] {
  const all = [...Array(of.media + (of.hasOthers ? 1 : 0)).keys()];
  const singles = all.map((medium) => [medium]);
  const pairs = pairsOf(all.length);
  const triples = pairsOf(Math.max(all.length - 1, 0)).map(([a, b]) => [0, a + 1, b + 1]);
  const more = [
    [1, 2, 3],
    [0, 1, 2, 3],
  ].filter((own) => own.every((medium) => medium < all.length));
  return [
    ...Array.from({ length: of.timesMax + 1 }, (_, i) => ({ own: [0], times: i + 1 })),
    ...[...singles, ...pairs, ...triples, ...more].map((own) => ({ own, times: own.length })),
  ];
}
