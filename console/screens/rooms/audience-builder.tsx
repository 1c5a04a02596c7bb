import type { SizeReport } from '@causeway/core/applications/request';
import { ruleWords } from '@causeway/core/applications/select';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { ScreenAbsent } from '../../shell/screen-failed.tsx';
import { FactsLine } from '../../show/facts-line.tsx';
import { useFigures } from '../../show/figures.ts';
import { useOrganisationName } from '../../show/organisations.tsx';
import { ProblemNote } from '../../show/problem-note.tsx';
import { Cost } from './cost.tsx';
import { dayOf, instantOf, periodOf } from './days.ts';
import { RoomHead } from './room-head.tsx';
import { type RoomTerms, roomTermsOf, tablesOf } from './room-tables.ts';
import { ruleWordsOf } from './rule/builder-tags.ts';
import { namesEvents, newCondition, newGroup, ruleOf } from './rule/rule-draft.ts';
import { RuleEditor } from './rule/rule-editor.tsx';
import { usePreview } from './use-preview.ts';
import './rooms.css';

const address = getRouteApi('/rooms/$room/audience');

/** An audience by tags of all sides: its rule, what asking its size costs, how many it would have, and then itself. */
export function AudienceBuilder() {
  const { room: id } = address.useParams();
  const { data: room } = useSuspenseQuery(queries.room(id));
  const { data: agreement } = useSuspenseQuery(queries.agreement(room.agreement));
  const terms = roomTermsOf(agreement);
  if (terms === undefined) return <ScreenAbsent />;
  return <Builder room={id} terms={terms} purpose={agreement.purpose} />;
}

function Builder({
  room,
  terms,
  purpose,
}: {
  readonly room: string;
  readonly terms: RoomTerms;
  readonly purpose: string;
}) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const peopleId = useId();
  const asOfId = useId();
  const nameOf = useOrganisationName();
  const tables = tablesOf(terms);
  const people = tables.filter(({ kind }) => kind === 'person');
  const first = people.find(({ owner }) => owner === terms.activation?.receiver) ?? people[0];
  const [tableName, setTable] = useState(first?.name);
  const table = people.find(({ name }) => name === tableName);
  const [draft, setDraft] = useState(() => newGroup([newCondition()]));
  const words = useMemo(() => (table === undefined ? undefined : ruleWordsOf(tables, table)), [tables, table]);
  const rule = ruleOf(draft);
  const { zone } = terms.rules;
  const [asOf, setAsOf] = useState(() => lastDay(terms));
  if (table === undefined || words === undefined) return <ScreenAbsent />;
  const others = people.filter(({ name }) => name !== table.name).map(({ name }) => name);
  const request =
    rule === undefined
      ? undefined
      : {
          application: 'select',
          people: table.name,
          ...(others.length === 0 ? {} : { with: others }),
          events: namesEvents(rule) ? words.events.tables : [],
          rule,
          asOf,
        };
  return (
    <section className="screen">
      <RoomHead room={room} purpose={purpose} title={t('builder.title')} about={t('builder.about')} />
      <div className="panels">
        <section className="panel">
          <div className="panel-body stack">
            <div>
              <label className="label" htmlFor={peopleId}>
                {t('builder.people')}
              </label>
              <Select<string>
                id={peopleId}
                className="rule-tag"
                value={table.name}
                options={people.map(({ name, owner }) => ({ value: name, label: `${name} · ${nameOf(owner)}` }))}
                onChange={(name) => {
                  setTable(name);
                  setDraft(newGroup([newCondition()]));
                }}
              />
            </div>
            {words.events.kinds.length > 0 && (
              <div className="as-of">
                <label className="label" htmlFor={asOfId}>
                  {t('builder.asOf')}
                </label>
                <Input
                  id={asOfId}
                  type="date"
                  value={dayOf(asOf, zone)}
                  onChange={({ target }) => target.value !== '' && setAsOf(instantOf(target.value, zone))}
                />
              </div>
            )}
            <RuleEditor draft={draft} words={words} onChange={setDraft} />
            <p className={rule === undefined ? 'fine' : undefined}>
              {rule === undefined ? t('builder.unfinished') : ruleWords(rule)[language]}
            </p>
          </div>
        </section>
        <Outcome room={room} terms={terms} request={request} owner={table.owner} />
      </div>
    </section>
  );
}

/** Today's beginning, or the last day that may be asked about: what was asked of a day is known for the rest of it, and free. */
function lastDay(terms: RoomTerms): number {
  const { zone } = terms.rules;
  const period = periodOf(tablesOf(terms), zone);
  const today = instantOf(dayOf(Date.now() / 1000, zone), zone);
  return period === undefined ? today : Math.min(today, period.until);
}

function Outcome(props: {
  readonly room: string;
  readonly terms: RoomTerms;
  readonly request: unknown;
  /** Whose people are chosen among. */
  readonly owner: string;
}) {
  const { room, terms, request, owner } = props;
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  const navigate = useNavigate();
  const nameId = useId();
  const nameOf = useOrganisationName();
  const { data: status } = useSuspenseQuery(queries.status);
  const { preview, error, isCurrent } = usePreview(room, request);
  const [name, setName] = useState('');
  const [estimated, setEstimated] = useState<{ readonly of: string; readonly size: SizeReport }>();
  const text = JSON.stringify(request);
  const estimate = useAction(() => client.room.report({ room, request }), {
    changes: ['rooms'],
    done: ({ report }) => setEstimated({ of: text, size: report as unknown as SizeReport }),
  });
  const make = useAction(
    () => client.room.select({ room, request, ...(name.trim() === '' ? {} : { name: name.trim() }) }),
    {
      changes: ['audiences', 'rooms'],
      done: ({ audience }) => void navigate({ to: '/audiences/$audience', params: { audience: audience.id } }),
    },
  );
  const size = estimated !== undefined && estimated.of === text ? estimated.size : undefined;
  const canAsk = request !== undefined && isCurrent && preview !== undefined && error === null;
  const isReceiver = terms.activation?.receiver === status.organisation && owner === status.organisation;
  const failed = error ?? estimate.error ?? make.error;
  return (
    <div>
      <section className="panel">
        <h2>{t('builder.size')}</h2>
        <div className="panel-body stack">
          {size !== undefined && <Size size={size} minimum={preview?.k} />}
          <Cost preview={request === undefined ? undefined : preview} />
          {may('room.report') && (
            <Button
              type={size === undefined ? 'primary' : 'default'}
              disabled={!canAsk || preview?.budgets.some(({ isEnough }) => !isEnough) === true}
              loading={estimate.isRunning}
              onClick={() => estimate.run(undefined)}
            >
              {t('builder.estimate')}
            </Button>
          )}
        </div>
      </section>
      {failed !== null && <ProblemNote error={failed} />}
      {terms.activation !== undefined && (
        <section className="panel">
          <h2>{t('builder.make')}</h2>
          <div className="panel-body stack">
            <p className="fine">
              {t(isReceiver ? 'builder.makeAbout' : 'builder.makeOther', {
                receiver: nameOf(terms.activation.receiver),
                minimum: figures.count(terms.activation.minimumPersons),
                most: figures.count(terms.activation.audiencesMax),
              })}
            </p>
            {isReceiver && may('room.select') && (
              <>
                <div>
                  <label className="label" htmlFor={nameId}>
                    {t('builder.name')}
                  </label>
                  <Input id={nameId} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
                </div>
                <Button
                  type={size === undefined ? 'default' : 'primary'}
                  disabled={!canAsk}
                  loading={make.isRunning}
                  onClick={() => make.run(undefined)}
                >
                  {t('builder.make')}
                </Button>
              </>
            )}
          </div>
        </section>
      )}
    </div>
  );
}

function Size({ size, minimum }: { readonly size: SizeReport; readonly minimum: number | undefined }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { about, interval } = size;
  const few = minimum === undefined ? t('charts.hidden') : t('builder.fewer', { minimum: figures.count(minimum) });
  return (
    <FactsLine
      facts={[
        {
          label: t('builder.people'),
          value: about === undefined ? few : figures.count(about),
          about:
            interval === undefined
              ? undefined
              : t('results.interval', {
                  low: figures.count(Math.round(interval.low)),
                  high: figures.count(Math.round(interval.high)),
                }),
        },
      ]}
    />
  );
}
