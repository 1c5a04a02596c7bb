import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { BudgetBar } from '../../show/budget-bar.tsx';
import { useFigures } from '../../show/figures.ts';
import { useNames } from '../../show/names.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { useOperationWord } from '../../show/operation-word.ts';
import { SettingsHead } from './settings-head.tsx';

/** What figures with noise may tell each partner about each own dataset, and who has spent it on what. */
export function Budgets() {
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const { nameOf } = useNames();
  const { items } = useSuspenseQuery(queries.budgets).data;
  return (
    <section className="screen">
      <SettingsHead />
      {items.length === 0 ? (
        <div className="panel">
          <NothingYet title={t('budget.none')} about={t('budget.noneAbout')} />
        </div>
      ) : (
        items.map(({ dataset, name, partner, committed, most, spent }) => (
          <section className="panel" key={`${dataset}/${partner}`}>
            <div className="panel-body">
              <BudgetBar
                label={t('budget.ofDataset', { dataset: name, partner: nameOf(partner) })}
                committed={committed}
                most={most}
              />
            </div>
            <ul className="rows plain-list">
              {spent.map(({ agreement, purpose, operation, by, at, rho }) => (
                <li key={`${agreement}/${at ?? ''}`}>
                  <div className="what">
                    <strong>
                      <Link to="/agreements/$agreement" params={{ agreement }}>
                        {purpose}
                      </Link>
                    </strong>
                    <span className="fine">
                      {operationWord(operation)} ·{' '}
                      {t(operation === 'room' ? 'budget.grantedTo' : 'budget.startedBy', { by: nameOf(by) })}
                      {at !== undefined && ` · ${figures.time(at)}`}
                    </span>
                  </div>
                  <span>{figures.share(rho / most, 1)}</span>
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
      <p className="fine">{t('budget.about')}</p>
    </section>
  );
}
