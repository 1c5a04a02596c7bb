import { Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNames } from '../../show/names.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { useStageWord } from '../../show/stage-word.ts';
import type { Job } from './waiting.ts';

export function Running({ jobs }: { readonly jobs: readonly Job[] }) {
  const { t } = useTranslation();
  const stageWord = useStageWord();
  const operationWord = useOperationWord();
  const { nameOf } = useNames();
  const running = jobs.filter(({ status }) => status === 'running' || status === 'queued' || status === 'cancelling');
  if (running.length === 0) return <p className="quiet">{t('home.runningNone')}</p>;
  return (
    <ul className="rows plain-list">
      {running.map((job) => (
        <li key={job.id}>
          <div className="what">
            <strong>{operationWord(job.operation)}</strong>
            <span className="fine">
              {t('home.with', { partners: job.partners.map(nameOf).join(', ') })} · {stageWord(job.stage)}
            </span>
          </div>
          <Progress
            percent={Math.round(job.progress * 100)}
            size={[160, 6]}
            aria-label={`${operationWord(job.operation)}: ${stageWord(job.stage)}`}
          />
        </li>
      ))}
    </ul>
  );
}
