import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Input, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { BudgetAfter } from '../../show/budget-after.tsx';
import { CostPanel } from '../../show/cost-panel.tsx';
import { DisclosurePicture } from '../../show/disclosure/disclosure-picture.tsx';
import { Field } from '../../show/field.tsx';
import { Findings } from '../../show/findings.tsx';
import { useNames } from '../../show/names.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { type AnyDraft, templateOf } from './draft.ts';
import { forgetDraft } from './kept-draft.ts';
import { propose } from './send.ts';

/** What all would sign, before anybody is told: who learns what, what the rules say, what it costs; and only then the button that sends it. */
export function Preview({ draft }: { readonly draft: AnyDraft }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: status } = useSuspenseQuery(queries.status);
  const { data: settings } = useSuspenseQuery(queries.settings);
  const named = useNames();
  const previewed = useQuery({
    queryKey: ['preview', draft],
    queryFn: ({ signal }) => propose(draft, { dryRun: true, nowMs: Date.now() }, signal),
    gcTime: 0,
    retry: false,
  });
  const send = useAction(() => propose(draft, { dryRun: false, nowMs: Date.now() }), {
    changes: ['agreements', 'budgets'],
    done: ({ agreement }) => {
      forgetDraft(draft.operation);
      void navigate({ to: '/agreements/$agreement', params: { agreement } });
    },
  });
  if (previewed.isPending) return <Skeleton active />;
  if (previewed.error !== null) {
    return (
      <ProblemNote
        error={previewed.error}
        action={
          <Button onClick={() => void previewed.refetch()} loading={previewed.isFetching}>
            {t('problem.retry')}
          </Button>
        }
      />
    );
  }
  const { disclosure, findings, plan } = previewed.data;
  const isRefused = findings.some(({ outcome }) => outcome === 'refused');
  return (
    <>
      <DisclosurePicture disclosure={disclosure} named={named} self={status.organisation} />
      <div className="panels">
        <Findings findings={findings} parties={disclosure.parties.map(({ organisation }) => organisation)} />
        <div>
          <CostPanel plan={plan} />
          <BudgetAfter findings={findings} uses={draft.proposal.uses ?? 1} />
          <section className="panel panel-body stack">
            <p className="fine">{settings.fourEyes ? t('propose.sendFourEyes') : t('propose.sendAbout')}</p>
            {isRefused && <p className="refusal">{t('propose.refused')}</p>}
            {send.error !== null && <ProblemNote error={send.error} />}
            <div className="toolbar">
              <Button type="primary" disabled={isRefused} loading={send.isRunning} onClick={() => send.run(undefined)}>
                {settings.fourEyes ? t('propose.toApprover') : t('propose.send')}
              </Button>
              <Link to="/propose/$operation" params={{ operation: draft.operation }} search={{ step: 'limits' }}>
                {t('propose.back')}
              </Link>
            </div>
          </section>
          <KeepAsTemplate draft={draft} />
        </div>
      </div>
    </>
  );
}

function KeepAsTemplate({ draft }: { readonly draft: AnyDraft }) {
  const { t } = useTranslation();
  const [name, setName] = useState(draft.proposal.purpose);
  const [kept, setKept] = useState<string>();
  const save = useAction(() => client.template.save(templateOf(draft, name.trim())), {
    changes: ['templates'],
    done: (template) => setKept(template.name),
  });
  return (
    <section className="panel panel-body stack">
      <Field label={t('propose.keepAs')}>
        {(id) => <Input id={id} value={name} maxLength={200} onChange={({ target }) => setName(target.value)} />}
      </Field>
      {save.error !== null && <ProblemNote error={save.error} />}
      <div className="toolbar">
        <Button disabled={name.trim() === ''} loading={save.isRunning} onClick={() => save.run(undefined)}>
          {t('propose.keep')}
        </Button>
        {kept !== undefined && (
          <span className="fine" role="status">
            {t('propose.kept', { name: kept })}
          </span>
        )}
      </div>
    </section>
  );
}
