import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Progress } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { useStageWord } from '../../show/stage-word.ts';
import { addRequest, type FileReport, fileName, proposedChoices, proposedName } from './column-choice.ts';
import { ColumnTable } from './column-table.tsx';
import { FirstRows } from './first-rows.tsx';
import { Notices } from './import-report.tsx';
import { useImport } from './use-import.ts';

/** What the node found in a file, with a choice for each column, before a row is taken in. */
export function Preflight({ file }: { readonly file: FileReport }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const navigate = useNavigate();
  const nameId = useId();
  const [choices, setChoices] = useState(() => proposedChoices(file));
  const [name, setName] = useState(() => proposedName(file.path));
  const taking = useImport((dataset) => void navigate({ to: '/datasets/$dataset', params: { dataset } }));
  const request = addRequest(file, name.trim(), choices);
  const found = { format: file.format, rows: figures.count(file.rowsAbout), size: figures.size(file.bytes) };
  return (
    <>
      <section className="panel">
        <div className="panel-head">
          <h2>
            <span className="mono" title={file.path}>
              {fileName(file.path)}
            </span>
          </h2>
          <span className="fine">{t('add.found', found)}</span>
        </div>
        {file.notices.length > 0 && (
          <div className="panel-body">
            <Notices notices={file.notices} />
          </div>
        )}
        <ColumnTable columns={file.columns} choices={choices} onChange={setChoices} />
      </section>
      <FirstRows file={file} />
      <section className="panel panel-body stack">
        <div>
          <label className="label" htmlFor={nameId}>
            {t('add.name')}
          </label>
          <Input id={nameId} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </div>
        {request === undefined && <p className="fine">{t('add.needIdentifier')}</p>}
        {taking.error !== null && <ProblemNote error={taking.error} />}
        {taking.operation === undefined ? (
          <div>
            <Button
              type="primary"
              disabled={request === undefined || name.trim() === ''}
              loading={taking.isRunning}
              onClick={() => request !== undefined && taking.start(request)}
            >
              {t('add.take')}
            </Button>
          </div>
        ) : (
          <Taking operation={taking.operation} cancel={taking.cancel} />
        )}
      </section>
    </>
  );
}

function Taking(props: { readonly operation: { stage: string; progress: number }; readonly cancel: () => void }) {
  const { t } = useTranslation();
  const stageWord = useStageWord();
  return (
    <div className="toolbar">
      <span>
        {t('add.taking')} · {stageWord(props.operation.stage)}
      </span>
      <Progress percent={Math.round(props.operation.progress * 100)} size={[240, 6]} aria-label={t('add.taking')} />
      <Button onClick={props.cancel}>{t('add.cancel')}</Button>
    </div>
  );
}
