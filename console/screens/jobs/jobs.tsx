import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Progress, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { type LongColumn, LongTable } from '../../show/long-table.tsx';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { useOperationWord } from '../../show/operation-word.ts';
import { Organisations, useOrganisationName } from '../../show/organisations.tsx';
import { StateTag } from '../../show/state.tsx';
import { useDuration } from '../../show/use-duration.ts';
import { chosenJobs, type Job, type JobChoice, jobOptions } from './chosen-jobs.ts';
import './jobs.css';

const address = getRouteApi('/jobs');

/** All runs, newest first; what a reader chooses is in the address. */
export function Jobs() {
  const { t } = useTranslation();
  const { items } = useSuspenseQuery(queries.jobs).data;
  const choice = address.useSearch();
  const chosen = useMemo(() => chosenJobs(items, choice), [items, choice]);
  return (
    <section className="screen">
      <h1>{t('jobs.title')}</h1>
      <div className="panel">
        {items.length === 0 ? (
          <NothingYet title={t('jobs.none')} about={t('jobs.noneAbout')} />
        ) : (
          <>
            <Filters jobs={items} choice={choice} chosen={chosen.length} />
            {chosen.length === 0 ? <p className="quiet">{t('jobs.noneChosen')}</p> : <List jobs={chosen} />}
          </>
        )}
      </div>
    </section>
  );
}

function Filters(props: { readonly jobs: readonly Job[]; readonly choice: JobChoice; readonly chosen: number }) {
  const { jobs, choice, chosen } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const nameOf = useOrganisationName();
  const navigate = address.useNavigate();
  const options = useMemo(() => jobOptions(jobs), [jobs]);
  const filter = (name: keyof JobChoice, values: readonly { readonly value: string; readonly label: string }[]) => (
    <Select<string>
      key={name}
      className="filter"
      aria-label={t(`jobs.filter.${name}`)}
      placeholder={t(`jobs.filter.${name}`)}
      allowClear
      value={choice[name] ?? null}
      options={[...values]}
      onChange={(value: string | undefined) => {
        const { [name]: _, ...others } = choice;
        void navigate({ search: value === undefined ? others : { ...others, [name]: value }, replace: true });
      }}
    />
  );
  return (
    <div className="panel-head">
      <div className="toolbar">
        {filter(
          'state',
          options.states.map((value) => ({ value, label: t(`status.${value}`) })),
        )}
        {filter(
          'kind',
          options.kinds.map((value) => ({ value, label: operationWord(value) })),
        )}
        {filter(
          'partner',
          options.partners.map((value) => ({ value, label: nameOf(value) })),
        )}
      </div>
      <span className="fine" role="status">
        {t('jobs.shown', { chosen: figures.count(chosen), all: figures.count(jobs.length) })}
      </span>
    </div>
  );
}

function List({ jobs }: { readonly jobs: readonly Job[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const duration = useDuration();
  const columns: readonly LongColumn<Job>[] = [
    {
      key: 'operation',
      title: t('jobs.operation'),
      widthPx: 120,
      render: ({ id, operation }) => (
        <Link to="/jobs/$job" params={{ job: id }}>
          {operationWord(operation)}
        </Link>
      ),
    },
    {
      key: 'partners',
      title: t('jobs.partners'),
      widthPx: 190,
      render: ({ partners }) => <Organisations ids={partners} />,
    },
    {
      key: 'state',
      title: t('jobs.status'),
      widthPx: 140,
      render: ({ status }) => <StateTag state={status} />,
    },
    {
      key: 'progress',
      title: t('jobs.progress'),
      widthPx: 170,
      render: ({ progress, id, status }) =>
        status === 'running' || status === 'cancelling' ? (
          <Progress percent={Math.round(progress * 100)} size={[110, 6]} aria-label={`${t('jobs.progress')} ${id}`} />
        ) : (
          <span className="fine">{figures.share(progress)}</span>
        ),
    },
    {
      key: 'took',
      title: t('jobs.took'),
      widthPx: 90,
      align: 'end',
      render: ({ startedAt, finishedAt }) =>
        startedAt === undefined || finishedAt === undefined
          ? ''
          : duration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000),
    },
    {
      key: 'created',
      title: t('jobs.started'),
      widthPx: 170,
      align: 'end',
      render: ({ createdAt }) => figures.time(createdAt),
    },
  ];
  return <LongTable label={t('jobs.title')} rows={jobs} rowKey={({ id }) => id} columns={columns} />;
}
