import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { NextStep } from '../home/next-step.tsx';
import { CatalogueTable } from './catalogue-table.tsx';
import { FoundOrJoin } from './found-or-join.tsx';
import { Invite } from './invite.tsx';
import { MemberTable } from './member-table.tsx';

/** Who is in the network, what they have published, and the way in for a node that is in none. */
export function NetworkScreen() {
  const { data: status } = useSuspenseQuery(queries.status);
  const { network, organisation } = status;
  return network === undefined ? (
    <FoundOrJoin />
  ) : (
    <Inside network={network} isOperator={network.operator === organisation} />
  );
}

type Network = NonNullable<ResponseOf<'node.status'>['network']>;

function Inside({ network, isOperator }: { readonly network: Network; readonly isOperator: boolean }) {
  const { t } = useTranslation();
  const { data: members } = useSuspenseQuery(queries.members);
  const { data: catalogue } = useSuspenseQuery(queries.catalogue);
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{network.name}</h1>
          <p className="about">{t('network.title')}</p>
        </div>
        {isOperator && <Invite />}
      </div>
      <NextStep here={['network']} />
      <section className="panel">
        <h2>{t('network.members')}</h2>
        <MemberTable members={members.items} />
      </section>
      <section className="panel">
        <h2>{t('network.catalogue')}</h2>
        <CatalogueTable items={catalogue.items} />
      </section>
    </section>
  );
}
