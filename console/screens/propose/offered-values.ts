/** Values of a column that a person chooses from: an own column's frequent ones, or those that a partner has published. */
import { useQuery } from '@tanstack/react-query';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import type { Offered } from './offer.ts';

export interface OfferedValues {
  readonly items: readonly {
    readonly value: string;
    /** Of an own column alone: nobody publishes it. */
    readonly rows?: number;
  }[];
  /** Whose they are, and whether an own column has others; nothing while or where there is nothing to choose from. */
  readonly from: 'own' | 'own-whole' | 'published' | undefined;
  readonly error: Error | null;
}

/** @param dataset of the catalogue, where the column is; undefined before one is chosen. */
export function useOfferedValues(dataset: Offered | undefined, column: string): OfferedValues {
  const may = useMay();
  const isOwn = dataset?.self === true && may('dataset.values');
  const own = useQuery({ ...queries.values(dataset?.dataset ?? '', column), enabled: isOwn });
  if (isOwn) {
    const from = own.data === undefined ? undefined : own.data.whole ? 'own-whole' : 'own';
    return { items: own.data?.items ?? [], from, error: own.error };
  }
  const published = dataset?.description.attributes.find((one) => one.column === column)?.values;
  return {
    items: published?.map((value) => ({ value })) ?? [],
    from: published === undefined ? undefined : 'published',
    error: null,
  };
}
