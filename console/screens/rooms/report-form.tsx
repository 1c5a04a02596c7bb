import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { ScreenAbsent } from '../../shell/screen-failed.tsx';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Cost } from './cost.tsx';
import { FieldControl } from './field-control.tsx';
import { type Field, isWhole, type Offered, partOf, type RequestForm, withPart } from './forms/form.ts';
import { requestForms } from './forms/forms.ts';
import { RoomHead } from './room-head.tsx';
import { type RoomTerms, roomTermsOf, tablesOf } from './room-tables.ts';
import { ruleWordsOf } from './rule/builder-tags.ts';
import { usePreview } from './use-preview.ts';
import './rooms.css';

const address = getRouteApi('/rooms/$room/report');

/** A report of a room: what is wanted, what it would cost, and then the report. */
export function ReportForm() {
  const { room: id } = address.useParams();
  const { data: room } = useSuspenseQuery(queries.room(id));
  const { data: agreement } = useSuspenseQuery(queries.agreement(room.agreement));
  const { data: status } = useSuspenseQuery(queries.status);
  const { t } = useTranslation();
  const terms = roomTermsOf(agreement);
  const forms = useMemo(
    () => (terms === undefined ? [] : requestForms(terms, status.organisation)),
    [terms, status.organisation],
  );
  const [chosen, choose] = useState<Offered>();
  const form = forms.find(({ application }) => application === chosen) ?? forms[0];
  if (terms === undefined) return <ScreenAbsent />;
  return (
    <section className="screen">
      <RoomHead room={id} purpose={agreement.purpose} title={t('reports.title')} about={t('reports.about')} />
      {form === undefined ? (
        <div className="panel">
          <NothingYet title={t('reports.none')} about={t('reports.noneAbout')} />
        </div>
      ) : (
        <>
          <Segmented<Offered>
            className="parts"
            aria-label={t('reports.which')}
            value={form.application}
            options={forms.map(({ application }) => ({
              value: application,
              label: t(`results.kinds.${application}`),
            }))}
            onChange={choose}
          />
          <Asking key={form.application} room={id} form={form} terms={terms} />
        </>
      )}
    </section>
  );
}

function Asking(props: { readonly room: string; readonly form: RequestForm; readonly terms: RoomTerms }) {
  const { room, form, terms } = props;
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [request, setRequest] = useState(form.request);
  const isReady = isWhole(form, request);
  const ruleWords = useMemo(() => {
    const tables = tablesOf(terms);
    const people = tables.find(({ name }) => name === request.people);
    return people === undefined ? undefined : ruleWordsOf(tables, people, { isAlone: true });
  }, [terms, request.people]);
  const { preview, error, isCurrent } = usePreview(room, isReady ? request : undefined);
  const ask = useAction(() => client.room.report({ room, request }), {
    changes: ['rooms'],
    done: ({ question }) => void navigate({ to: '/results/rooms/$room/$question', params: { room, question } }),
  });
  const failed = error ?? ask.error;
  const fields = form.fields(request);
  const further = fields.filter(({ isFurther }) => isFurther === true);
  const change = (field: Field, value: unknown) => {
    const changed = withPart(request, field.path, value);
    setRequest(form.settled?.(changed) ?? changed);
  };
  const control = (field: Field) => (
    <FieldControl
      key={field.path.join('.')}
      field={field}
      value={partOf(request, field.path)}
      onChange={(value) => change(field, value)}
      ruleWords={ruleWords}
    />
  );
  return (
    <div className="panels">
      <section className="panel panel-body stack">
        <p className="fine">{t(`reports.abouts.${form.application}`)}</p>
        <div className="report-fields">{fields.filter(({ isFurther }) => isFurther !== true).map(control)}</div>
        {further.length > 0 && (
          <details>
            <summary>{t('reports.further')}</summary>
            <div className="report-fields">{further.map(control)}</div>
          </details>
        )}
        <details>
          <summary>{t('results.asked')}</summary>
          <pre className="mono">{JSON.stringify(request, null, 2)}</pre>
        </details>
      </section>
      <div>
        <section className="panel">
          <h2>{t('reports.cost')}</h2>
          <div className="panel-body stack">
            <Cost preview={isReady ? preview : undefined} />
            {may('room.report') && (
              <Button
                type="primary"
                disabled={
                  !isReady || !isCurrent || preview === undefined || preview.budgets.some(({ isEnough }) => !isEnough)
                }
                loading={ask.isRunning}
                onClick={() => ask.run(undefined)}
              >
                {t('reports.ask')}
              </Button>
            )}
          </div>
        </section>
        {failed !== null && <ProblemNote error={failed} />}
      </div>
    </div>
  );
}
