import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.ts';
import { queries } from '../../app/queries.ts';
import { outcomeIcons } from '../../show/findings.tsx';
import { useNames } from '../../show/names.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

/** What the partners' own rules say of a proposal that waits for them, asked of their nodes: so that what is refused can be changed. */
export function PartnerVerdicts({
  agreement,
  parties,
}: {
  readonly agreement: string;
  readonly parties: readonly string[];
}) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { nameOf, said } = useNames();
  const { data, error, isFetching, refetch } = useQuery(queries.verdicts(agreement));
  return (
    <section className="panel">
      <h2>{t('agreements.partnersRules')}</h2>
      {error !== null && <ProblemNote error={error} />}
      {data === undefined && error === null && (
        <div className="panel-body">
          <Skeleton active title={false} />
        </div>
      )}
      <ul className="rows plain-list">
        {data?.items.map(({ organisation, verdicts, unknown }) => {
          const refused = verdicts?.filter(({ outcome }) => outcome !== 'allowed') ?? [];
          const outcome = unknown !== undefined ? 'warned' : refused.length > 0 ? refused[0]!.outcome : 'allowed';
          const Icon = outcomeIcons[outcome];
          return (
            <li key={organisation}>
              <div className="what">
                <strong>{nameOf(organisation)}</strong>
                {refused.map(({ rule, words }) => (
                  <p key={rule}>
                    {words === undefined ? t('agreements.ruleRefuses') : said(words[language], parties)}{' '}
                    <span className="fine mono">{rule}</span>
                  </p>
                ))}
                {unknown !== undefined && <p className="fine">{t(`agreements.verdictsUnknown.${unknown}`)}</p>}
              </div>
              {unknown === undefined && (
                <span className={`finding ${outcome}`}>
                  <Icon aria-hidden /> {t(refused.length > 0 ? `agreements.${outcome}` : 'agreements.allAllowed')}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <div className="panel-body">
        <Button size="small" disabled={isFetching} onClick={() => void refetch()}>
          {t('agreements.askAgain')}
        </Button>
      </div>
    </section>
  );
}
