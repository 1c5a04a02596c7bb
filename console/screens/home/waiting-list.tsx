import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFigures } from '../../show/figures.ts';
import { useNames } from '../../show/names.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { StateTag } from '../../show/state.tsx';
import type { Waiting } from './waiting.ts';

export function WaitingList({ waiting }: { readonly waiting: readonly Waiting[] }) {
  const { t } = useTranslation();
  if (waiting.length === 0) return <p className="quiet">{t('home.waitingNone')}</p>;
  return (
    <ul className="rows plain-list">
      {waiting.map((one) => (
        <Entry key={keyOf(one)} one={one} />
      ))}
    </ul>
  );
}

function Entry({ one }: { readonly one: Waiting }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const { nameOf } = useNames();
  switch (one.kind) {
    case 'approve': {
      const { id, purpose, proposedBy, status } = one.agreement;
      return (
        <Row
          title={
            <Link to="/agreements/$agreement" params={{ agreement: id }}>
              {t('home.approve', { purpose })}
            </Link>
          }
          about={t('home.from', { partner: nameOf(proposedBy) })}
          end={<StateTag state={status === 'draft' ? 'draft' : 'proposed'} />}
        />
      );
    }
    case 'stopped': {
      const { operation, partners, status } = one.job;
      return (
        <Row
          title={<Link to="/jobs">{t('home.failed', { operation: operationWord(operation) })}</Link>}
          about={one.job.error?.detail ?? t('home.with', { partners: partners.map(nameOf).join(', ') })}
          end={<StateTag state={status} />}
        />
      );
    }
    case 'expires': {
      const { purpose, expiresAt } = one.agreement;
      return (
        <Row title={t('home.expires', { purpose })} about={t('home.untilTime', { time: figures.time(expiresAt) })} />
      );
    }
    case 'warning':
      return <Row title={one.warning.detail} about={one.warning.remedy ?? t('home.warning')} />;
  }
}

function Row(props: { readonly title: ReactNode; readonly about: string; readonly end?: ReactNode }) {
  return (
    <li>
      <div className="what">
        <strong>{props.title}</strong>
        <span className="fine">{props.about}</span>
      </div>
      {props.end}
    </li>
  );
}

function keyOf(one: Waiting): string {
  switch (one.kind) {
    case 'approve':
    case 'expires':
      return `${one.kind}/${one.agreement.id}`;
    case 'stopped':
      return `${one.kind}/${one.job.id}`;
    case 'warning':
      return `${one.kind}/${one.warning.code}/${one.warning.detail}`;
  }
}
