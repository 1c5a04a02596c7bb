import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import type { VisitActions, VisitState } from './use-visit.ts';

/** What the guest has learned, and what it can keep: the rows, and the proof that it was so. */
export function Result(props: {
  readonly state: Extract<VisitState, { step: 'result' }>;
  readonly visit: VisitActions;
}) {
  const { state, visit } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const { counts, rowCount, seconds } = state.result;
  return (
    <section className="panel">
      <h2>{t('guest.done')}</h2>
      <div className="panel-body stack">
        <div className="guest-figures">
          <Figure title={t('guest.mine')} value={figures.count(counts.distinct)} />
          <Figure title={t('guest.theirs')} value={figures.count(counts.partnerRows)} />
          {state.offer?.receiver !== 'host' && (
            <Figure
              title={t('guest.matched')}
              value={
                counts.matched === undefined
                  ? t('guest.fewer', { minimum: figures.count(state.offer?.limits.minimumGroupRows ?? 0) })
                  : figures.count(counts.matched)
              }
            />
          )}
        </div>
        <p className="fine">{t('guest.took', { seconds: figures.count(Math.ceil(seconds)) })}</p>
        <div className="toolbar">
          {rowCount !== undefined && (
            <Button type="primary" disabled={rowCount === 0} onClick={() => visit.saveRows('matched-rows.csv')}>
              {t('guest.saveRows')}
            </Button>
          )}
          <Button onClick={() => visit.saveEvidence('causeway-evidence.json')}>{t('guest.saveEvidence')}</Button>
        </div>
        <p className="fine">{t('guest.evidenceAbout')}</p>
      </div>
    </section>
  );
}

function Figure({ title, value }: { readonly title: string; readonly value: string }) {
  return (
    <div>
      <div className="label">{title}</div>
      <strong className="guest-figure">{value}</strong>
    </div>
  );
}
