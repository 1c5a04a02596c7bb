import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { type LongColumn, LongTable } from '../../show/long-table.tsx';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { StateTag } from '../../show/state.tsx';

type Audience = ResponseOf<'audience.list'>['items'][number];

/** Named sets of own rows: where each came from, and until when its rows are given out. */
export function Audiences() {
  const { t } = useTranslation();
  const figures = useFigures();
  const { items } = useSuspenseQuery(queries.audiences).data;
  const columns: readonly LongColumn<Audience>[] = [
    {
      key: 'name',
      title: t('audiences.name'),
      widthPx: 260,
      render: ({ id, name }) => (
        <Link to="/audiences/$audience" params={{ audience: id }}>
          {name}
        </Link>
      ),
    },
    { key: 'dataset', title: t('audiences.dataset'), widthPx: 150, render: ({ datasetName }) => datasetName },
    { key: 'rows', title: t('audiences.rows'), widthPx: 110, align: 'end', render: ({ rows }) => figures.count(rows) },
    {
      key: 'status',
      title: t('jobs.status'),
      widthPx: 130,
      render: ({ status }) => <StateTag state={status} />,
    },
    {
      key: 'expires',
      title: t('audiences.expires'),
      widthPx: 170,
      align: 'end',
      render: ({ expiresAt }) => figures.time(expiresAt),
    },
  ];
  return (
    <section className="screen">
      <div>
        <h1>{t('audiences.title')}</h1>
        <p className="about">{t('audiences.about')}</p>
      </div>
      <div className="panel">
        {items.length === 0 ? (
          <NothingYet title={t('audiences.none')} about={t('audiences.noneAbout')} />
        ) : (
          <LongTable label={t('audiences.title')} rows={items} rowKey={({ id }) => id} columns={columns} />
        )}
      </div>
    </section>
  );
}
