import type { ResponseOf } from '@causeway/core/api';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { Organisations } from '../../show/organisations.tsx';
import { RoomState } from '../rooms/room-state.tsx';

/** The rooms of this node, each with what was asked of it. */
export function RoomList(props: {
  readonly rooms: ResponseOf<'room.list'>['items'];
  readonly purposes: ReadonlyMap<string, string>;
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <section className="panel">
      <h2>{t('results.rooms')}</h2>
      <ul className="rows plain-list">
        {props.rooms.map(({ id, agreement, contributors, answers, status }) => (
          <li key={id}>
            <div className="what">
              <strong>
                <Link to="/rooms/$room" params={{ room: id }}>
                  {props.purposes.get(agreement) ?? id}
                </Link>
              </strong>
              <span className="fine">
                <Organisations ids={contributors.map(({ organisation }) => organisation)} /> ·{' '}
                {t('rooms.answers', { count: answers, number: figures.count(answers) })}
              </span>
            </div>
            <RoomState status={status} />
          </li>
        ))}
      </ul>
    </section>
  );
}
