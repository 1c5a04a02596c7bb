import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Button, Popconfirm, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay, useUser } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { StateTag } from '../../show/state.tsx';
import { InviteGuest } from './invite-guest.tsx';

type Invite = ResponseOf<'guest.list'>['items'][number];

/** Who was invited to a match in a browser tab, and what became of it. */
export function Guests() {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const { items } = useSuspenseQuery(queries.guests).data;
  const user = useUser();
  const confirm = useAction((invite: string) => client.guest.confirm({ invite }), { changes: ['guests'] });
  const revoke = useAction((invite: string) => client.guest.revoke({ invite }), { changes: ['guests'] });
  const failed = revoke.error ?? confirm.error;
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{t('guests.title')}</h1>
          <p className="about">{t('guests.about')}</p>
        </div>
        {may('guest.invite') && <InviteGuest />}
      </div>
      {failed !== null && <ProblemNote error={failed} />}
      <div className="panel">
        {items.length === 0 ? (
          <NothingYet title={t('guests.none')} about={t('guests.noneAbout')} />
        ) : (
          <Table<Invite>
            rowKey="id"
            dataSource={[...items]}
            pagination={items.length > 50 ? { pageSize: 50 } : false}
            scroll={{ x: 'max-content' }}
            expandable={{
              expandedRowRender: (invite) => <Runs invite={invite} />,
              rowExpandable: ({ runs }) => runs.length > 0,
            }}
            columns={[
              {
                title: t('guests.label'),
                render: (_, { label, purpose }) => (
                  <>
                    {label}
                    <div className="fine">{purpose}</div>
                  </>
                ),
              },
              { title: t('guests.dataset'), render: (_, { dataset, key }) => `${dataset} · ${key}` },
              { title: t('guests.receiver'), render: (_, { receiver }) => t(`guests.receivers.${receiver}`) },
              {
                title: t('jobs.status'),
                render: (_, invite) => (
                  <Standing
                    invite={invite}
                    isOwn={invite.createdBy === user?.name}
                    confirm={may('guest.confirm') ? () => confirm.run(invite.id) : undefined}
                  />
                ),
              },
              {
                title: t('guests.uses'),
                className: 'number-cell',
                render: (_, { usesTaken, usesMax }) => `${figures.count(usesTaken)} / ${figures.count(usesMax)}`,
              },
              { title: t('agreements.expires'), render: (_, { expiresAt }) => figures.time(expiresAt) },
              {
                title: <span className="unseen">{t('guests.actions')}</span>,
                render: (_, { id, label, status }) =>
                  (status === 'open' || status === 'waiting') &&
                  may('guest.revoke') && (
                    <Popconfirm
                      title={t('guests.revokeAsk', { label })}
                      okText={t('guests.revoke')}
                      cancelText={t('guests.keep')}
                      onConfirm={() => revoke.run(id)}
                    >
                      <Button size="small" aria-label={t('guests.revokeOf', { label })}>
                        {t('guests.revoke')}
                      </Button>
                    </Popconfirm>
                  ),
              },
            ]}
          />
        )}
      </div>
    </section>
  );
}

/** Of an invite in the words of an agreement. */
const stateOf = {
  waiting: 'draft',
  open: 'active',
  used: 'exhausted',
  expired: 'expired',
  revoked: 'revoked',
} as const;

/** Whether its link opens anything; while a second person has to confirm it, who may. */
function Standing(props: {
  readonly invite: Invite;
  readonly isOwn: boolean;
  readonly confirm: (() => void) | undefined;
}) {
  const { status, label, createdBy, confirmedBy } = props.invite;
  const { t } = useTranslation();
  const isWaiting = status === 'waiting';
  return (
    <>
      <StateTag state={stateOf[status]} />
      {isWaiting && (
        <div className="fine">{props.isOwn ? t('guests.waitsOther') : t('guests.waits', { user: createdBy })}</div>
      )}
      {confirmedBy !== undefined && <div className="fine">{t('guests.confirmed', { user: confirmedBy })}</div>}
      {isWaiting && !props.isOwn && props.confirm !== undefined && (
        <Button size="small" type="primary" aria-label={t('guests.confirmOf', { label })} onClick={props.confirm}>
          {t('guests.confirm')}
        </Button>
      )}
    </>
  );
}

function Runs({ invite }: { readonly invite: Invite }) {
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <ul className="plain-list stack">
      {invite.runs.map(({ job, guest, status, code, at }) => (
        <li key={job}>
          <StateTag state={status} /> <span className="mono">{guest}</span> · {figures.time(at)}
          {code !== undefined && <span className="fine"> · {t('problem.code', { code })}</span>}
        </li>
      ))}
    </ul>
  );
}
