import type { ResponseOf } from '@causeway/core/api';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { saveFile } from '../../show/save-file.ts';
import { allRefused, refusedCsv } from './refused-list.ts';

type Report = ResponseOf<'dataset.show'>['report'];
type Notice = Report['notices'][number];

/** What became of each row of every identifier column: taken, empty, made equal in form, refused and why. */
export function ImportReport({ dataset, report }: { readonly dataset: string; readonly report: Report }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const save = useAction(async ({ column, refused }: Report['ids'][number]) => {
    const items = await allRefused(dataset, (request) => client.dataset.refused(request));
    saveFile(`${dataset}-${column}.csv`, refusedCsv(items, column, refused), 'text/csv');
  });
  return (
    <>
      {save.error !== null && <ProblemNote error={save.error} />}
      {report.ids.map((id) => (
        <section className="panel" key={id.column}>
          <div className="panel-head">
            <h2>
              <span className="mono">{id.column}</span> · {id.profile}
            </h2>
            {id.refused.length > 0 && may('dataset.refused') && (
              <Button size="small" loading={save.isRunning} onClick={() => save.run(id)}>
                {t('datasets.downloadRefused')}
              </Button>
            )}
          </div>
          <div className="panel-body stack">
            <dl className="facts">
              <dt>{t('datasets.accepted')}</dt>
              <dd>{figures.count(id.accepted)}</dd>
              <dt>{t('datasets.distinct')}</dt>
              <dd>{figures.count(id.distinct)}</dd>
              <dt>{t('datasets.empty')}</dt>
              <dd>{figures.count(id.empty)}</dd>
            </dl>
            <Notices title={t('datasets.refused')} notices={id.refused} none={t('datasets.refusedNone')} />
            {id.changed.length > 0 && <Notices title={t('datasets.changed')} notices={id.changed} />}
          </div>
        </section>
      ))}
      {report.notices.length > 0 && (
        <section className="panel">
          <h2>{t('datasets.report')}</h2>
          <div className="panel-body">
            <Notices notices={report.notices} />
          </div>
        </section>
      )}
    </>
  );
}

export function Notices(props: {
  readonly title?: string;
  readonly notices: readonly Notice[];
  readonly none?: string;
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { language } = usePreferences();
  return (
    <div>
      {props.title !== undefined && <div className="label">{props.title}</div>}
      {props.notices.length === 0 && <p className="fine">{props.none}</p>}
      <ul className="plain-list stack">
        {props.notices.map((notice) => (
          <li key={notice.code}>
            {notice.words[language]}{' '}
            <span className="fine">
              {notice.rows !== undefined && t('home.rows', { count: notice.rows, number: figures.count(notice.rows) })}
              {notice.firstRows !== undefined &&
                notice.firstRows.length > 0 &&
                ` · ${t('datasets.firstRows', { rows: notice.firstRows.map(figures.count).join(', ') })}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
