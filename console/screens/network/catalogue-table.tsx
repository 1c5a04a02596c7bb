import type { ResponseOf } from '@causeway/core/api';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { hasValueLists, ValueLists } from '../../show/value-lists.tsx';

type Entry = ResponseOf<'catalogue.list'>['items'][number];

export function CatalogueTable({ items }: { readonly items: readonly Entry[] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  if (items.length === 0) return <p className="quiet">{t('network.catalogueNone')}</p>;
  return (
    <Table<Entry>
      rowKey={({ owner, dataset }) => `${owner}/${dataset}`}
      dataSource={items}
      pagination={items.length > 50 ? { pageSize: 50 } : false}
      scroll={{ x: 'max-content' }}
      expandable={{
        columnTitle: <span className="unseen">{t('datasets.values')}</span>,
        rowExpandable: ({ description }) => hasValueLists(description),
        expandedRowRender: ({ description }) => <ValueLists attributes={description.attributes} />,
      }}
      columns={[
        { title: t('datasets.name'), dataIndex: 'name', sorter: (a, b) => a.name.localeCompare(b.name) },
        { title: t('network.owner'), dataIndex: 'ownerName' },
        {
          title: t('datasets.identifiers'),
          render: (_, { description }) => description.ids.map(({ profile }) => profile).join(', '),
        },
        {
          title: t('datasets.rows'),
          className: 'number-cell',
          render: (_, { description }) => t('datasets.rowsAbout', { number: figures.count(description.rowsAbout) }),
        },
        {
          title: t('datasets.attributes'),
          render: (_, { description }) => description.attributes.map(({ column }) => column).join(', '),
        },
      ]}
    />
  );
}
