import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { useNames } from '../../show/names.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { useOperationWord } from '../../show/operation-word.ts';
import { StateTag } from '../../show/state.tsx';

type Agreement = ResponseOf<'agreement.list'>['items'][number];

export function Agreements() {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const navigate = useNavigate();
  const operationWord = useOperationWord();
  const { nameOf } = useNames();
  const { items } = useSuspenseQuery(queries.agreements).data;
  const propose = may('agreement.proposeMatch') && (
    <Button type="primary" onClick={() => void navigate({ to: '/propose' })}>
      {t('agreements.propose')}
    </Button>
  );
  return (
    <section className="screen">
      <div className="screen-head">
        <h1>{t('agreements.title')}</h1>
        {items.length > 0 && propose}
      </div>
      <div className="panel">
        {items.length === 0 ? (
          <NothingYet title={t('agreements.none')} about={t('agreements.noneAbout')} action={propose} />
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
                render: (_, { parties }) => parties.map(({ organisation }) => nameOf(organisation)).join(', '),
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
