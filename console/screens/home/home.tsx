import { useSuspenseQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { FirstSteps } from './first-steps-list.tsx';
import { Health } from './health.tsx';
import { Results } from './results.tsx';
import { Running } from './running.tsx';
import { useFirstSteps } from './use-first-steps.ts';
import { waitingFor } from './waiting.ts';
import { WaitingList } from './waiting-list.tsx';

/** What a person looks at first: what waits, what runs, what came of it, and whether the network is well. */
export function Home() {
  const { t } = useTranslation();
  const [{ data: status }, { data: jobs }, { data: agreements }] = useSuspenseQueries({
    queries: [queries.status, queries.jobs, queries.agreements],
  });
  const waiting = waitingFor({
    organisation: status.organisation,
    agreements: agreements.items,
    jobs: jobs.items,
    warnings: status.warnings,
    nowMs: Date.now(),
  });
  const steps = useFirstSteps();
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{status.name}</h1>
          <p className="about">{status.organisation}</p>
        </div>
      </div>
      {steps !== undefined && <FirstSteps steps={steps} />}
      <div className="panels">
        <div>
          <section className="panel">
            <h2>{t('home.waiting')}</h2>
            <WaitingList waiting={waiting} />
          </section>
          <section className="panel">
            <h2>{t('home.running')}</h2>
            <Running jobs={jobs.items} />
          </section>
          <section className="panel">
            <h2>{t('home.results')}</h2>
            <Results jobs={jobs.items} />
          </section>
        </div>
        <Health status={status} />
      </div>
    </section>
  );
}
