import type { ResponseOf } from '@causeway/core/api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../../show/figures.ts';
import { type LongColumn, LongTable } from '../../show/long-table.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { allRefused, type RefusedPage } from './refused-list.ts';

type Report = ResponseOf<'dataset.show'>['report'];
type Refused = RefusedPage['items'][number];

/** Every refused row that the node kept, in the order of the file, however many: only those that can be seen are drawn. */
export function RefusedRows({ dataset, report }: { readonly dataset: string; readonly report: Report }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { language } = usePreferences();
  const [isOpen, setOpen] = useState(false);
  const { data, error, isFetching } = useQuery({
    queryKey: ['datasets', dataset, 'refused'],
    enabled: isOpen,
    // They were refused when the file was read: nothing of it changes.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => allRefused(dataset, (request) => client.dataset.refused(request, { signal })),
  });
  const words = new Map(report.ids.flatMap(({ refused }) => refused.map((notice) => [notice.code, notice.words])));
  if (words.size === 0) return null;
  const columns: readonly LongColumn<Refused>[] = [
    { key: 'row', title: t('datasets.row'), widthPx: 110, align: 'end', render: ({ row }) => figures.count(row) },
    { key: 'column', title: t('add.column'), widthPx: 140, render: ({ column }) => column },
    { key: 'why', title: t('datasets.why'), widthPx: 320, render: ({ code }) => words.get(code)?.[language] ?? code },
  ];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('datasets.refusedRows')}</h2>
        {data === undefined ? (
          <Button size="small" loading={isFetching} onClick={() => setOpen(true)}>
            {t('datasets.showRefused')}
          </Button>
        ) : (
          <span className="fine">{t('home.rows', { count: data.length, number: figures.count(data.length) })}</span>
        )}
      </div>
      {error !== null && <ProblemNote error={error} />}
      {data !== undefined && (
        <LongTable
          label={t('datasets.refusedRows')}
          rows={data}
          rowKey={({ row, column }) => `${row}/${column}`}
          columns={columns}
        />
      )}
    </section>
  );
}
