import type { ResponseOf, Role } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { SettingsHead } from './settings-head.tsx';
import { UserForm } from './user-form.tsx';

export type User = ResponseOf<'user.list'>['items'][number];

/** Who may do what on this node. */
export function Users() {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <section className="screen">
      <SettingsHead />
      {may('user.list') ? (
        <UserList />
      ) : (
        <div className="panel">
          <NothingYet title={t('problem.titles.forbidden')} about={t('settings.usersNeed')} />
        </div>
      )}
    </section>
  );
}

function UserList() {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const { items } = useSuspenseQuery(queries.users).data;
  const [edited, setEdited] = useState<User | 'new'>();
  const change = useAction(
    ({ user, status }: { readonly user: string; readonly status: 'active' | 'disabled' }) =>
      client.user.update({ user, status }),
    { changes: ['users'] },
  );
  const canChange = may('user.update');
  return (
    <>
      <div className="toolbar">
        {may('user.create') && (
          <Button type="primary" onClick={() => setEdited('new')}>
            {t('settings.addUser')}
          </Button>
        )}
      </div>
      {change.error !== null && <ProblemNote error={change.error} />}
      <div className="panel">
        <Table<User>
          rowKey="id"
          dataSource={items}
          pagination={false}
          scroll={{ x: 'max-content' }}
          columns={[
            { title: t('session.name'), dataIndex: 'name' },
            {
              title: t('settings.roles'),
              render: (_, { roles }) => roles.map((role: Role) => t(`roles.${role}`)).join(' · '),
            },
            { title: t('jobs.status'), render: (_, { status }) => t(`settings.${status}`) },
            {
              title: t('settings.lastSignIn'),
              render: (_, { lastSignInAt }) => (lastSignInAt === undefined ? '—' : figures.time(lastSignInAt)),
            },
            {
              title: '',
              key: 'change',
              className: 'number-cell',
              render: (_, user) =>
                canChange && (
                  <div className="toolbar">
                    <Button
                      size="small"
                      aria-label={`${t('settings.change')}: ${user.name}`}
                      onClick={() => setEdited(user)}
                    >
                      {t('settings.change')}
                    </Button>
                    <Button
                      size="small"
                      type="text"
                      aria-label={`${t(user.status === 'active' ? 'settings.disable' : 'settings.enable')}: ${user.name}`}
                      onClick={() =>
                        change.run({ user: user.id, status: user.status === 'active' ? 'disabled' : 'active' })
                      }
                    >
                      {t(user.status === 'active' ? 'settings.disable' : 'settings.enable')}
                    </Button>
                  </div>
                ),
            },
          ]}
        />
      </div>
      {edited !== undefined && (
        <UserForm user={edited === 'new' ? undefined : edited} close={() => setEdited(undefined)} />
      )}
    </>
  );
}
