import { CheckCircleFilled, ExclamationCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useSettled } from '../use-settled.ts';
import { isDomain } from './is-domain.ts';
import './opja.css';

/** What a domain publishes now, in one line: whether labels can be sealed for it, or what somebody has to publish first. */
export function DomainState({ domain, isOurs }: { readonly domain: string; readonly isOurs: boolean }) {
  const { t } = useTranslation();
  const asked = useSettled(domain);
  const isAsked = isDomain(asked);
  const { data, isFetching } = useQuery({ ...queries.opjaDomain(asked), enabled: isAsked });
  if (!isAsked) return null;
  if (data === undefined) return isFetching ? <p className="fine domain-state">{t('opja.looking')}</p> : null;
  const isGood = data.keys.length > 0 && (!isOurs || data.own);
  const Icon = isGood ? CheckCircleFilled : ExclamationCircleFilled;
  return (
    <p className={`domain-state finding ${isGood ? 'allowed' : 'warned'}`} role="status">
      <Icon aria-hidden />
      <span>
        {isGood
          ? isOurs
            ? t('opja.ownPublished')
            : t('opja.published', { count: data.keys.length })
          : data.problem === undefined
            ? t('opja.otherKeys')
            : t(`opja.problems.${problemOf(data.problem.code)}`, { domain: asked })}
      </span>
    </p>
  );
}

const problems = ['key-record-missing', 'key-record-malformed', 'key-lookup-failed'] as const;

function problemOf(code: string): (typeof problems)[number] {
  return problems.find((one) => one === code) ?? 'key-lookup-failed';
}
