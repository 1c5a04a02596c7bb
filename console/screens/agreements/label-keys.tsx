import type { ResponseOf } from '@causeway/core/api';
import { useTranslation } from 'react-i18next';
import { DomainState } from '../../show/opja/domain-state.tsx';
import { OwnKeys } from '../../show/opja/own-keys.tsx';
import { opjaOf } from './opja-terms.ts';

/** Of an activation with OPJA: whether the keys that a run needs are published, before somebody starts one. */
export function LabelKeys(props: { readonly terms: ResponseOf<'agreement.show'>['terms']; readonly self: string }) {
  const { t } = useTranslation();
  const domains = opjaOf(props.terms, props.self);
  if (domains === undefined) return null;
  const { system, receiver, isAdvertiser } = domains;
  return (
    <>
      <section className="panel">
        <h2>{t('propose.activate.domains')}</h2>
        <div className="panel-body stack">
          <div>
            <span className="label">{t('propose.activate.system')}</span>
            <span className="mono">{system}</span>
            <DomainState domain={system} isOurs={isAdvertiser} />
          </div>
          <div>
            <span className="label">{t('propose.activate.receiver')}</span>
            <span className="mono">{receiver}</span>
            <DomainState domain={receiver} isOurs={false} />
          </div>
        </div>
      </section>
      {isAdvertiser && <OwnKeys domain={system} />}
    </>
  );
}
