import { CheckOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { FirstStep } from './first-steps.ts';
import { StepAbout, StepWay } from './step-way.tsx';
import './first-steps.css';

/** The way from an empty node to the first result; only the next step asks for anything. */
export function FirstSteps({ steps }: { readonly steps: readonly FirstStep[] }) {
  const { t } = useTranslation();
  return (
    <section className="panel first-steps">
      <div className="panel-body">
        <h2>{t('home.start')}</h2>
        <p className="fine">{t('home.startAbout')}</p>
      </div>
      <ol className="plain-list">
        {steps.map((step, at) => (
          <li key={step.name} className={step.state}>
            <span className="step-mark">
              {step.state === 'done' ? <CheckOutlined aria-label={t('home.done')} /> : at + 1}
            </span>
            <div className="what">
              <strong>{t(`home.steps.${step.name}.title`)}</strong>
              {step.state === 'next' && <StepAbout step={step} />}
            </div>
            {step.state === 'next' && <StepWay step={step} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
