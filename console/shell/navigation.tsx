import {
  ApartmentOutlined,
  DatabaseOutlined,
  FileDoneOutlined,
  HomeOutlined,
  PlayCircleOutlined,
} from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const entries = [
  { to: '/', word: 'navigation.home', Icon: HomeOutlined },
  { to: '/datasets', word: 'navigation.datasets', Icon: DatabaseOutlined },
  { to: '/network', word: 'navigation.network', Icon: ApartmentOutlined },
  { to: '/agreements', word: 'navigation.agreements', Icon: FileDoneOutlined },
  { to: '/jobs', word: 'navigation.jobs', Icon: PlayCircleOutlined },
] as const;

export function Navigation() {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('navigation.label')}>
      <ul>
        {entries.map(({ to, word, Icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === '/' }} className="nav-entry">
              <Icon aria-hidden />
              <span>{t(word)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
