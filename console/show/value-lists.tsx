import type { ResponseOf } from '@causeway/core/api';
import { useTranslation } from 'react-i18next';
import './value-lists.css';

type Attribute = ResponseOf<'catalogue.list'>['items'][number]['description']['attributes'][number];

/** The values of those columns whose owner publishes them. */
export function ValueLists({ attributes }: { readonly attributes: readonly Attribute[] }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      {attributes.map(
        ({ column, values }) =>
          values !== undefined && (
            <div key={column}>
              <div className="label">{t('datasets.valuesOf', { column })}</div>
              <ul className="plain-list value-list">
                {values.map((value) => (
                  <li key={value}>{value}</li>
                ))}
              </ul>
            </div>
          ),
      )}
    </div>
  );
}

export function hasValueLists({ attributes }: { readonly attributes: readonly Attribute[] }): boolean {
  return attributes.some(({ values }) => values !== undefined);
}
