import { useTranslation } from 'react-i18next';
import { useFigures } from './figures.ts';
import './budget-bar.css';

/** What of a privacy budget is used, and what would be: amounts in millionths of ρ. */
export function BudgetBar(props: {
  readonly label: string;
  readonly committed: number;
  readonly added?: number;
  readonly most: number;
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { committed, added = 0, most } = props;
  const share = (rho: number) => `${Math.min(100, (100 * rho) / most)}%`;
  const isOver = committed + added > most;
  const shown = (rho: number) => figures.share(rho / most);
  return (
    <div className="budget">
      <div className="budget-words">
        <span>{props.label}</span>
        <span className="fine">
          {added === 0
            ? t('budget.used', { used: shown(committed) })
            : t('budget.beforeAfter', { before: shown(committed), after: shown(committed + added) })}
        </span>
      </div>
      <div className={isOver ? 'budget-bar over' : 'budget-bar'} aria-hidden="true">
        <i style={{ width: share(committed) }} />
        <b style={{ width: share(Math.min(added, Math.max(0, most - committed))) }} />
      </div>
    </div>
  );
}
