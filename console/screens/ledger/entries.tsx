import type { ResponseOf } from '@causeway/core/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { entryBlanks, sentenceOf } from './entry-words.ts';

type Item = ResponseOf<'ledger.show'>['items'][number];

/** The records in words, newest first; each with the entry as it was signed. */
export function Entries() {
  const { t } = useTranslation();
  const figures = useFigures();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(queries.ledgerEntries);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const said = (entry: Item['entry']) => {
    const key = sentenceOf(entry);
    return key === undefined ? entry.type : t(`ledger.entries.${key}`, entryBlanks(entry, figures));
  };
  return (
    <section className="panel">
      <h2>{t('ledger.entriesTitle')}</h2>
      {error !== null && <ProblemNote error={error} />}
      <Table<Item>
        rowKey="index"
        dataSource={items}
        pagination={false}
        scroll={{ x: 'max-content' }}
        expandable={{
          expandedRowRender: ({ entry }) => <pre className="mono entry">{JSON.stringify(entry, null, 2)}</pre>,
        }}
        columns={[
          { title: t('ledger.index'), className: 'number-cell', render: (_, { index }) => figures.count(index) },
          { title: t('ledger.time'), render: (_, { sequencedAt }) => figures.time(sequencedAt) },
          { title: t('ledger.author'), render: (_, { entry }) => entry.author },
          { title: t('ledger.says'), render: (_, { entry }) => said(entry) },
        ]}
      />
      {hasNextPage && (
        <div className="panel-body">
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('ledger.more')}
          </Button>
        </div>
      )}
    </section>
  );
}
