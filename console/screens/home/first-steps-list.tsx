import { CheckOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FirstStep } from './first-steps.ts';
import './first-steps.css';

/** The way from an empty node to the first result; only the next step asks for anything. */
export function FirstSteps({ steps }: { readonly steps: readonly FirstStep[] }) {
  const { t } = useTranslation();
  const go = useWay();
  return (
    <section className="panel first-steps">
      <div className="panel-body">
        <h2>{t('home.start')}</h2>
        <p className="fine">{t('home.startAbout')}</p>
      </div>
      <ol className="plain-list">
        {steps.map((step, at) => {
          const { name, state, waits } = step;
          return (
            <li key={name} className={state}>
              <span className="step-mark">
                {state === 'done' ? <CheckOutlined aria-label={t('home.done')} /> : at + 1}
              </span>
              <div className="what">
                <strong>{t(`home.steps.${name}.title`)}</strong>
                {state === 'next' && (
                  <span className="fine">{waits ? t('home.waitsForPartner') : t(`home.steps.${name}.about`)}</span>
                )}
              </div>
              {state === 'next' && !waits && (
                <Button
                  type="primary"
                  aria-label={`${t('home.goThere')}: ${t(`home.steps.${name}.title`)}`}
                  onClick={() => go(step)}
                >
                  {t('home.goThere')}
                </Button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function useWay(): (step: FirstStep) => void {
  const navigate = useNavigate();
  return ({ name, agreement }) => {
    if (agreement !== undefined) {
      void navigate({ to: '/agreements/$agreement', params: { agreement } });
      return;
    }
    const to = {
      network: '/network',
      dataset: '/datasets/add',
      publish: '/datasets',
      agree: '/propose',
      run: '/agreements',
    } as const;
    void navigate({ to: to[name] });
  };
}
