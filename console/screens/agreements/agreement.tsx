import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { BudgetAfter } from '../../show/budget-after.tsx';
import { CostPanel } from '../../show/cost-panel.tsx';
import { DisclosurePicture } from '../../show/disclosure/disclosure-picture.tsx';
import { useFigures } from '../../show/figures.ts';
import { Findings } from '../../show/findings.tsx';
import { useNames } from '../../show/names.ts';
import { useOperationWord } from '../../show/operation-word.ts';
import { StateTag } from '../../show/state.tsx';
import { Decide } from './decide.tsx';
import { LabelKeys } from './label-keys.tsx';
import { PartnerVerdicts } from './partner-verdicts.tsx';
import { Reasons } from './reasons.tsx';
import { SinceLast } from './since-last.tsx';
import './agreements.css';

const address = getRouteApi('/agreements/$agreement');

/** One agreement as all parties sign it: who learns what first, then what is new, the rules, the cost, and the terms themselves. */
export function Agreement() {
  const { agreement: reference } = address.useParams();
  const { data: agreement } = useSuspenseQuery(queries.agreement(reference));
  const { data: status } = useSuspenseQuery(queries.status);
  const { t } = useTranslation();
  const figures = useFigures();
  const operationWord = useOperationWord();
  const named = useNames();
  const { nameOf } = named;
  const { plan, parties, usesLeft, usesMax } = agreement;
  const names = parties.map(({ organisation }) => organisation);
  const isAlive = agreement.status === 'proposed' || agreement.status === 'active';
  const waitsForOthers = agreement.status === 'proposed' && agreement.proposedBy === status.organisation;
  const signed = parties.flatMap((party) => (party.signed ? [party.organisation] : []));
  const users = [agreement.proposedByUser, agreement.decidedByUser].filter((user) => user !== undefined);
  return (
    <section className="screen">
      <div className="screen-head">
        <div>
          <h1>{agreement.purpose}</h1>
          <p className="about">
            {operationWord(agreement.operation)} · {t('home.from', { partner: nameOf(agreement.proposedBy) })}
          </p>
        </div>
        <StateTag state={agreement.status} />
      </div>
      <dl className="term-facts">
        <div>
          <dt>{t('agreements.uses')}</dt>
          <dd>{t('agreements.usesOf', { left: figures.count(usesLeft), max: figures.count(usesMax) })}</dd>
        </div>
        <div>
          <dt>{t('agreements.expires')}</dt>
          <dd>{figures.time(agreement.expiresAt)}</dd>
        </div>
        <div>
          <dt>{t('agreements.proposedAt')}</dt>
          <dd>{figures.time(agreement.createdAt)}</dd>
        </div>
        {users.length > 0 && (
          <div>
            <dt>{t('agreements.byUsers')}</dt>
            <dd>{[...new Set(users)].join(', ')}</dd>
          </div>
        )}
      </dl>
      <Reasons reasons={agreement.reasons} />
      <DisclosurePicture disclosure={agreement.disclosure} named={named} self={status.organisation} signed={signed} />
      <div className="panels">
        <div>
          <section className="panel">
            <h2>{t('agreements.sinceLast')}</h2>
            <SinceLast agreement={agreement} />
          </section>
          <Findings findings={agreement.findings} parties={names} />
          {waitsForOthers && <PartnerVerdicts agreement={agreement.id} parties={names} />}
        </div>
        <div>
          <Decide agreement={agreement} organisation={status.organisation} />
          {isAlive && <LabelKeys terms={agreement.terms} self={status.organisation} />}
          {plan !== undefined && <CostPanel plan={plan} />}
          <BudgetAfter findings={agreement.findings} uses={usesLeft} />
        </div>
      </div>
      <section className="panel">
        <details className="panel-body">
          <summary>{t('agreements.terms')}</summary>
          <pre className="mono">{JSON.stringify(agreement.terms, null, 2)}</pre>
        </details>
      </section>
    </section>
  );
}
