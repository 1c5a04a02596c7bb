import type { ResponseOf } from '@causeway/core/api';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { hasValueLists, ValueLists } from '../../show/value-lists.tsx';

/** A dataset as members of the network see it. */
export function Description(props: {
  readonly name: string;
  readonly description: ResponseOf<'dataset.show'>['description'];
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { rowsAbout, ids, attributes } = props.description;
  return (
    <div className="stack">
      <dl className="facts">
        <dt>{t('datasets.name')}</dt>
        <dd>{props.name}</dd>
        <dt>{t('datasets.rows')}</dt>
        <dd>{t('datasets.rowsAbout', { number: figures.count(rowsAbout) })}</dd>
        <dt>{t('datasets.identifiers')}</dt>
        <dd>{ids.map(({ column, profile }) => `${column} (${profile})`).join(', ')}</dd>
        {attributes.length > 0 && (
          <>
            <dt>{t('datasets.attributes')}</dt>
            <dd>
              {attributes
                .map(({ column, type, grade }) => `${column} (${type}, ${t(`add.grades.${grade}`)})`)
                .join(', ')}
            </dd>
          </>
        )}
      </dl>
      {hasValueLists(props.description) && <ValueLists attributes={attributes} />}
    </div>
  );
}
