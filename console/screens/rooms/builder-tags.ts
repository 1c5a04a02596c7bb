/** The tags that a rule over a room's people may name, as the catalogue lets it: those of their own table, and of the other tables of people. */
import type { TableRules } from './room-tables.ts';

export interface BuilderTag {
  /** In the rule. */
  readonly name: string;
  /** For people. */
  readonly label: string;
  readonly owner: string;
  readonly kind:
    | { readonly kind: 'category'; readonly values: readonly string[] }
    /** Bounds lie on min, min + grid …, and one below it where they end. */
    | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly grid: number };
  /** Whether an audience may be made by it, and not only counted. */
  readonly canSelect: boolean;
}

/** @param people the table whose people are chosen among. */
export function builderTags(tables: readonly TableRules[], people: TableRules): readonly BuilderTag[] {
  const others = tables.filter(({ name, kind }) => kind === 'person' && name !== people.name);
  return [
    ...tagsOf(people, ''),
    // A name that the people's own table has stands for its column: that of another table bears the table's name.
    ...others.flatMap((table) => tagsOf(table, `${table.name}.`)),
  ];
}

function tagsOf({ owner, columns }: TableRules, prefix: string): readonly BuilderTag[] {
  return columns.flatMap((column): BuilderTag[] => {
    const tag = { name: `${prefix}${column.name}`, label: column.name, owner, canSelect: column.select === true };
    if (column.type === 'category' && column.filter === 'declared') {
      return [{ ...tag, kind: { kind: 'category', values: column.values } }];
    }
    if ((column.type === 'integer' || column.type === 'money') && column.filter === 'range') {
      return [{ ...tag, kind: { kind: 'number', min: column.min, max: column.max, grid: column.grid } }];
    }
    return [];
  });
}
