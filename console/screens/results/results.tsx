import { useSuspenseQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { type LongColumn, LongTable } from '../../show/long-table.tsx';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { Organisations } from '../../show/organisations.tsx';
import { type ListedResult, listedResults } from './listed-results.ts';
import { RoomList } from './room-list.tsx';
import './results.css';

/** Everything that came out, newest first, and the rooms that more can be asked of. */
export function Results() {
  const { t } = useTranslation();
  const [{ data: jobs }, { data: rooms }, { data: agreements }] = useSuspenseQueries({
    queries: [queries.jobs, queries.rooms, queries.agreements],
  });
  const answers = useSuspenseQueries({ queries: rooms.items.map(({ id }) => queries.roomAnswers(id)) });
  const listed = listedResults({
    jobs: jobs.items,
    rooms: rooms.items.map((room, i) => ({ ...room, given: answers[i]!.data.items })),
  });
  const purposes = new Map(agreements.items.map(({ id, purpose }) => [id, purpose]));
  return (
    <section className="screen">
      <h1>{t('results.title')}</h1>
      {rooms.items.length > 0 && <RoomList rooms={rooms.items} purposes={purposes} />}
      <section className="panel">
        <h2>{t('results.all')}</h2>
        {listed.length === 0 ? (
          <NothingYet title={t('results.none')} about={t('results.noneAbout')} />
        ) : (
          <List results={listed} purposes={purposes} />
        )}
      </section>
    </section>
  );
}

function List(props: { readonly results: readonly ListedResult[]; readonly purposes: ReadonlyMap<string, string> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const columns: readonly LongColumn<ListedResult>[] = [
    {
      key: 'kind',
      title: t('results.kind'),
      widthPx: 190,
      render: (result) =>
        result.from === 'job' ? (
          <Link to="/results/jobs/$job" params={{ job: result.job }}>
            {t(`results.kinds.${result.kind}`)}
          </Link>
        ) : (
          <Link to="/results/rooms/$room/$question" params={{ room: result.room, question: result.question }}>
            {t(`results.kinds.${result.kind}`)}
          </Link>
        ),
    },
    {
      key: 'purpose',
      title: t('agreements.purpose'),
      widthPx: 240,
      render: ({ agreement }) => props.purposes.get(agreement) ?? '',
    },
    {
      key: 'parties',
      title: t('jobs.partners'),
      widthPx: 200,
      render: ({ partners }) => <Organisations ids={partners} />,
    },
    { key: 'at', title: t('results.at'), widthPx: 170, align: 'end', render: ({ at }) => figures.time(at) },
  ];
  return (
    <LongTable
      label={t('results.all')}
      rows={props.results}
      rowKey={(result) => (result.from === 'job' ? result.job : `${result.room}/${result.question}`)}
      columns={columns}
    />
  );
}
