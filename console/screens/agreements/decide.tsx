import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay, useUser } from '../../app/session.ts';
import { Field } from '../../show/field.tsx';
import { useNames } from '../../show/names.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

type Agreement = ResponseOf<'agreement.show'>;
const changes = ['agreements', 'jobs', 'budgets'];

/** What can be done with an agreement now: signing or rejecting it; once all have signed, running or ending it. */
export function Decide(props: { readonly agreement: Agreement; readonly organisation: string }) {
  const { agreement, organisation } = props;
  const { status, parties } = agreement;
  const { t } = useTranslation();
  const may = useMay();
  const { nameOf } = useNames();
  const isOpen = status === 'proposed' || status === 'draft';
  const isOurs = parties.some((party) => party.organisation === organisation && !party.signed);
  if (isOpen && (isOurs || status === 'draft')) {
    return may('agreement.approve') ? (
      <Sign agreement={agreement} />
    ) : (
      <p className="panel panel-body fine">{t('agreements.needsApprover')}</p>
    );
  }
  const waiting = parties.filter(({ signed }) => !signed).map((party) => nameOf(party.organisation));
  return (
    <>
      {isOpen && <p className="panel panel-body fine">{t('agreements.waitsFor', { partners: waiting.join(', ') })}</p>}
      {status === 'active' && may('job.run') && <Run agreement={agreement} />}
      {(status === 'active' || isOpen) && may('agreement.revoke') && <End agreement={agreement} />}
    </>
  );
}

/** With the digest of the statement that is on this screen: another one would be refused. */
function Sign({ agreement }: { readonly agreement: Agreement }) {
  const { id, disclosure, findings, proposedByUser, status } = agreement;
  const { t } = useTranslation();
  const user = useUser();
  const { data: settings } = useSuspenseQuery(queries.settings);
  const [reason, setReason] = useState('');
  const given = { agreement: id, ...reasonOf(reason) };
  const sign = useAction(() => client.agreement.approve({ ...given, disclosure: disclosure.digest }), { changes });
  const reject = useAction(() => client.agreement.reject(given), { changes });
  const isOwn = settings.fourEyes && proposedByUser !== undefined && proposedByUser === user?.name;
  const isRefused = findings.some(({ outcome }) => outcome === 'refused');
  return (
    <section className="panel panel-body stack">
      <p className="fine">{status === 'draft' ? t('agreements.approveAbout') : t('agreements.signAbout')}</p>
      {isOwn && <p className="refusal">{t('agreements.fourEyes')}</p>}
      {isRefused && <p className="refusal">{t('propose.refused')}</p>}
      <Reason value={reason} onChange={setReason} />
      <Failure error={sign.error ?? reject.error} />
      <div className="toolbar">
        <Button
          type="primary"
          disabled={isOwn || isRefused}
          loading={sign.isRunning}
          onClick={() => sign.run(undefined)}
        >
          {status === 'draft' ? t('agreements.approve') : t('agreements.sign')}
        </Button>
        <Button danger loading={reject.isRunning} onClick={() => reject.run(undefined)}>
          {t('agreements.reject')}
        </Button>
      </div>
    </section>
  );
}

function Run({ agreement }: { readonly agreement: Agreement }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const run = useAction(() => client.job.run({ agreement: agreement.id }), {
    changes,
    done: ({ job }) => void navigate({ to: '/jobs/$job', params: { job } }),
  });
  return (
    <section className="panel panel-body stack">
      <Failure error={run.error} />
      <Button type="primary" loading={run.isRunning} onClick={() => run.run(undefined)}>
        {t('agreements.run')}
      </Button>
    </section>
  );
}

/** Asked twice, since nobody can take it back. */
function End({ agreement }: { readonly agreement: Agreement }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const revoke = useAction(() => client.agreement.revoke({ agreement: agreement.id, ...reasonOf(reason) }), {
    changes,
  });
  if (!isAsked) {
    return (
      <div>
        <Button type="text" danger onClick={() => setAsked(true)}>
          {t('agreements.end')}
        </Button>
      </div>
    );
  }
  return (
    <section className="panel panel-body stack">
      <p>{t('agreements.endAbout')}</p>
      <Reason value={reason} onChange={setReason} />
      <Failure error={revoke.error} />
      <div className="toolbar">
        <Button danger loading={revoke.isRunning} onClick={() => revoke.run(undefined)}>
          {t('agreements.endDo')}
        </Button>
        <Button onClick={() => setAsked(false)}>{t('datasets.cancel')}</Button>
      </div>
    </section>
  );
}

function Reason(props: { readonly value: string; readonly onChange: (reason: string) => void }) {
  const { t } = useTranslation();
  return (
    <Field label={t('agreements.reason')} hint={t('agreements.reasonHint')}>
      {(id) => (
        <Input id={id} value={props.value} maxLength={500} onChange={({ target }) => props.onChange(target.value)} />
      )}
    </Field>
  );
}

function Failure({ error }: { readonly error: Error | null }): ReactNode {
  return error === null ? null : <ProblemNote error={error} />;
}

function reasonOf(reason: string): { readonly reason?: string } {
  return reason.trim() === '' ? {} : { reason: reason.trim() };
}
