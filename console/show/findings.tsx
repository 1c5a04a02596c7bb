import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled } from '@ant-design/icons';
import type { ResponseOf } from '@causeway/core/api';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { useNames } from './names.ts';

export type Finding = ResponseOf<'agreement.show'>['findings'][number];

export const outcomeIcons = { allowed: CheckCircleFilled, warned: ExclamationCircleFilled, refused: CloseCircleFilled };

/** What every rule of either side's policy said of these terms. */
export function Findings(props: { readonly findings: readonly Finding[]; readonly parties: readonly string[] }) {
  const { findings, parties } = props;
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { nameOf, said } = useNames();
  return (
    <section className="panel">
      <h2>{t('agreements.rules')}</h2>
      <ul className="rows plain-list">
        {findings.map(({ rule, organisation, outcome, words }) => {
          const Icon = outcomeIcons[outcome];
          return (
            <li key={`${organisation}/${rule}`}>
              <div className="what">
                {said(words[language], parties)}{' '}
                <span className="fine">
                  {t('agreements.rulesOf', { organisation: nameOf(organisation) })} ·{' '}
                  <span className="mono">{rule}</span>
                </span>
              </div>
              <span className={`finding ${outcome}`}>
                <Icon aria-hidden /> {t(`agreements.${outcome}`)}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
