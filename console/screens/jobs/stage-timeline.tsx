import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { useOrganisationName } from '../../show/organisations.tsx';
import { useStageWord } from '../../show/stage-word.ts';
import { useDuration } from '../../show/use-duration.ts';
import { hasEnded, type Job, type Partner } from './live-job.ts';
import { type Bar, timelineOf } from './timeline.ts';

/** The stages of all parties, one above the other on the same time: a table, with bars for those who see them. */
export function StageTimeline(props: { readonly job: Job; readonly partners: readonly Partner[] | undefined }) {
  const { job, partners = [] } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const stageWord = useStageWord();
  const duration = useDuration();
  const nameOf = useOrganisationName();
  const nowMs = useNow(!hasEnded(job));
  const own = t('jobs.us');
  const told = partners.flatMap(({ organisation, stages }) =>
    stages === undefined ? [] : [{ organisation: nameOf(organisation), stages }],
  );
  const { rows, seconds } = timelineOf([{ organisation: own, stages: job.stages }, ...told], nowMs);
  if (rows.length === 0) return null;
  const bytesOf = new Map(
    job.stages.map(({ name, sentBytes = 0, receivedBytes = 0 }) => [name, sentBytes + receivedBytes]),
  );
  const parties = [own, ...told.map(({ organisation }) => organisation)];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('jobs.timeline')}</h2>
        <ul className="legend plain-list">
          {parties.map((organisation, i) => (
            <li key={organisation}>
              <i className={`party party-${Math.min(i, 3)}`} aria-hidden="true" />
              {organisation}
            </li>
          ))}
        </ul>
      </div>
      <div className="panel-body">
        <table className="timeline">
          <thead>
            <tr>
              <th scope="col">{t('jobs.stage')}</th>
              <th scope="col" className="line-cell">
                <span className="line-scale">
                  <span>0</span>
                  <span>{duration(seconds)}</span>
                </span>
              </th>
              {parties.map((organisation) => (
                <th key={organisation} scope="col" className="number-cell wide-only">
                  {organisation}
                </th>
              ))}
              <th scope="col" className="number-cell wide-only">
                {t('jobs.bytes')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ stage, bars }) => (
              <tr key={stage}>
                <th scope="row">{stageWord(stage)}</th>
                <td className="line-cell">
                  <span className="lanes" aria-hidden="true">
                    {parties.map((organisation, i) => (
                      <Lane key={organisation} bar={bars.find((bar) => bar.organisation === organisation)} party={i} />
                    ))}
                  </span>
                </td>
                {parties.map((organisation) => {
                  const bar = bars.find((one) => one.organisation === organisation);
                  return (
                    <td key={organisation} className="number-cell wide-only">
                      {bar === undefined ? '' : <Told bar={bar} />}
                    </td>
                  );
                })}
                <td className="number-cell wide-only">
                  {(bytesOf.get(stage) ?? 0) > 0 ? figures.size(bytesOf.get(stage)!) : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {partners.length > 0 && <p className="fine">{t('jobs.clocks')}</p>}
      </div>
    </section>
  );
}

function Lane({ bar, party }: { readonly bar: Bar | undefined; readonly party: number }) {
  return (
    <span className="lane">
      {bar?.place !== undefined && (
        <span
          className={`bar party-${Math.min(party, 3)} is-${bar.status}`}
          style={{ left: `${bar.place.from * 100}%`, width: `${bar.place.width * 100}%` }}
        />
      )}
    </span>
  );
}

/** What a bar shows, in words. */
function Told({ bar: { status, seconds, progress } }: { readonly bar: Bar }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const duration = useDuration();
  if (status === 'running') return <>{figures.share(progress)}</>;
  if (status === 'failed') return <span className="bad-text">{t('status.failed')}</span>;
  return <>{status === 'waiting' || seconds === undefined ? '–' : duration(seconds)}</>;
}

/** The time, twice a second while it matters. */
function useNow(isRunning: boolean): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isRunning]);
  return nowMs;
}
