import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button, Input, InputNumber, Segmented, Select } from 'antd';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { ScreenAbsent } from '../../shell/screen-failed.tsx';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { en } from '../../words/en/index.ts';
import { Cost } from './cost.tsx';
import { type Field, type Offered, type RequestForm, requestForms } from './request-form.ts';
import { roomTermsOf } from './room-tables.ts';
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
      <div>
        <p className="fine">
          <Link to="/rooms/$room" params={{ room: id }}>
            {agreement.purpose}
          </Link>
        </p>
        <h1>{t('reports.title')}</h1>
        <p className="about">{t('reports.about')}</p>
      </div>
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
          <Asking key={form.application} room={id} form={form} />
        </>
      )}
    </section>
  );
}

function Asking({ room, form }: { readonly room: string; readonly form: RequestForm }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [request, setRequest] = useState(form.request);
  const isWhole = form.fields.every(({ key }) => !Array.isArray(request[key]) || request[key].length > 0);
  const { preview, error, isCurrent } = usePreview(room, isWhole ? request : undefined);
  const ask = useAction(() => client.room.report({ room, request }), {
    changes: ['rooms'],
    done: ({ question }) => void navigate({ to: '/results/rooms/$room/$question', params: { room, question } }),
  });
  const failed = error ?? ask.error;
  return (
    <div className="panels">
      <section className="panel panel-body stack">
        <p className="fine">{t(`reports.abouts.${form.application}`)}</p>
        <div className="report-fields">
          {form.fields.map((field) => (
            <Choice
              key={field.key}
              field={field}
              value={request[field.key]}
              onChange={(value) => setRequest({ ...request, [field.key]: value })}
            />
          ))}
        </div>
        <details>
          <summary>{t('results.asked')}</summary>
          <pre className="mono">{JSON.stringify(request, null, 2)}</pre>
        </details>
      </section>
      <div>
        <section className="panel">
          <h2>{t('reports.cost')}</h2>
          <div className="panel-body stack">
            <Cost preview={isWhole ? preview : undefined} />
            {may('room.report') && (
              <Button
                type="primary"
                disabled={
                  !isWhole || !isCurrent || preview === undefined || preview.budgets.some(({ isEnough }) => !isEnough)
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

function Choice(props: {
  readonly field: Field;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const { field, value, onChange } = props;
  const { t } = useTranslation();
  const id = useId();
  const label = t(`reports.fields.${field.key as keyof typeof en.reports.fields}`);
  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <Control id={id} field={field} value={value} onChange={onChange} />
    </div>
  );
}

function Control(props: {
  readonly id: string;
  readonly field: Field;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const { id, field, value, onChange } = props;
  const { t } = useTranslation();
  const nameOf = (option: string) =>
    Object.hasOwn(en.reports.options, option)
      ? t(`reports.options.${option as keyof typeof en.reports.options}`)
      : option;
  switch (field.kind) {
    case 'many':
      return (
        <Select<string[]>
          id={id}
          mode="multiple"
          value={[...(value as readonly string[])]}
          options={field.options.map((option) => ({ value: option, label: nameOf(option) }))}
          onChange={onChange}
        />
      );
    case 'one':
      return (
        <Select<string>
          id={id}
          value={value as string}
          options={field.options.map((option) => ({ value: option, label: nameOf(option) }))}
          onChange={onChange}
        />
      );
    case 'number':
      return (
        <InputNumber
          id={id}
          min={field.min}
          max={field.max}
          precision={0}
          value={value as number}
          onChange={(number) => number !== null && onChange(number)}
        />
      );
    case 'period':
      return <Period id={id} value={value as Span} onChange={onChange} />;
  }
}

/** In Unix seconds, from the first day's beginning until the last one's, in UTC. */
interface Span {
  readonly from: number;
  readonly until: number;
}

function Period(props: { readonly id: string; readonly value: Span; readonly onChange: (value: Span) => void }) {
  const { id, value, onChange } = props;
  const { t } = useTranslation();
  const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10);
  const set = (end: keyof Span, text: string) => {
    const next = { ...value, [end]: Date.parse(text) / 1000 };
    if (next.from < next.until) onChange(next);
  };
  return (
    <span className="rule-range">
      <Input id={id} type="date" value={day(value.from)} onChange={(event) => set('from', event.target.value)} />
      –
      <Input
        type="date"
        aria-label={t('reports.until')}
        value={day(value.until)}
        onChange={(event) => set('until', event.target.value)}
      />
    </span>
  );
}
