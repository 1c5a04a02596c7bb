import { sqlIdentifier, sqlString } from '../../sql/index.ts';
import { type LiftSource, liftMembersSql, liftSql, reportLift } from '../lift/index.ts';
import { type Reader, requireDeclared } from './reader.ts';
import { type CountedReport, integerOf, type PersonNumbers } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { personRows, type Sources } from './sources.ts';
import { peopleTable, type ReleaseTable, sumTable } from './table.ts';

const arms = ['treated', 'control'] as const;

export function resolveLift(request: RequestOf<'lift'>, reader: Reader): CountedReport {
  const { groups, period, value, assignment, plannedShare } = request;
  const table = reader.personTable(groups.table);
  const declared = reader.values(table, groups.column);
  for (const arm of arms) requireDeclared(groups[arm], declared, `groups.${arm}`);
  requireDeclared(groups.treated, without(declared, groups.control), 'groups.treated');
  reader.events(request.events, value === undefined ? {} : { value: 'variance' }, [period.from, period.until]);
  const most = BigInt(value?.max ?? 0);
  const buyers: ReleaseTable['people'] = { table: 'buyers', cell: 'same' };
  const sourceOf = (sources: Sources, all: string): LiftSource => ({
    groups: armsSql(personRows(table, [groups.column], sources), groups),
    events: all,
    period,
    currency: value?.currency.code ?? '',
    valueMax: value?.max ?? 0,
  });
  return {
    kind: 'counted',
    tables: () => [
      peopleTable('people', 2),
      peopleTable('buyers', 2),
      ...(value === undefined
        ? []
        : [
            sumTable('value', 2, { most, people: buyers }),
            sumTable('squared value', 2, { most: most ** 2n, people: buyers }),
          ]),
    ],
    statements: (sources, events) => ({
      arms: liftSql(sourceOf(sources, events)),
    }),
    members: (sources, events) => {
      const { people, buyers, value: worth, squares } = liftMembersSql(sourceOf(sources, events));
      return { people, buyers, value: worth, 'squared value': squares };
    },
    kinds: () => {
      // Buyers, their value and its square: three values make them three numbers that do not follow from each other.
      const worths = value === undefined ? [0] : [0, 1, 2].filter((worth) => worth <= value.max);
      const buyer = (arm: number, worth: number): PersonNumbers => ({
        ...{ people: [[arm, 1]], buyers: [[arm, 1]] },
        ...{ value: [[arm, worth]], 'squared value': [[arm, worth ** 2]] },
      });
      return [...arms.keys()].flatMap((arm) => [
        { people: [[arm, 1]] } as PersonNumbers,
        ...worths.map((worth) => buyer(arm, worth)),
      ]);
    },
    numbers: (rows) => {
      const column = (name: string) =>
        arms.map((arm) => integerOf(rows('arms').find((row) => row.arm === arm)?.[name] ?? 0));
      return {
        people: column('people'),
        buyers: column('buyers'),
        value: column('value'),
        'squared value': column('squares'),
      };
    },
    report: (released, k) => {
      const [treated, control] = arms.map((_, i) => ({
        people: released('people')[i],
        buyers: released('buyers')[i],
        ...(value === undefined ? {} : { value: { sum: released('value')[i], squares: released('squared value')[i] } }),
      }));
      return reportLift(
        {
          assignment,
          treated: treated!,
          control: control!,
          ...(plannedShare === undefined ? {} : { plannedShare }),
          ...(value === undefined
            ? {}
            : { currency: { currency: value.currency.code, digits: value.currency.digits } }),
        },
        k,
      );
    },
  };
}

function armsSql(rows: string, { column, treated, control }: RequestOf<'lift'>['groups']): string {
  const among = (values: readonly string[]) => `${sqlIdentifier(column)} IN (${values.map(sqlString).join(', ')})`;
  return `(SELECT person, CASE WHEN ${among(treated)} THEN 'treated' ELSE 'control' END AS arm
    FROM ${rows} WHERE ${among([...treated, ...control])})`;
}

function without(values: readonly string[], left: readonly string[]): readonly string[] {
  return values.filter((value) => !left.includes(value));
}
