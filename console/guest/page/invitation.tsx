import type { GuestOffer } from '@causeway/core/applications/guest';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';

/** Who invites, what for, and what is asked for. */
export function Invitation({ offer }: { readonly offer: GuestOffer }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { host, purpose, limits, column, receiver, label } = offer;
  return (
    <section className="stack">
      <div>
        <p className="about">{t('guest.invites', { host: host.name, label })}</p>
        <h1>{purpose}</h1>
      </div>
      <dl className="facts">
        <dt>{t('guest.identifier')}</dt>
        <dd>{column.profile}</dd>
        <dt>{t('guest.receives')}</dt>
        <dd>{t(`guest.receivers.${receiver}`, { host: host.name })}</dd>
        <dt>{t('guest.listSize')}</dt>
        <dd>
          {t('guest.between', { min: figures.count(limits.minimumListRows), max: figures.count(limits.rowsMax) })}
        </dd>
        <dt>{t('guest.until')}</dt>
        <dd>{figures.time(limits.expiresAt)}</dd>
      </dl>
    </section>
  );
}
