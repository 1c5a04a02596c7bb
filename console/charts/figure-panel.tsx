import { DownloadOutlined } from '@ant-design/icons';
import { Button, Dropdown, Segmented } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../app/action.ts';
import { toCsv } from '../show/csv.ts';
import { useFigures } from '../show/figures.ts';
import { ProblemNote } from '../show/problem-note.tsx';
import { saveFile } from '../show/save-file.ts';
import { usePrinting } from '../show/use-printing.ts';
import { csvRows } from './cell-text.ts';
import { chartSvg, pngOf } from './chart-file.ts';
import { type Figure, hasNumbers, isHidden, type Minimum } from './figure.ts';
import { FigureChart } from './figure-chart.tsx';
import { FigureTable } from './figure-table.tsx';
import './charts.css';

type Form = 'png' | 'svg' | 'csv';

/**
 * A figure as a chart or as its table, and as a file of each kind. On paper it is both.
 * @param minimum where it is known, with owners as they are called: what is held back has fewer, or protects what has.
 */
export function FigurePanel({ figure, minimum }: { readonly figure: Figure; readonly minimum: Minimum | undefined }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const titleId = useId();
  const isPrinting = usePrinting();
  const isDrawn = hasNumbers(figure);
  const [wanted, setForm] = useState<'chart' | 'table'>('chart');
  const form = isDrawn ? wanted : 'table';
  const words = { hidden: t('charts.hidden'), figures };
  const save = useAction(async (as: Form) => {
    const name = `${figure.id}.${as}`;
    if (as === 'csv') return saveFile(name, toCsv(csvRows(figure, words)), 'text/csv');
    const svg = await chartSvg(figure, words);
    if (svg === undefined) return;
    if (as === 'svg') return saveFile(name, svg, 'image/svg+xml');
    saveFile(name, await pngOf(svg), 'image/png');
  });
  const forms: readonly Form[] = isDrawn ? ['png', 'svg', 'csv'] : ['csv'];
  const hasHidden = figure.rows.some((row) => row.some(isHidden));
  return (
    <section className={figure.isWide ? 'panel figure wide' : 'panel figure'} aria-labelledby={titleId}>
      <div className="panel-head">
        <h2 id={titleId}>{figure.title}</h2>
        <div className="toolbar screen-only">
          {isDrawn && (
            <Segmented<'chart' | 'table'>
              size="small"
              aria-label={t('charts.form', { title: figure.title })}
              value={form}
              onChange={setForm}
              options={[
                { value: 'chart', label: t('charts.chart') },
                { value: 'table', label: t('charts.table') },
              ]}
            />
          )}
          <Dropdown
            trigger={['click']}
            menu={{
              items: forms.map((key) => ({ key, label: t(`charts.save.${key}`) })),
              onClick: ({ key }) => save.run(key as Form),
            }}
          >
            <Button
              size="small"
              type="text"
              icon={<DownloadOutlined />}
              loading={save.isRunning}
              aria-label={t('charts.saveAs', { title: figure.title })}
            />
          </Dropdown>
        </div>
      </div>
      {save.error !== null && <ProblemNote error={save.error} />}
      {isDrawn && (isPrinting || form === 'chart') && (
        <div className="panel-body">
          <FigureChart figure={figure} words={words} label={t('charts.chartOf', { title: figure.title })} />
        </div>
      )}
      {(isPrinting || form === 'table') && <FigureTable figure={figure} words={words} />}
      {(hasHidden || (figure.notes ?? []).length > 0) && (
        <div className="figure-notes fine">
          {figure.notes?.map((note) => (
            <p key={note}>{note}</p>
          ))}
          {hasHidden && (
            <p>
              {minimum === undefined
                ? t('charts.hiddenAbout')
                : t(minimum.owners.length === 0 ? 'charts.hiddenBelow' : 'charts.hiddenBelowOf', {
                    minimum: figures.count(minimum.people),
                    owners: minimum.owners.join(', '),
                  })}
            </p>
          )}
        </div>
      )}
    </section>
  );
}
