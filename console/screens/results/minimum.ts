/** Fewest people behind a number, by the terms of the agreement that it came of: what is held back has fewer, or protects what has. */
import type { ResponseOf } from '@causeway/core/api';
import type { Minimum } from '../../charts/figure.ts';

type Terms = ResponseOf<'agreement.show'>['terms'];

/**
 * @param asked of a room: the tables that were asked about; all where it is left out.
 * @returns undefined where terms say none. Of a room, whose columns each have one, the largest, and whose columns these are: it holds for all.
 */
export function minimumOf(terms: Terms, asked?: (table: string) => boolean): Minimum | undefined {
  const { limits, rules } = terms as {
    readonly limits?: { readonly minimumGroupRows?: unknown };
    readonly rules?: {
      readonly tables?: readonly {
        readonly name?: string;
        readonly owner?: string;
        readonly columns?: readonly { readonly k?: unknown }[];
      }[];
    };
  };
  if (typeof limits?.minimumGroupRows === 'number') return { people: limits.minimumGroupRows, owners: [] };
  const found = (rules?.tables ?? []).flatMap(({ name = '', owner = '', columns = [] }) =>
    asked?.(name) === false ? [] : columns.flatMap(({ k }) => (typeof k === 'number' ? [{ k, owner }] : [])),
  );
  if (found.length === 0) return undefined;
  const people = Math.max(...found.map(({ k }) => k));
  return { people, owners: [...new Set(found.flatMap(({ k, owner }) => (k === people ? [owner] : [])))] };
}
