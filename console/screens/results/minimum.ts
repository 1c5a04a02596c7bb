/** Fewest people behind a number, by the terms of the agreement that it came of: what is held back has fewer, or protects what has. */
import type { ResponseOf } from '@causeway/core/api';

type Terms = ResponseOf<'agreement.show'>['terms'];

/** @returns undefined where terms say none. Of a room, whose columns each have one, the largest: it holds for all. */
export function minimumOf(terms: Terms): number | undefined {
  const { limits, rules } = terms as {
    readonly limits?: { readonly minimumGroupRows?: unknown };
    readonly rules?: { readonly tables?: readonly { readonly columns?: readonly { readonly k?: unknown }[] }[] };
  };
  if (typeof limits?.minimumGroupRows === 'number') return limits.minimumGroupRows;
  const ks = (rules?.tables ?? []).flatMap(({ columns = [] }) =>
    columns.flatMap(({ k }) => (typeof k === 'number' ? [k] : [])),
  );
  return ks.length === 0 ? undefined : Math.max(...ks);
}
