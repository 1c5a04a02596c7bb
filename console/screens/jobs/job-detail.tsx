import type { ResponseOf } from '@causeway/core/api';
import { Button, Steps } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { saveFile } from '../../show/save-file.ts';
import { useStageWord } from '../../show/stage-word.ts';

type Job = ResponseOf<'job.show'>;

const stepStates = { waiting: 'wait', running: 'process', done: 'finish', failed: 'error' } as const;

/** One job: its stages, how fast it goes, what it told this side, and what stopped it. */
export function JobDetail({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const stageWord = useStageWord();
  return (
    <div className="stack">
      <Steps
        size="small"
        items={job.stages.map(({ name, status }) => ({ title: stageWord(name), status: stepStates[status] }))}
      />
      <p className="fine">
        {[
          t('jobs.attempt', { number: job.attempt }),
          ...(job.kernel === undefined ? [] : [t('jobs.kernel', { kernel: job.kernel })]),
          ...(job.ratePerSecond === undefined
            ? []
            : [t('jobs.rate', { number: figures.count(Math.round(job.ratePerSecond)) })]),
          ...(job.etaSeconds === undefined
            ? []
            : [t('jobs.eta', { seconds: figures.count(Math.ceil(job.etaSeconds)) })]),
        ].join(' · ')}
      </p>
      {job.counts !== undefined && <Counts counts={job.counts} />}
      {job.error !== undefined && <ProblemNote error={job.error} />}
      <Doings job={job} />
    </div>
  );
}

function Counts({ counts }: { readonly counts: NonNullable<Job['counts']> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { rows, partnerRows, matched, matchRate, hidden } = counts;
  return (
    <dl className="facts">
      <dt>{t('jobs.own')}</dt>
      <dd>{figures.count(rows)}</dd>
      {partnerRows !== undefined && (
        <>
          <dt>{t('jobs.theirs')}</dt>
          <dd>{figures.count(partnerRows)}</dd>
        </>
      )}
      {matched !== undefined && (
        <>
          <dt>{t('jobs.matched')}</dt>
          <dd>{figures.count(matched)}</dd>
        </>
      )}
      {matchRate !== undefined && (
        <>
          <dt>{t('jobs.matchRate')}</dt>
          <dd>{matchRate}</dd>
        </>
      )}
      {hidden.map(({ figure, reason }) => (
        <div key={figure} style={{ display: 'contents' }}>
          <dt>{t('jobs.hidden')}</dt>
          <dd>
            {figure}: {reason}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Doings({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const may = useMay();
  const cancel = useAction(() => client.job.cancel({ job: job.id }), { changes: ['jobs'] });
  const resume = useAction(() => client.job.resume({ job: job.id }), { changes: ['jobs'] });
  const evidence = useAction(() => client.evidence.export({ job: job.id }), {
    done: (file) => saveFile(`evidence-${job.id}.json`, JSON.stringify(file), 'application/json'),
  });
  const isOpen = job.status === 'running' || job.status === 'queued' || job.status === 'interrupted';
  const error = cancel.error ?? resume.error ?? evidence.error;
  return (
    <>
      <div className="toolbar">
        {job.status === 'interrupted' && may('job.resume') && (
          <Button type="primary" size="small" loading={resume.isRunning} onClick={() => resume.run(undefined)}>
            {t('jobs.resume')}
          </Button>
        )}
        {isOpen && may('job.cancel') && (
          <Button danger size="small" loading={cancel.isRunning} onClick={() => cancel.run(undefined)}>
            {t('jobs.cancel')}
          </Button>
        )}
        {job.status === 'finished' && (
          <Button size="small" loading={evidence.isRunning} onClick={() => evidence.run(undefined)}>
            {t('jobs.evidence')}
          </Button>
        )}
      </div>
      {error !== null && <ProblemNote error={error} />}
    </>
  );
}
