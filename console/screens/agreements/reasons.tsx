import type { ResponseOf } from '@causeway/core/api';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { useNames } from '../../show/names.ts';

/** What parties said when they signed, rejected or ended it: their own text, shown as text. */
export function Reasons({ reasons }: Pick<ResponseOf<'agreement.show'>, 'reasons'>) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { nameOf } = useNames();
  if (reasons.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('agreements.reasons')}</h2>
      <ul className="rows plain-list">
        {reasons.map(({ organisation, decision, reason, user, at }) => (
          <li key={`${organisation}/${decision}`}>
            <div className="what">
              <q className="reason">{reason}</q>{' '}
              <span className="fine">
                {t(`agreements.saidWhen.${decision}`, { organisation: nameOf(organisation) })}
                {user !== undefined && ` (${user})`} · {figures.time(at)}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
