import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { NothingYet } from '../../show/nothing-yet.tsx';

/** In place of a proposal, on a node that knows nobody to propose anything to. */
export function NoNetwork() {
  const { t } = useTranslation();
  return (
    <div className="panel">
      <NothingYet
        title={t('home.noNetwork')}
        about={t('home.noNetworkAbout')}
        action={<Link to="/network">{t('home.toNetwork')}</Link>}
      />
    </div>
  );
}
