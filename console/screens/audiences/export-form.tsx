import type { ResponseOf } from '@causeway/core/api';
import { useSuspenseQueries } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Input, Radio, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { usePreferences } from '../../app/preferences.ts';
import { queries } from '../../app/queries.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { ExportOutcome } from './export-outcome.tsx';

type AudienceData = ResponseOf<'audience.show'>;

/** Own columns as they are, or what a destination takes. */
const asIs = 'as-is';

/** Writes the rows to a file, for this computer or on the node’s machine: to whom, in which form, without whom. */
export function ExportForm({ audience }: { readonly audience: AudienceData }) {
  const [{ data: destinations }, { data: datasets }] = useSuspenseQueries({
    queries: [queries.destinations, queries.datasets],
  });
  const { t } = useTranslation();
  const { language } = usePreferences();
  const ids = { destination: useId(), kind: useId(), path: useId(), without: useId() };
  const [destinationId, setDestination] = useState(asIs);
  const [kind, setKind] = useState<string>();
  const [isHere, setHere] = useState(true);
  const [to, setTo] = useState('');
  const [without, setWithout] = useState<readonly string[]>([]);
  const [started, setStarted] = useState<string>();
  const others = datasets.items.filter(({ id }) => id !== audience.dataset);
  const destination = destinations.items.find(({ id }) => id === destinationId);
  const write = useAction(
    () =>
      client.audience.export({
        audience: audience.id,
        ...(isHere ? {} : { to: to.trim() }),
        ...(destination === undefined ? {} : { destination: destination.id }),
        ...(destination === undefined || kind === undefined ? {} : { kind }),
        without: [...without],
      }),
    { done: ({ operation }) => setStarted(operation) },
  );
  return (
    <section className="panel">
      <h2>{t('exporting.title')}</h2>
      <form
        className="panel-body stack"
        onSubmit={(event) => {
          event.preventDefault();
          setStarted(undefined);
          write.run(undefined);
        }}
      >
        <div>
          <label className="label" htmlFor={ids.destination}>
            {t('exporting.destination')}
          </label>
          <Select<string>
            id={ids.destination}
            className="wide-field"
            value={destinationId}
            onChange={(id) => {
              setDestination(id);
              setKind(undefined);
            }}
            options={[
              { value: asIs, label: t('exporting.asIs') },
              ...destinations.items.map(({ id, name }) => ({ value: id, label: name[language] })),
            ]}
          />
          {destination !== undefined && (
            <p className="fine">{t('exporting.takes', { kinds: destination.kinds.join(', ') })}</p>
          )}
          {destination?.caution !== undefined && <Alert type="warning" showIcon title={destination.caution} />}
        </div>
        {destination?.layout === 'list' && destination.kinds.length > 1 && (
          <div>
            <label className="label" htmlFor={ids.kind}>
              {t('exporting.kind')}
            </label>
            <Select<string>
              id={ids.kind}
              className="wide-field"
              allowClear
              placeholder={t('exporting.kindFirst')}
              value={kind ?? null}
              options={destination.kinds.map((value) => ({ value, label: value }))}
              onChange={(value: string | undefined) => setKind(value)}
            />
          </div>
        )}
        <fieldset className="plain-fieldset">
          <legend className="label">{t('exporting.where')}</legend>
          <Radio.Group
            value={isHere}
            onChange={({ target }) => setHere(target.value)}
            options={[
              { value: true, label: t('exporting.download') },
              { value: false, label: t('exporting.onNode') },
            ]}
          />
        </fieldset>
        {!isHere && (
          <div>
            <label className="label" htmlFor={ids.path}>
              {t('exporting.to')}
            </label>
            <Input id={ids.path} value={to} required onChange={(event) => setTo(event.target.value)} />
            <p className="fine">{t('exporting.toAbout')}</p>
          </div>
        )}
        {others.length > 0 && (
          <fieldset className="plain-fieldset">
            <legend className="label">{t('exporting.without')}</legend>
            <Checkbox.Group
              options={others.map(({ name }) => ({ value: name, label: name }))}
              value={[...without]}
              onChange={(values) => setWithout(values)}
            />
          </fieldset>
        )}
        {write.error !== null && <ProblemNote error={write.error} />}
        <div>
          <Button type="primary" htmlType="submit" disabled={!isHere && to.trim() === ''} loading={write.isRunning}>
            {t(isHere ? 'exporting.prepare' : 'exporting.write')}
          </Button>
        </div>
        {started !== undefined && <ExportOutcome audience={audience.id} operation={started} />}
      </form>
    </section>
  );
}
