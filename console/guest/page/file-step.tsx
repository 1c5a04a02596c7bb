import type { GuestOffer } from '@causeway/core/applications/guest';
import { Alert, Button, Radio } from 'antd';
import { type DragEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import type { VisitActions, VisitState } from './use-visit.ts';

/** The file: dropped or chosen, and which of its columns is matched. It is read here and sent nowhere. */
export function FileStep(props: {
  readonly offer: GuestOffer;
  readonly state: VisitState;
  readonly visit: VisitActions;
}) {
  const { offer, state, visit } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  return (
    <section className="panel">
      <h2>{t('guest.file')}</h2>
      <div className="panel-body stack">
        <Drop isBusy={state.isBusy} choose={visit.choose} />
        {state.step === 'column' && (
          <>
            <p>{t('guest.fileRead', { name: state.read.name, rows: figures.count(state.read.rows) })}</p>
            {state.read.sheets.length > 1 && <Sheets state={state} visit={visit} />}
            {state.read.columns.length > 0 ? (
              <Columns state={state} visit={visit} offer={offer} />
            ) : (
              <Alert type="warning" showIcon role="alert" title={t('guest.sheetWithout')} />
            )}
          </>
        )}
      </div>
    </section>
  );
}

interface ColumnStep {
  readonly state: Extract<VisitState, { step: 'column' }>;
  readonly visit: VisitActions;
}

/** Which sheet of a workbook is taken. One that is being read is not interrupted. */
function Sheets({ state, visit }: ColumnStep) {
  const { t } = useTranslation();
  const { sheet, sheets } = state.read;
  return (
    <div>
      <div className="label">{t('guest.sheet')}</div>
      <Radio.Group
        aria-label={t('guest.sheet')}
        value={sheet}
        onChange={({ target }) => {
          if (!state.isBusy) visit.chooseSheet(state.file, target.value as string);
        }}
        options={sheets.map((name) => ({ value: name, label: name }))}
      />
    </div>
  );
}

function Columns({ state, visit, offer }: ColumnStep & { readonly offer: GuestOffer }) {
  const { t } = useTranslation();
  return (
    <>
      <div>
        <div className="label">{t('guest.column')}</div>
        <Radio.Group
          aria-label={t('guest.column')}
          className="stack"
          value={state.column}
          onChange={({ target }) => visit.pick(target.value as number)}
          options={state.read.columns.map(({ name, profile }, index) => ({
            value: index,
            label: t('guest.columnIs', { name, profile }),
          }))}
        />
      </div>
      <div className="toolbar">
        <Button type="primary" loading={state.isBusy} onClick={() => visit.propose(state.column)}>
          {t('guest.showLearns')}
        </Button>
        <span className="fine aside">{t('guest.tells', { host: offer.host.name })}</span>
      </div>
    </>
  );
}

function Drop({ isBusy, choose }: { readonly isBusy: boolean; readonly choose: (file: File) => void }) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const id = useId();
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file && !isBusy) choose(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the field inside is the one for keyboards and readers.
    <div
      className={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>{isBusy ? t('guest.reading') : t('guest.drop')}</label>
      <input
        id={id}
        type="file"
        // What is not read is let in too: the page says what to do instead, a greyed-out file says nothing.
        accept=".csv,.tsv,.txt,text/csv,.xlsx,.xlsm,.xls,.xlsb"
        disabled={isBusy}
        onChange={({ target }) => take(target.files)}
      />
      <span className="fine">{t('guest.stays')}</span>
    </div>
  );
}
