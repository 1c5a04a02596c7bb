/** A question to begin with: one that the rules of this room's tables allow, where there is any. */
import { categoriesOf, type TableRules } from '../room-tables.ts';
import { named } from './inserted.ts';

export function exampleOf(tables: readonly TableRules[]): string {
  const people = tables.filter((table) => table.kind === 'person' && canJoin(table));
  const table = people.find((one) => categoriesOf(one, 'group').length > 0) ?? people[0] ?? tables[0];
  if (table === undefined) return '';
  const group = categoriesOf(table, 'group')[0];
  const other = people.find((one) => one !== table);
  const person = `${named(table.name)}.${named(table.person)}`;
  const count = `count(DISTINCT ${person}) AS people`;
  const select = group === undefined ? count : `${named(group.name)}, ${count}`;
  return [
    `SELECT ${select}`,
    `FROM ${named(table.name)}`,
    ...(other === undefined ? [] : [`JOIN ${named(other.name)} USING (${named(other.person)})`]),
    ...(group === undefined ? [] : [`GROUP BY ${named(group.name)}`]),
  ].join('\n');
}

function canJoin({ columns, person }: TableRules): boolean {
  return columns.some((column) => column.name === person && column.type === 'key' && column.join);
}
