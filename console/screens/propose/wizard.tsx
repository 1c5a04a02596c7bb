import { CheckOutlined } from '@ant-design/icons';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { ScreenAbsent } from '../../shell/screen-failed.tsx';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { useOperationWord } from '../../show/operation-word.ts';
import { ActivateTerms } from './activate-terms.tsx';
import { DeliverStep } from './deliver-step.tsx';
import { type AnyDraft, firstOpenStep, type Operation, operations } from './draft.ts';
import { InsightTerms } from './insight-terms.tsx';
import { useDraft } from './kept-draft.ts';
import { LimitsStep } from './limits-step.tsx';
import { MatchTerms } from './match-terms.tsx';
import { NoNetwork } from './no-network.tsx';
import { PairStep } from './pair-step.tsx';
import { Preview } from './preview.tsx';
import { RoomStep } from './room-step.tsx';
import { RoomTerms } from './room-terms.tsx';
import { type Step, proposalSteps as steps } from './step-choice.ts';
import './propose.css';

const address = getRouteApi('/propose/$operation');

/** One proposal, from whom and with what to what will be signed. Each step has an address, so that the browser's own back button goes back. */
export function Wizard() {
  const { operation } = address.useParams();
  const known = operations.find((one) => one === operation);
  const { t } = useTranslation();
  const may = useMay();
  const { data: status } = useSuspenseQuery(queries.status);
  if (known === undefined) return <ScreenAbsent />;
  if (!may('agreement.proposeMatch')) {
    return <NothingYet title={t('problem.titles.forbidden')} about={t('propose.needsAnalyst')} />;
  }
  return status.network === undefined ? <NoNetwork /> : <Steps key={known} operation={known} />;
}

export interface StepProps<One extends AnyDraft = AnyDraft> {
  readonly draft: One;
  readonly change: (draft: One) => void;
}

function Steps({ operation }: { readonly operation: Operation }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { step = 'who' } = address.useSearch();
  const { data: status } = useSuspenseQuery(queries.status);
  const operationWord = useOperationWord();
  const [draft, change] = useDraft(operation, status.organisation);
  const open = steps.indexOf(firstOpenStep(draft));
  const present = Math.min(steps.indexOf(step), open);
  const to = (next: Step) =>
    void navigate({ to: '/propose/$operation', params: { operation }, search: { step: next } });
  return (
    <section className="screen">
      <div>
        <p className="fine">
          <Link to="/propose">{t('propose.title')}</Link> / {operationWord(operation)}
        </p>
        <h1>{t(`propose.questions.${operation}`)}</h1>
      </div>
      <ol className="wizard-steps">
        {steps.map((one, at) => (
          <li key={one} className={at === present ? 'present' : at < open ? 'done' : ''}>
            <button
              type="button"
              disabled={at > open}
              aria-current={at === present ? 'step' : undefined}
              onClick={() => to(one)}
            >
              <span className="number">{at < open && at !== present ? <CheckOutlined aria-hidden /> : at + 1}</span>
              {t(`propose.steps.${one}`)}
            </button>
          </li>
        ))}
      </ol>
      <StepOf step={steps[present]!} draft={draft} change={change} />
      {steps[present] !== 'preview' && (
        <div className="toolbar wizard-foot">
          {present > 0 && <Button onClick={() => to(steps[present - 1]!)}>{t('propose.back')}</Button>}
          <Button type="primary" disabled={open <= present} onClick={() => to(steps[present + 1]!)}>
            {t('propose.next')}
          </Button>
          {open <= present && <span className="fine">{t(`propose.missing.${steps[present] as 'who'}`)}</span>}
        </div>
      )}
    </section>
  );
}

function StepOf({ step, ...props }: StepProps & { readonly step: Step }) {
  switch (step) {
    case 'who':
      return <WhoStep {...props} />;
    case 'terms':
      return <TermsStep {...props} />;
    case 'limits':
      return <LimitsStep {...props} />;
    case 'preview':
      return <Preview draft={props.draft} />;
  }
}

function WhoStep({ draft, change }: StepProps) {
  switch (draft.operation) {
    case 'match':
    case 'insight':
    case 'activate':
      return <PairStep draft={draft} change={change} />;
    case 'room':
      return <RoomStep draft={draft} change={change} />;
    case 'deliver':
      return <DeliverStep draft={draft} change={change} />;
  }
}

function TermsStep({ draft, change }: StepProps) {
  switch (draft.operation) {
    case 'match':
      return <MatchTerms draft={draft} change={change} />;
    case 'insight':
      return <InsightTerms draft={draft} change={change} />;
    case 'room':
      return <RoomTerms draft={draft} change={change} />;
    case 'deliver':
      return <DeliverTerms />;
    case 'activate':
      return <ActivateTerms draft={draft} change={change} />;
  }
}

/** All that there is to a delivery is which columns, which was chosen before. */
function DeliverTerms() {
  const { t } = useTranslation();
  return (
    <section className="panel panel-body">
      <p>{t('propose.deliver.rest')}</p>
    </section>
  );
}
