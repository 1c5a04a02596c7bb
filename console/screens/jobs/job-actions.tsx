import { useNavigate } from '@tanstack/react-router';
import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { saveFile } from '../../show/save-file.ts';
import { hasEnded, type Job } from './live-job.ts';

/** What can be done with a run as it stands, by who is signed in. */
export function JobActions({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const cancel = useAction(() => client.job.cancel({ job: job.id }), { changes: ['jobs'] });
  const resume = useAction(() => client.job.resume({ job: job.id }), { changes: ['jobs'] });
  const evidence = useAction(() => client.evidence.export({ job: job.id }), {
    done: (file) => saveFile(`evidence-${job.id}.json`, JSON.stringify(file), 'application/json'),
  });
  const hasResult = job.status === 'finished' && (job.counts !== undefined || job.insight?.figures !== undefined);
  const error = cancel.error ?? resume.error ?? evidence.error;
  return (
    <>
      {job.status === 'interrupted' && may('job.resume') && (
        <Button type="primary" loading={resume.isRunning} onClick={() => resume.run(undefined)}>
          {t('jobs.resume')}
        </Button>
      )}
      {!hasEnded(job) && job.status !== 'cancelling' && may('job.cancel') && (
        <Popconfirm
          title={t('jobs.cancelSure')}
          description={t('jobs.cancelAbout')}
          okText={t('jobs.cancel')}
          cancelText={t('jobs.keep')}
          onConfirm={() => cancel.run(undefined)}
        >
          <Button danger loading={cancel.isRunning}>
            {t('jobs.cancel')}
          </Button>
        </Popconfirm>
      )}
      {job.status === 'finished' && (
        <Button loading={evidence.isRunning} onClick={() => evidence.run(undefined)}>
          {t('jobs.evidence')}
        </Button>
      )}
      {hasResult && (
        <Button type="primary" onClick={() => void navigate({ to: '/results/jobs/$job', params: { job: job.id } })}>
          {t('jobs.toResult')}
        </Button>
      )}
      {job.status === 'finished' && job.operation === 'room' && (
        <Button type="primary" onClick={() => void navigate({ to: '/rooms/$room', params: { room: job.id } })}>
          {t('jobs.toRoom')}
        </Button>
      )}
      {error !== null && <ProblemNote error={error} />}
    </>
  );
}
