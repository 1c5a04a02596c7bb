import type { ResponseOf } from '@causeway/core/api';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { useFigures } from './figures.ts';
import { useDuration } from './use-duration.ts';
import './cost-panel.css';

type Plan = ResponseOf<'agreement.proposeMatch'>['plan'];

/** What a run takes: time, traffic, and what the estimate rests on; and other protocols, where one is there. */
export function CostPanel({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const figures = useFigures();
  const duration = useDuration();
  return (
    <section className="panel">
      <h2>{t('agreements.cost')}</h2>
      <div className="panel-body stack">
        <div className="big-figures">
          <div>
            <strong>{duration(Math.ceil(plan.secondsAbout))}</strong>
            <span className="fine">{t('cost.time')}</span>
          </div>
          <div>
            <strong>{figures.size(plan.bytesAbout)}</strong>
            <span className="fine">{t('cost.traffic')}</span>
          </div>
        </div>
        <p className="fine">
          <span className="mono">{plan.protocol}</span> · {plan.words[language]}
        </p>
        {plan.alternatives.length > 0 && (
          <details>
            <summary>{t('cost.alternatives')}</summary>
            <ul className="plain-list stack">
              {plan.alternatives.map(({ protocol, words, bytesAbout }) => (
                <li key={protocol}>
                  <span className="mono">{protocol}</span>{' '}
                  <span className="fine">
                    {words[language]} {figures.size(bytesAbout)}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}
