import type { ResponseOf } from '@causeway/core/api';
import { useQuery, useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Alert, Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { Organisations, useOrganisationName } from '../../show/organisations.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { askedOf } from '../results/asked.ts';
import { RoomState } from './room-state.tsx';
import { roomTermsOf } from './room-tables.ts';
import { useRho } from './use-rho.ts';

const address = getRouteApi('/rooms/$room');

type RoomData = ResponseOf<'room.show'>;

/** One room: who brought what, what was asked of it, whom it has given audiences, and how it ends. */
export function Room() {
  const { room: id } = address.useParams();
  const [{ data: room }, { data: answers }] = useSuspenseQueries({
    queries: [queries.room(id), queries.roomAnswers(id)],
  });
  const { data: agreement } = useSuspenseQuery(queries.agreement(room.agreement));
  const { data: status } = useSuspenseQuery(queries.status);
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const nameOf = useOrganisationName();
  const navigate = useNavigate();
  const terms = roomTermsOf(agreement);
  const hasPeople = terms?.rules.tables.some(({ kind }) => kind === 'person') === true;
  const canAsk = room.status === 'answering' && room.receivers.includes(status.organisation) && may('room.report');
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <p className="fine">
            <Link to="/results">{t('results.title')}</Link>
          </p>
          <h1>{agreement.purpose}</h1>
          <p className="about">
            {t('rooms.keptBy', { keeper: nameOf(room.keeper) })} ·{' '}
            {t('home.untilTime', { time: figures.time(agreement.expiresAt) })}
          </p>
        </div>
        <div className="toolbar">
          <RoomState status={room.status} />
          {canAsk && hasPeople && (
            <Button onClick={() => void navigate({ to: '/rooms/$room/audience', params: { room: id } })}>
              {t('builder.title')}
            </Button>
          )}
          {canAsk && (
            <Button onClick={() => void navigate({ to: '/rooms/$room/question', params: { room: id } })}>
              {t('questions.title')}
            </Button>
          )}
          {canAsk && (
            <Button type="primary" onClick={() => void navigate({ to: '/rooms/$room/report', params: { room: id } })}>
              {t('reports.title')}
            </Button>
          )}
        </div>
      </div>
      {answers.withdrawn && <Alert type="warning" showIcon title={t('results.withdrawn')} />}
      <div className="panels">
        <div>
          <Answers room={id} items={answers.items} />
          {terms?.activation !== undefined && <GivenAudiences room={id} />}
        </div>
        <div>
          <Contributors room={room} />
          <Ending room={room} />
        </div>
      </div>
    </section>
  );
}

function Answers(props: { readonly room: string; readonly items: ResponseOf<'room.answers'>['items'] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const rho = useRho();
  return (
    <section className="panel">
      <h2>{t('rooms.given')}</h2>
      {props.items.length === 0 ? (
        <p className="quiet">{t('rooms.givenNone')}</p>
      ) : (
        <ul className="rows plain-list">
          {props.items.toReversed().map(({ question, statement, at, rho: cost }) => (
            <li key={question}>
              <div className="what">
                <strong>
                  <Link to="/results/rooms/$room/$question" params={{ room: props.room, question }}>
                    {t(`results.kinds.${askedOf(statement).kind}`)}
                  </Link>
                </strong>
                <span className="fine">{figures.time(at)}</span>
              </div>
              <span className="fine">{rho.spent(cost)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What all sides may know of audiences: the rule, and the number that its estimate told. Asked of the keeper, who may be away. */
function GivenAudiences({ room }: { readonly room: string }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const figures = useFigures();
  const nameOf = useOrganisationName();
  const { data, error } = useQuery(queries.roomAudiences(room));
  return (
    <section className="panel">
      <h2>{t('rooms.audiences')}</h2>
      {error !== null && <ProblemNote error={error} />}
      {data?.items.length === 0 && <p className="quiet">{t('rooms.audiencesNone')}</p>}
      <ul className="rows plain-list">
        {data?.items.map(({ selection, rule, size, receiver, at }) => (
          <li key={selection}>
            <div className="what">
              <strong>{rule[language]}</strong>
              <span className="fine">
                {t('rooms.toReceiver', { receiver: nameOf(receiver) })} · {figures.time(at)} · {size.at(-1)?.[language]}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Contributors({ room }: { readonly room: RoomData }) {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <h2>{t('rooms.contributors')}</h2>
      <ul className="rows plain-list">
        {room.contributors.map(({ organisation, joined, manifest, acknowledged }) => (
          <li key={organisation}>
            <Organisations ids={[organisation]} />
            <span className="fine">
              {acknowledged !== undefined
                ? t(`rooms.acknowledged.${acknowledged}`)
                : t(manifest !== undefined ? 'rooms.uploaded' : joined ? 'rooms.joined' : 'rooms.notJoined')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ending({ room }: { readonly room: RoomData }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const close = useAction(() => client.room.close({ room: room.id }), { changes: ['rooms', 'agreements'] });
  if (room.deletedAt !== undefined) {
    return <section className="panel panel-body">{t('rooms.deleted', { time: figures.time(room.deletedAt) })}</section>;
  }
  if (room.status !== 'answering' || !may('room.close')) return null;
  return (
    <section className="panel panel-body stack">
      <p className="fine">{t('rooms.closeAbout')}</p>
      <Popconfirm title={t('rooms.closeSure')} okText={t('rooms.close')} onConfirm={() => close.run(undefined)}>
        <Button danger loading={close.isRunning}>
          {t('rooms.close')}
        </Button>
      </Popconfirm>
      {close.error !== null && <ProblemNote error={close.error} />}
    </section>
  );
}
