import type { ResponseOf } from '@causeway/core/api';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

/** Signing, with the digest of the statement that is on this screen, or rejecting; and, once all have signed, running. */
export function Decide(props: { readonly agreement: ResponseOf<'agreement.show'>; readonly organisation: string }) {
  const { id, status, parties, disclosure } = props.agreement;
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const reasonId = useId();
  const [reason, setReason] = useState('');
  const given = { agreement: id, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
  const changes = ['agreements', 'jobs'];
  const sign = useAction(() => client.agreement.approve({ ...given, disclosure: disclosure.digest }), { changes });
  const reject = useAction(() => client.agreement.reject(given), { changes });
  const run = useAction(() => client.job.run({ agreement: id }), {
    changes,
    done: () => void navigate({ to: '/jobs' }),
  });
  const error = sign.error ?? reject.error ?? run.error;
  const waitsForUs =
    (status === 'proposed' || status === 'draft') &&
    parties.some(({ organisation, signed }) => organisation === props.organisation && !signed);
  if (waitsForUs && may('agreement.approve')) {
    return (
      <section className="panel panel-body stack">
        <p className="fine">{t('agreements.signAbout')}</p>
        <div>
          <label className="label" htmlFor={reasonId}>
            {t('agreements.reason')}
          </label>
          <Input id={reasonId} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </div>
        {error !== null && <ProblemNote error={error} />}
        <div className="toolbar">
          <Button type="primary" loading={sign.isRunning} onClick={() => sign.run(undefined)}>
            {t('agreements.sign')}
          </Button>
          <Button danger loading={reject.isRunning} onClick={() => reject.run(undefined)}>
            {t('agreements.reject')}
          </Button>
        </div>
      </section>
    );
  }
  if (status !== 'active' || !may('job.run')) return null;
  return (
    <section className="panel panel-body stack">
      {error !== null && <ProblemNote error={error} />}
      <Button type="primary" loading={run.isRunning} onClick={() => run.run(undefined)}>
        {t('agreements.run')}
      </Button>
    </section>
  );
}
