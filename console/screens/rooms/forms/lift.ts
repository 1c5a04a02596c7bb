import { periodOf } from '../days.ts';
import { categoriesOf, declaredValues, type TableRules } from '../room-tables.ts';
import type { Field, Request, RequestForm } from './form.ts';
import { currenciesOf, valueMaxOf } from './money.ts';

type Category = ReturnType<typeof categoriesOf>[number];

/** Offered where a column tells groups apart that could be those of an experiment; another column can be chosen. */
export function liftForm(
  people: readonly TableRules[],
  events: readonly TableRules[],
  zone: string,
): RequestForm | undefined {
  const period = periodOf(events, zone);
  const grouped = people.filter((table) => groupColumns(table).length > 0);
  const found = grouped.flatMap((table) =>
    groupColumns(table).flatMap((column) => (tellsGroups(column) ? [{ table, column }] : [])),
  )[0];
  if (found === undefined || period === undefined || !declaredValues(events, 'kind').includes('order'))
    return undefined;
  const columnOf = (name: string, column: string): Category | undefined => {
    const table = grouped.find((one) => one.name === name);
    return table && (groupColumns(table).find((one) => one.name === column) ?? groupColumns(table)[0]);
  };
  const currency = currenciesOf(events)[0];
  const valueMax = valueMaxOf(events);
  return {
    application: 'lift',
    request: {
      application: 'lift',
      groups: groupsOf(found.table.name, found.column),
      assignment: 'random',
      events: events.map(({ name }) => name),
      period,
    },
    fields: (request) => {
      const { groups, assignment } = request as Request & Chosen;
      const column = columnOf(groups.table, groups.column);
      const isShown: readonly (Field | false)[] = [
        { path: ['period'], word: 'period', kind: 'period', zone },
        { path: ['assignment'], word: 'assignment', kind: 'one', options: ['random', 'observed'] },
        grouped.length > 1 && {
          ...{ path: ['groups', 'table'], word: 'groupTable', kind: 'one' },
          options: grouped.map(({ name }) => name),
        },
        {
          ...{ path: ['groups', 'column'], word: 'groupColumn', kind: 'one' },
          options: groupColumns(grouped.find(({ name }) => name === groups.table) ?? found.table).map(
            ({ name }) => name,
          ),
        },
        { path: ['groups', 'treated'], word: 'treated', kind: 'many', options: column?.values ?? [] },
        { path: ['groups', 'control'], word: 'control', kind: 'many', options: column?.values ?? [] },
        assignment === 'random' && {
          ...{ path: ['plannedShare'], word: 'plannedShare', kind: 'number', min: 1, max: 99, isOptional: true },
          ...{ unit: 'percent', each: 0.01 },
        },
        currency !== undefined &&
          valueMax !== undefined && {
            ...{ path: ['value', 'max'], word: 'liftValue', kind: 'number', min: 1, max: 1_000_000_000 },
            ...{ unit: 'money', currency: currency.code, each: 10 ** currency.digits, isOptional: true },
          },
        {
          ...{ path: ['events'], word: 'events', kind: 'many', isFurther: true },
          options: events.map(({ name }) => name),
        },
      ];
      return isShown.filter((field) => field !== false);
    },
    settled: (request) => {
      const { groups, value, plannedShare, ...rest } = request as Request & Chosen;
      const column = columnOf(groups.table, groups.column);
      const isOf = (values: readonly string[]) => values.every((one) => column?.values.includes(one) === true);
      const isSame = column?.name === groups.column && isOf(groups.treated) && isOf(groups.control);
      // Whoever is of both groups would be of none: what was chosen for one leaves the other.
      const control = groups.control.filter((one) => !groups.treated.includes(one));
      return {
        ...rest,
        groups: isSame || column === undefined ? { ...groups, control } : groupsOf(groups.table, column),
        ...(plannedShare === undefined || rest.assignment !== 'random' ? {} : { plannedShare }),
        ...(value === undefined || currency === undefined ? {} : { value: { currency, max: value.max } }),
      };
    },
  };
}

interface Chosen {
  readonly groups: {
    readonly table: string;
    readonly column: string;
    readonly treated: readonly string[];
    readonly control: readonly string[];
  };
  readonly assignment: string;
  readonly plannedShare?: number;
  readonly value?: { readonly max: number };
}

/** Two values at least: one for each group. */
function groupColumns(table: TableRules): readonly Category[] {
  return categoriesOf(table, 'group').filter(({ values }) => values.length > 1);
}

function groupsOf(table: string, { name, values }: Category): Chosen['groups'] {
  const held = values.find((value) => /control|holdout|held.?out|^yes$|^1$|对照/i.test(value)) ?? values[1]!;
  return { table, column: name, treated: values.filter((value) => value !== held), control: [held] };
}

/** Whether a column says who was shown something and who was held out: a tier of customers came about otherwise. */
function tellsGroups({ name, values }: Category): boolean {
  return values.length === 2 && [name, ...values].some((word) => /control|holdout|held.?out|对照/i.test(word));
}
