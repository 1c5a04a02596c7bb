import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { DisclosurePicture } from '../../show/disclosure/disclosure-picture.tsx';
import { useFigures } from '../../show/figures.ts';
import { namedBy } from '../../show/said-with.ts';
import type { VisitActions, VisitState } from './use-visit.ts';

/** Who learns what, made in this browser from the terms; and the guest's yes. */
export function Consent(props: {
  readonly state: Extract<VisitState, { step: 'consent' }>;
  readonly visit: VisitActions;
}) {
  const { state, visit } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const { disclosure, list, guest } = state.proposed;
  const refused = list.refused.reduce((sum, { rows }) => sum + rows, 0);
  const { host, label } = state.offer;
  const names = new Map([
    [host.organisation, host.name],
    [guest, label],
  ]);
  const named = namedBy(names, figures);
  return (
    <>
      <DisclosurePicture disclosure={disclosure} named={named} self={guest} />
      <section className="panel">
        <div className="panel-body stack">
          <p>{t('guest.listIs', { distinct: figures.count(list.distinct), rows: figures.count(list.rows) })}</p>
          {refused > 0 && (
            <p className="fine">{t('guest.refused', { count: refused, rows: figures.count(refused) })}</p>
          )}
          <p className="fine mono">{t('guest.signedAs', { guest, host: host.organisation })}</p>
          <p>{t('guest.consentAbout')}</p>
          <div className="toolbar">
            <Button type="primary" loading={state.isBusy} onClick={visit.run}>
              {t('guest.consent')}
            </Button>
            <Button disabled={state.isBusy} onClick={visit.back}>
              {t('guest.otherFile')}
            </Button>
          </div>
        </div>
      </section>
    </>
  );
}
