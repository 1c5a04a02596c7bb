import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Progress, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { useOperationWord } from '../../show/operation-word.ts';
import { StateTag } from '../../show/state.tsx';
import { JobDetail } from './job-detail.tsx';

type Job = ResponseOf<'job.list'>['items'][number];

export function Jobs() {
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const { items } = useSuspenseQuery(queries.jobs).data;
  return (
    <section className="screen">
      <h1>{t('jobs.title')}</h1>
      <div className="panel">
        {items.length === 0 ? (
          <NothingYet title={t('jobs.none')} about={t('jobs.noneAbout')} />
        ) : (
          <Table<Job>
            rowKey="id"
            dataSource={items}
            pagination={items.length > 50 ? { pageSize: 50 } : false}
            scroll={{ x: 'max-content' }}
            expandable={{ expandedRowRender: (job) => <JobDetail job={job} /> }}
            columns={[
              { title: t('jobs.operation'), render: (_, { operation }) => operationWord(operation) },
              { title: t('jobs.partners'), render: (_, { partners }) => partners.join(', ') },
              { title: t('jobs.status'), render: (_, { status }) => <StateTag state={status} /> },
              {
                title: t('jobs.progress'),
                render: (_, { progress, id }) => (
                  <Progress
                    percent={Math.round(progress * 100)}
                    size={[140, 6]}
                    aria-label={`${t('jobs.progress')} ${id}`}
                  />
                ),
              },
              { title: t('jobs.started'), render: (_, { createdAt }) => figures.time(createdAt) },
            ]}
          />
        )}
      </div>
    </section>
  );
}
