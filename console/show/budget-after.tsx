import { useTranslation } from 'react-i18next';
import { BudgetBar } from './budget-bar.tsx';
import type { Finding } from './findings.tsx';
import { useNames } from './names.ts';

/** What of each partner's budget a run would take; nothing where no figure with noise is told about own people. */
export function BudgetAfter({ findings, uses }: { readonly findings: readonly Finding[]; readonly uses: number }) {
  const { t } = useTranslation();
  const { nameOf } = useNames();
  const budgets = findings.flatMap(({ budget }) => (budget === undefined ? [] : [budget]));
  if (budgets.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('budget.title')}</h2>
      <div className="panel-body stack">
        {budgets.map(({ partner, committed, added, most }) => (
          <BudgetBar
            key={partner}
            label={t('budget.towards', { partner: nameOf(partner) })}
            committed={committed}
            added={added}
            most={most}
          />
        ))}
        {uses > 1 && <p className="fine">{t('budget.eachRun')}</p>}
      </div>
    </section>
  );
}
