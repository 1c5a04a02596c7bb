import type { ResponseOf } from '@causeway/core/api';
import { Link } from '@tanstack/react-router';
import { Button, Table, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { StateTag } from '../../show/state.tsx';
import { Doctor } from './doctor.tsx';

type Member = ResponseOf<'network.members'>['items'][number];

export function MemberTable({ members }: { readonly members: readonly Member[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const [checked, setChecked] = useState<string>();
  return (
    <>
      <Table<Member>
        rowKey="organisation"
        dataSource={members}
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          {
            title: t('network.organisation'),
            render: (_, { name, organisation, operator, self }) => (
              <>
                <div>
                  <Link to="/network/$organisation" params={{ organisation }}>
                    {name}
                  </Link>
                </div>
                <span className="fine">{organisation}</span>{' '}
                {operator && <Tag variant="filled">{t('network.operator')}</Tag>}
                {self && <Tag variant="filled">{t('network.self')}</Tag>}
              </>
            ),
          },
          {
            title: t('network.link'),
            render: (_, { self, link, status }) =>
              self ? null : <StateTag state={status === 'left' ? 'left' : (link ?? 'closed')} />,
          },
          { title: t('network.joined'), render: (_, { joinedAt }) => figures.time(joinedAt) },
          {
            title: '',
            key: 'check',
            className: 'number-cell',
            render: (_, { self, organisation, name }) =>
              self ? null : (
                <Button
                  size="small"
                  aria-label={`${t('network.check')}: ${name}`}
                  onClick={() => setChecked(organisation)}
                >
                  {t('network.check')}
                </Button>
              ),
          },
        ]}
      />
      {checked !== undefined && <Doctor organisation={checked} close={() => setChecked(undefined)} />}
    </>
  );
}
