import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { StateTag } from '../../show/state.tsx';

type Dataset = ResponseOf<'dataset.list'>['items'][number];

export function Datasets() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay();
  const { items } = useSuspenseQuery(queries.datasets).data;
  const add = may('dataset.add') && (
    <Button type="primary" onClick={() => void navigate({ to: '/datasets/add' })}>
      {t('datasets.add')}
    </Button>
  );
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{t('datasets.title')}</h1>
          <p className="about">{t('datasets.about')}</p>
        </div>
        {items.length > 0 && add}
      </div>
      {items.length === 0 ? (
        <div className="panel">
          <NothingYet title={t('datasets.none')} about={t('datasets.noneAbout')} action={add} />
        </div>
      ) : (
        <DatasetTable items={items} />
      )}
    </section>
  );
}

function DatasetTable({ items }: { readonly items: readonly Dataset[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const [wanted, setWanted] = useState('');
  const shown = items.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div className="stack">
      <Input.Search
        allowClear
        style={{ maxWidth: 320 }}
        aria-label={t('datasets.filter')}
        placeholder={t('datasets.filter')}
        onChange={(event) => setWanted(event.target.value)}
      />
      <div className="panel">
        <Table<Dataset>
          rowKey="id"
          dataSource={shown}
          pagination={shown.length > 50 ? { pageSize: 50 } : false}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              title: t('datasets.name'),
              render: (_, { id, name }) => (
                <Link to="/datasets/$dataset" params={{ dataset: id }}>
                  {name}
                </Link>
              ),
              sorter: (a, b) => a.name.localeCompare(b.name),
            },
            { title: t('datasets.status'), render: (_, { status }) => <StateTag state={status} /> },
            {
              title: t('datasets.identifiers'),
              render: (_, { description }) => description.ids.map(({ profile }) => profile).join(', '),
            },
            {
              title: t('datasets.rows'),
              className: 'number-cell',
              render: (_, { rows }) => figures.count(rows),
              sorter: (a, b) => a.rows - b.rows,
            },
            { title: t('datasets.size'), className: 'number-cell', render: (_, { bytes }) => figures.size(bytes) },
            { title: t('datasets.created'), render: (_, { createdAt }) => figures.time(createdAt) },
          ]}
        />
      </div>
    </div>
  );
}
