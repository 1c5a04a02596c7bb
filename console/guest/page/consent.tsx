import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../../show/figures.ts';
import { namedWords } from './named-words.ts';
import type { VisitActions, VisitState } from './use-visit.ts';

/** Who learns what, made in this browser from the terms; and the guest's yes. */
export function Consent(props: {
  readonly state: Extract<VisitState, { step: 'consent' }>;
  readonly visit: VisitActions;
}) {
  const { state, visit } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const { language } = usePreferences();
  const { disclosure, list, guest } = state.proposed;
  const refused = list.refused.reduce((sum, { rows }) => sum + rows, 0);
  const { host, label } = state.offer;
  const names = new Map([
    [host.organisation, host.name],
    [guest, label],
  ]);
  const nameOf = (organisation: string) => (organisation === guest ? t('guest.you', { label }) : host.name);
  return (
    <section className="panel">
      <h2>{t('agreements.learns')}</h2>
      <div className="panel-body stack">
        <p>{t('guest.listIs', { distinct: figures.count(list.distinct), rows: figures.count(list.rows) })}</p>
        {refused > 0 && <p className="fine">{t('guest.refused', { count: refused, rows: figures.count(refused) })}</p>}
        <div className="islands">
          {disclosure.parties.map(({ organisation, learns }) => (
            <div className="island" key={organisation}>
              <strong>{nameOf(organisation)}</strong>
              <ul>
                {learns.map(({ code, words }) => (
                  <li key={`${code}/${words.en}`}>{namedWords(words[language], names)}</li>
                ))}
              </ul>
            </div>
          ))}
        </div>
        <details>
          <summary>{t('agreements.assumptions')}</summary>
          <ul className="stack">
            {disclosure.assumptions.map((words) => (
              <li key={words.en}>{namedWords(words[language], names)}</li>
            ))}
          </ul>
          <p className="fine mono">{t('guest.signedAs', { guest, host: host.organisation })}</p>
        </details>
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
  );
}
