import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { useOrganisationName } from '../../show/organisations.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { useStageWord } from '../../show/stage-word.ts';
import { StateTag } from '../../show/state.tsx';
import { useDuration } from '../../show/use-duration.ts';
import { JobActions } from './job-actions.tsx';
import { hasEnded, type Job as JobData, type Partner, useLiveJob } from './live-job.ts';
import { MatchCounts } from './match-counts.tsx';
import { StageTimeline } from './stage-timeline.tsx';
import './jobs.css';

const address = getRouteApi('/jobs/$job');

/** One run, live: how far all parties are, how fast it goes, what stopped it, what it came to. */
export function Job() {
  const { job: id } = address.useParams();
  const { job, partners } = useLiveJob(id);
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const nameOf = useOrganisationName();
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <p className="fine">
            <Link to="/jobs">{t('jobs.title')}</Link>
          </p>
          <h1>
            {t('jobs.heading', {
              operation: operationWord(job.operation),
              partners: job.partners.map(nameOf).join(', '),
            })}
          </h1>
          <p className="about">
            {t('jobs.startedBy', { organisation: nameOf(job.startedBy) })} · {figures.time(job.createdAt)}
            {job.attempt > 1 && ` · ${t('jobs.attempt', { number: job.attempt })}`}
          </p>
        </div>
        <div className="toolbar">
          <StateTag state={job.status} />
          <JobActions job={job} />
        </div>
      </div>
      {job.error !== undefined && <ProblemNote error={job.error} />}
      {!hasEnded(job) && <Now job={job} />}
      {job.counts !== undefined && <MatchCounts counts={job.counts} />}
      <StageTimeline job={job} partners={partners} />
      <Facts job={job} partners={partners} />
    </section>
  );
}

function Now({ job }: { readonly job: JobData }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const stageWord = useStageWord();
  const duration = useDuration();
  return (
    <section className="panel panel-body job-now" aria-live="polite">
      <div>
        <strong>{stageWord(job.stage)}</strong>
        <Progress percent={Math.round(job.progress * 100)} aria-label={t('jobs.progress')} />
      </div>
      <dl className="figures-line">
        <div>
          <dt>{t('jobs.rateIs')}</dt>
          <dd>
            {job.ratePerSecond === undefined
              ? '–'
              : t('jobs.rate', { number: figures.count(Math.round(job.ratePerSecond)) })}
          </dd>
        </div>
        <div>
          <dt>{t('jobs.left')}</dt>
          <dd>{job.etaSeconds === undefined ? '–' : t('jobs.eta', { time: duration(Math.ceil(job.etaSeconds)) })}</dd>
        </div>
      </dl>
    </section>
  );
}

function Facts({ job, partners }: { readonly job: JobData; readonly partners: readonly Partner[] | undefined }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const duration = useDuration();
  const nameOf = useOrganisationName();
  // Who may see the job may see its agreement; the link is there before its purpose is.
  const { data: agreement } = useQuery(queries.agreement(job.agreement));
  const total = (name: 'sentBytes' | 'receivedBytes') =>
    job.stages.reduce((sum, { [name]: bytes = 0 }) => sum + bytes, 0);
  const [sent, received] = [total('sentBytes'), total('receivedBytes')];
  return (
    <section className="panel">
      <h2>{t('jobs.facts')}</h2>
      <dl className="facts panel-body">
        <dt>{t('jobs.agreement')}</dt>
        <dd>
          <Link to="/agreements/$agreement" params={{ agreement: job.agreement }}>
            {agreement?.purpose ?? job.agreement.slice(0, 12)}
          </Link>
        </dd>
        {job.startedAt !== undefined && job.finishedAt !== undefined && (
          <>
            <dt>{t('jobs.took')}</dt>
            <dd>{duration((Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000)}</dd>
          </>
        )}
        {sent + received > 0 && (
          <>
            <dt>{t('jobs.bytes')}</dt>
            <dd>{t('jobs.bytesAre', { sent: figures.size(sent), received: figures.size(received) })}</dd>
          </>
        )}
        {agreement?.plan !== undefined && !hasEnded(job) && (
          <>
            <dt>{t('jobs.planned')}</dt>
            <dd>
              {t('agreements.costAbout', {
                seconds: figures.count(Math.ceil(agreement.plan.secondsAbout)),
                size: figures.size(agreement.plan.bytesAbout),
              })}
            </dd>
          </>
        )}
        {job.kernel !== undefined && (
          <>
            <dt>{t('jobs.kernelIs')}</dt>
            <dd className="mono">{job.kernel}</dd>
          </>
        )}
        {partners?.map(({ organisation, status, unknown }) => (
          <div key={organisation} className="contents">
            <dt title={organisation}>{t('jobs.at', { organisation: nameOf(organisation) })}</dt>
            <dd>
              {status !== undefined && <StateTag state={status} />}
              {unknown !== undefined && t(`jobs.unknown.${unknown}`)}
            </dd>
          </div>
        ))}
        <dt>{t('jobs.id')}</dt>
        <dd className="mono">{job.id}</dd>
        {job.outcome !== undefined && (
          <>
            <dt>{t('jobs.outcome')}</dt>
            <dd className="mono">{job.outcome}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
