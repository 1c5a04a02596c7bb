import { useTranslation } from 'react-i18next';
import type { StepName } from './first-steps.ts';
import { StepAbout, StepWay } from './step-way.tsx';
import { useFirstSteps } from './use-first-steps.ts';
import './first-steps.css';

/** On a screen where a first step is done: what comes after it. @param props.here steps that are done on the very screen. */
export function NextStep({ here }: { readonly here: readonly StepName[] }) {
  const { t } = useTranslation();
  const steps = useFirstSteps();
  const at = steps?.findIndex(({ state }) => state === 'next') ?? -1;
  const step = steps?.[at];
  if (steps === undefined || step === undefined || (here.includes(step.name) && step.waitsFor === undefined))
    return null;
  // Who is where others are invited need not be sent there.
  const isThere = step.waitsFor === 'members' && here.includes('network');
  return (
    <aside className="panel next-step" aria-label={t('home.nextStep', { at: at + 1, of: steps.length })}>
      <span className="fine">{t('home.nextStep', { at: at + 1, of: steps.length })}</span>
      <div className="what">
        <strong>{t(`home.steps.${step.name}.title`)}</strong>
        <StepAbout step={step} />
      </div>
      {!isThere && <StepWay step={step} />}
    </aside>
  );
}
