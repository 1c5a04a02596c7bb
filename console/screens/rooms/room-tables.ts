/** What a room's terms say of its tables: who brings them, and which columns may be used how. This node has checked the terms before they came here. */
import type { ResponseOf } from '@causeway/core/api';
import type { RoomTerms } from '@causeway/core/applications/room';
import type { TableRules } from '@causeway/core/policy/query';

export type ColumnRule = TableRules['columns'][number];
export type { RoomTerms, TableRules };

/** @returns undefined for an agreement of another kind. */
export function roomTermsOf(agreement: ResponseOf<'agreement.show'>): RoomTerms | undefined {
  return agreement.operation === 'room' ? (agreement.terms as unknown as RoomTerms) : undefined;
}

export function tablesOf({ rules }: RoomTerms): readonly TableRules[] {
  return rules.tables as unknown as readonly TableRules[];
}

type Category = Extract<ColumnRule, { readonly type: 'category' }>;

/** The categories of a table that questions may tell apart. */
export function categoriesOf({ columns }: TableRules, use: 'group' | 'filter'): readonly Category[] {
  return columns.filter(
    (column): column is Category =>
      column.type === 'category' && (use === 'group' ? column.group : column.filter === 'declared'),
  );
}

/** The values that owners declared for a column of that name in these tables. */
export function declaredValues(tables: readonly TableRules[], name: string): readonly string[] {
  const found = tables.flatMap(({ columns }) =>
    columns.flatMap((column) => (column.name === name && column.type === 'category' ? column.values : [])),
  );
  return [...new Set(found)];
}

export function hasColumn({ columns }: TableRules, name: string): boolean {
  return columns.some((column) => column.name === name);
}
