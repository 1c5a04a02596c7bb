import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { Field } from '../../show/field.tsx';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { activationOf, advertiserOf } from '../agreements/opja-terms.ts';
import { ExportOutcome } from '../audiences/export-outcome.tsx';

type Job = ResponseOf<'job.show'>;
type Agreement = ResponseOf<'agreement.show'>;

/** What an activation has left at this side, and how it gets to where it is used. Of any other run nothing. */
export function ActivationResult({ job, agreement }: { readonly job: Job; readonly agreement: Agreement }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { data: status } = useSuspenseQuery(queries.status);
  const { data: settings } = useSuspenseQuery(queries.settings);
  const terms = activationOf(agreement.terms);
  if (terms === undefined) return null;
  const isAdvertiser = advertiserOf(terms) === status.organisation;
  const { optOutDatasets } = settings;
  return (
    <section className="panel">
      <h2>{t('activation.left')}</h2>
      <div className="panel-body stack">
        <p>{t(`activation.${isAdvertiser ? 'advertiser' : 'publisher'}.${terms.form.kind}`)}</p>
        <p className="fine">
          {t('activation.until', { time: figures.time(agreement.expiresAt) })}{' '}
          {optOutDatasets.length === 0
            ? t('activation.optOutsNone')
            : t('activation.optOuts', { datasets: optOutDatasets.join(', ') })}
        </p>
        {isAdvertiser ? <HandOver job={job.id} /> : <OwnRows audience={job.audience} />}
      </div>
    </section>
  );
}

function OwnRows({ audience }: { readonly audience: string | undefined }) {
  const { t } = useTranslation();
  if (audience === undefined) return <p className="fine">{t('activation.none')}</p>;
  return (
    <div>
      <Link to="/audiences/$audience" params={{ audience }}>
        {t('activation.toAudience')}
      </Link>
    </div>
  );
}

/** Writes the file for the buying platform. */
function HandOver({ job }: { readonly job: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const [to, setTo] = useState('');
  const [started, setStarted] = useState<string>();
  const write = useAction(() => client.activation.export({ job, to: to.trim() }), {
    done: ({ operation }) => setStarted(operation),
  });
  if (!may('activation.export')) return <p className="fine">{t('activation.mayNot')}</p>;
  return (
    <form
      className="stack screen-only"
      onSubmit={(event) => {
        event.preventDefault();
        setStarted(undefined);
        write.run(undefined);
      }}
    >
      <Field label={t('exporting.to')} hint={t('exporting.toAbout')}>
        {(id) => <Input id={id} value={to} required onChange={({ target }) => setTo(target.value)} />}
      </Field>
      {write.error !== null && <ProblemNote error={write.error} />}
      <div>
        <Button type="primary" htmlType="submit" disabled={to.trim() === ''} loading={write.isRunning}>
          {t('exporting.write')}
        </Button>
      </div>
      {started !== undefined && <ExportOutcome operation={started} />}
    </form>
  );
}
