import {
  ApartmentOutlined,
  BarChartOutlined,
  DatabaseOutlined,
  FileDoneOutlined,
  FormOutlined,
  HomeOutlined,
  PlayCircleOutlined,
  SafetyCertificateOutlined,
  ShopOutlined,
  TeamOutlined,
  ToolOutlined,
} from '@ant-design/icons';
import type { RouteName } from '@causeway/core/api';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/session.ts';

interface Entry {
  readonly to: string;
  readonly word: string;
  readonly Icon: typeof HomeOutlined;
  /** Shown to those who may call it. */
  readonly needs?: RouteName;
}

const entries = [
  { to: '/', word: 'navigation.home', Icon: HomeOutlined },
  { to: '/datasets', word: 'navigation.datasets', Icon: DatabaseOutlined },
  { to: '/network', word: 'navigation.network', Icon: ApartmentOutlined },
  { to: '/propose', word: 'navigation.propose', Icon: FormOutlined, needs: 'agreement.proposeMatch' },
  { to: '/agreements', word: 'navigation.agreements', Icon: FileDoneOutlined },
  { to: '/jobs', word: 'navigation.jobs', Icon: PlayCircleOutlined },
  { to: '/results', word: 'navigation.results', Icon: BarChartOutlined },
  { to: '/audiences', word: 'navigation.audiences', Icon: TeamOutlined },
  { to: '/guests', word: 'navigation.guests', Icon: ShopOutlined },
  { to: '/ledger', word: 'navigation.ledger', Icon: SafetyCertificateOutlined },
  { to: '/settings', word: 'navigation.settings', Icon: ToolOutlined },
] as const satisfies readonly Entry[];

export function Navigation() {
  const { t } = useTranslation();
  const may = useMay();
  const shown = entries.filter((entry) => !('needs' in entry) || may(entry.needs));
  return (
    <nav aria-label={t('navigation.label')}>
      <ul>
        {shown.map(({ to, word, Icon }) => (
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
