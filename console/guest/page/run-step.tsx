import { Progress as Bar } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import type { Progress } from '../work/guest-worker.ts';

/** How far the run is. */
export function RunStep({ progress }: { readonly progress: Progress | undefined }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const id = useId();
  const { stage, done, total } = progress ?? { stage: 'blind', done: 0, total: 1 };
  return (
    <section className="panel">
      <h2>{t('guest.running')}</h2>
      <div className="panel-body stack">
        <p id={id}>{t(`guest.stages.${stage}`)}</p>
        <Bar percent={Math.floor((100 * done) / total)} aria-labelledby={id} />
        <p className="fine">
          {t('guest.progress', { done: figures.count(done), total: figures.count(total) })} · {t('guest.keepOpen')}
        </p>
      </div>
    </section>
  );
}
