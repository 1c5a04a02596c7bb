import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import './settings.css';

const tabs = [
  { to: '/settings', word: 'settings.rules' },
  { to: '/settings/users', word: 'settings.users' },
  { to: '/settings/budgets', word: 'settings.budgets' },
] as const;

/** What the three screens of settings have in common. */
export function SettingsHead() {
  const { t } = useTranslation();
  return (
    <div>
      <h1>{t('settings.title')}</h1>
      <nav aria-label={t('settings.title')} className="tabs">
        {tabs.map(({ to, word }) => (
          <Link key={to} to={to} activeOptions={{ exact: true }} className="tab">
            {t(word)}
          </Link>
        ))}
      </nav>
    </div>
  );
}
