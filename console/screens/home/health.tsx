import type { ResponseOf } from '@causeway/core/api';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { useNames } from '../../show/names.ts';
import { StateTag } from '../../show/state.tsx';

/** The network as this node sees it: its ledger, and the way to each partner. */
export function Health({ status }: { readonly status: ResponseOf<'node.status'> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { nameOf } = useNames();
  return (
    <section className="panel">
      <h2>{t('home.health')}</h2>
      {status.network === undefined ? (
        <div className="panel-body stack">
          <p>
            <strong>{t('home.noNetwork')}</strong>
          </p>
          <p className="fine">{t('home.noNetworkAbout')}</p>
          <Link to="/network">{t('home.toNetwork')}</Link>
        </div>
      ) : (
        <ul className="rows plain-list">
          {status.links.map((link) => (
            <li key={link.organisation}>
              <span title={link.organisation}>{nameOf(link.organisation)}</span>
              <StateTag state={link.state} />
            </li>
          ))}
        </ul>
      )}
      <div className="panel-body">
        <dl className="facts">
          {status.network !== undefined && (
            <>
              <dt>{t('home.health')}</dt>
              <dd>{status.network.name}</dd>
            </>
          )}
          {status.ledger !== undefined && (
            <>
              <dt>{t('home.ledger')}</dt>
              <dd>
                {t('home.records', { count: status.ledger.records, number: figures.count(status.ledger.records) })}
              </dd>
            </>
          )}
          <dt>{t('home.kernel')}</dt>
          <dd>{status.kernel}</dd>
          <dt>{t('home.version')}</dt>
          <dd>{status.version}</dd>
        </dl>
      </div>
    </section>
  );
}
