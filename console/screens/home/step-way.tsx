import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../app/session.ts';
import type { FirstStep } from './first-steps.ts';

/** What the next step is for, or what it waits for. */
export function StepAbout({ step: { name, waitsFor } }: { readonly step: FirstStep }) {
  const { t } = useTranslation();
  return (
    <span className="fine">
      {waitsFor === undefined ? t(`home.steps.${name}.about`) : t(`home.waitsFor.${waitsFor}`)}
    </span>
  );
}

/** What somebody has to be allowed for a step. */
const needs = {
  network: 'network.create',
  dataset: 'dataset.add',
  publish: 'dataset.publish',
  agree: 'agreement.proposeMatch',
  run: 'job.run',
} as const;

/** To where the next step is done; nothing where others have to do theirs first, or somebody with another role. */
export function StepWay({ step }: { readonly step: FirstStep }) {
  const { t } = useTranslation();
  const go = useWay();
  const { name, waitsFor } = step;
  const may = useMay();
  const isApproval = step.agreement !== undefined && may('agreement.approve');
  if (waitsFor === 'datasets' || !(isApproval || may(waitsFor === 'members' ? 'network.invite' : needs[name])))
    return null;
  const word = waitsFor === 'members' ? t('network.makeInvite') : t(`home.steps.${name}.title`);
  return (
    <Button type="primary" aria-label={`${t('home.goThere')}: ${word}`} onClick={() => go(step)}>
      {t('home.goThere')}
    </Button>
  );
}

function useWay(): (step: FirstStep) => void {
  const navigate = useNavigate();
  return ({ name, agreement, dataset, waitsFor }) => {
    if (agreement !== undefined) return void navigate({ to: '/agreements/$agreement', params: { agreement } });
    if (dataset !== undefined) return void navigate({ to: '/datasets/$dataset', params: { dataset } });
    if (waitsFor === 'members') return void navigate({ to: '/network' });
    const to = {
      network: '/network',
      dataset: '/datasets/add',
      publish: '/datasets',
      agree: '/propose',
      run: '/agreements',
    } as const;
    return void navigate({ to: to[name] });
  };
}
