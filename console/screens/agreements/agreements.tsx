import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { useOperationWord } from '../../show/operation-word.ts';
import { StateTag } from '../../show/state.tsx';

type Agreement = ResponseOf<'agreement.list'>['items'][number];

export function Agreements() {
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const { items } = useSuspenseQuery(queries.agreements).data;
  return (
    <section className="screen">
      <h1>{t('agreements.title')}</h1>
      <div className="panel">
        {items.length === 0 ? (
          <NothingYet title={t('agreements.none')} about={t('agreements.noneAbout')} />
        ) : (
          <Table<Agreement>
            rowKey="id"
            dataSource={items}
            pagination={items.length > 50 ? { pageSize: 50 } : false}
            scroll={{ x: 'max-content' }}
            columns={[
              {
                title: t('agreements.purpose'),
                render: (_, { id, purpose }) => (
                  <Link to="/agreements/$agreement" params={{ agreement: id }}>
                    {purpose}
                  </Link>
                ),
              },
              { title: t('jobs.operation'), render: (_, { operation }) => operationWord(operation) },
              {
                title: t('agreements.parties'),
                render: (_, { parties }) => parties.map(({ organisation }) => organisation).join(', '),
              },
              { title: t('jobs.status'), render: (_, { status }) => <StateTag state={status} /> },
              {
                title: t('agreements.uses'),
                className: 'number-cell',
                render: (_, { usesLeft }) => figures.count(usesLeft),
              },
              { title: t('agreements.expires'), render: (_, { expiresAt }) => figures.time(expiresAt) },
            ]}
          />
        )}
      </div>
    </section>
  );
}
