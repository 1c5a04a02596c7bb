import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { StateTag } from '../../show/state.tsx';
import { hasValueLists, ValueLists } from '../../show/value-lists.tsx';
import { NextStep } from '../home/next-step.tsx';
import { ImportReport } from './import-report.tsx';
import { Publish } from './publish.tsx';
import { RefusedRows } from './refused-rows.tsx';

const address = getRouteApi('/datasets/$dataset');

/** One dataset: what it is to others, and what became of each of its rows. */
export function Dataset() {
  const { dataset: reference } = address.useParams();
  const { data: dataset } = useSuspenseQuery(queries.dataset(reference));
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const isPublished = dataset.status === 'published';
  const [isPublishing, setPublishing] = useState(false);
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{dataset.name}</h1>
          <p className="about">
            {t('home.rows', { count: dataset.rows, number: figures.count(dataset.rows) })} ·{' '}
            {figures.size(dataset.bytes)}
          </p>
        </div>
        <div className="toolbar">
          <StateTag state={dataset.status} />
          {may('dataset.publish') && dataset.status !== 'broken' && (
            <Button type={isPublished ? 'default' : 'primary'} onClick={() => setPublishing(true)}>
              {t(isPublished ? 'datasets.publishAgain' : 'datasets.publish')}
            </Button>
          )}
        </div>
      </div>
      <NextStep here={['publish']} />
      <div className="panels">
        <div>
          <ImportReport dataset={dataset.name} report={dataset.report} />
          {may('dataset.refused') && <RefusedRows dataset={dataset.name} report={dataset.report} />}
        </div>
        <Columns dataset={dataset} />
      </div>
      {isPublishing && <Publish dataset={dataset} close={() => setPublishing(false)} />}
    </section>
  );
}

function Columns({ dataset }: { readonly dataset: ResponseOf<'dataset.show'> }) {
  const { t } = useTranslation();
  const { ids, attributes } = dataset.description;
  return (
    <section className="panel">
      <h2>{t('datasets.columns')}</h2>
      <ul className="rows plain-list">
        {ids.map(({ column, profile }) => (
          <li key={column}>
            <span className="mono">{column}</span>
            <span>{profile}</span>
          </li>
        ))}
        {attributes.map(({ column, grade }) => (
          <li key={column}>
            <span className="mono">{column}</span>
            <span className="fine">{t(`add.grades.${grade}`)}</span>
          </li>
        ))}
      </ul>
      {hasValueLists(dataset.description) && (
        <div className="panel-body">
          <ValueLists attributes={attributes} />
        </div>
      )}
    </section>
  );
}
