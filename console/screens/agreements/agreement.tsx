import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { StateTag } from '../../show/state.tsx';
import { Decide } from './decide.tsx';
import { DisclosurePicture } from './disclosure-picture.tsx';
import { Findings } from './findings.tsx';

const address = getRouteApi('/agreements/$agreement');

/** One agreement as all parties sign it: who learns what first, then the rules, the cost and the terms themselves. */
export function Agreement() {
  const { agreement: reference } = address.useParams();
  const { data: agreement } = useSuspenseQuery(queries.agreement(reference));
  const { data: status } = useSuspenseQuery(queries.status);
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const { plan } = agreement;
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{agreement.purpose}</h1>
          <p className="about">
            {operationWord(agreement.operation)} · {t('home.from', { partner: agreement.proposedBy })} ·{' '}
            {t('home.untilTime', { time: figures.time(agreement.expiresAt) })}
          </p>
        </div>
        <StateTag state={agreement.status} />
      </div>
      <DisclosurePicture disclosure={agreement.disclosure} parties={agreement.parties} />
      <div className="panels">
        <Findings findings={agreement.findings} />
        <div>
          {plan !== undefined && (
            <section className="panel">
              <h2>{t('agreements.cost')}</h2>
              <div className="panel-body stack">
                <p>
                  {t('agreements.costAbout', {
                    seconds: figures.count(Math.ceil(plan.secondsAbout)),
                    size: figures.size(plan.bytesAbout),
                  })}
                </p>
                <p className="fine mono">
                  {plan.protocol} · {plan.kernel}
                </p>
              </div>
            </section>
          )}
          <Decide agreement={agreement} organisation={status.organisation} />
        </div>
      </div>
      <section className="panel">
        <details className="panel-body">
          <summary>{t('agreements.terms')}</summary>
          <pre className="mono">{JSON.stringify(agreement.terms, null, 2)}</pre>
        </details>
      </section>
    </section>
  );
}
