import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { useFigures } from '../../show/figures.ts';
import { useOrganisationName } from '../../show/organisations.tsx';
import type { ReportPreview } from './report-preview.ts';
import { useRho } from './use-rho.ts';

/** What asking would cost, and what would be left of whose budget, before anything is asked. */
export function Cost({ preview }: { readonly preview: ReportPreview | undefined }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const figures = useFigures();
  const rho = useRho();
  const nameOf = useOrganisationName();
  if (preview === undefined) return <p className="fine">{t('rooms.costUnknown')}</p>;
  const { isOwn, isKnown, k, budgets } = preview;
  const free = isOwn ? t('rooms.ownRows') : isKnown ? t('rooms.known') : undefined;
  return (
    <div className="stack" role="status">
      <p>
        <strong>{free ?? rho.cost(preview.rho)}</strong>
      </p>
      {free === undefined && (
        <ul className="plain-list cost-list">
          {budgets.map(({ subject, words, isEnough, left }) => (
            <li key={`${subject.owner}/${subject.subjects}`} className={isEnough ? undefined : 'bad-text'}>
              {isEnough ? t('rooms.budgetOf', { owner: nameOf(subject.owner), rho: rho.text(left) }) : words[language]}
            </li>
          ))}
        </ul>
      )}
      {!isOwn && <p className="fine">{t('rooms.minimum', { minimum: figures.count(k) })}</p>}
    </div>
  );
}
