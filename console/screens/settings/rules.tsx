import { useQueries, useQueryClient, useSuspenseQueries } from '@tanstack/react-query';
import { Button, InputNumber, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useMay } from '../../app/session.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';
import { OrganisationName } from './organisation-name.tsx';
import { Rule } from './rule.tsx';
import { changesOf, type Refused, refusedBy, type Settings } from './rule-examples.ts';
import { SettingsHead } from './settings-head.tsx';

/** Agreements that are looked at for what a rule would refuse. */
const examplesMax = 20;
const gigabyte = 1e9;

/** The rules that this node holds itself to, each with what it means and with what it would refuse. */
export function Rules() {
  const [{ data: settings }, { data: datasets }, { data: agreements }] = useSuspenseQueries({
    queries: [queries.settings, queries.datasets, queries.agreements],
  });
  const alive = agreements.items
    .filter(({ status }) => status === 'active' || status === 'proposed')
    .slice(0, examplesMax);
  const details = useQueries({ queries: alive.map(({ id }) => queries.agreement(id)) });
  const facts = {
    datasets: datasets.items,
    agreements: details.flatMap(({ data }) => (data === undefined ? [] : [data])),
  };
  return (
    <section className="screen">
      <SettingsHead />
      <RulesForm settings={settings} facts={facts} />
      <div className="panel">
        <OrganisationName />
      </div>
    </section>
  );
}

function RulesForm(props: { readonly settings: Settings; readonly facts: Parameters<typeof refusedBy>[1] }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const may = useMay();
  // What somebody else saves meanwhile is taken over beside what was typed here.
  const [typed, setTyped] = useState<Partial<Settings>>({});
  const draft = { ...props.settings, ...typed };
  const set = (changes: Partial<Settings>) => setTyped({ ...typed, ...changes });
  const undo = () => setTyped({});
  const changes = changesOf(props.settings, draft);
  const cache = useQueryClient();
  const save = useAction(() => client.settings.update(changes), {
    changes: ['agreements'],
    done: (saved) => {
      cache.setQueryData(queries.settings.queryKey, saved);
      undo();
    },
  });
  const refused = refusedBy(draft, props.facts);
  const isFixed = !may('settings.update');
  const number = (name: 'minimumListRows' | 'minimumGroupRows' | 'evaluationsPerDayMax', min: number, max: number) =>
    function NumberField(id: string) {
      return (
        <InputNumber
          id={id}
          disabled={isFixed}
          min={min}
          max={max}
          precision={0}
          value={draft[name]}
          onChange={(value) => set({ [name]: value ?? min })}
        />
      );
    };
  return (
    <div className="panel">
      {isFixed && <p className="panel-body fine">{t('settings.needsAdmin')}</p>}
      <Rule
        title={t('settings.minimumListRows')}
        about={t('settings.minimumListRowsAbout')}
        example={<Examples refused={refused.minimumListRows} />}
        control={number('minimumListRows', 50, 1_000_000_000)}
      />
      <Rule
        title={t('settings.minimumGroupRows')}
        about={t('settings.minimumGroupRowsAbout')}
        example={
          <>
            <p className="example">
              {t('settings.minimumGroupRowsExample', {
                hidden: figures.count(draft.minimumGroupRows - 1),
                least: figures.count(draft.minimumGroupRows),
              })}
            </p>
            <Examples refused={refused.minimumGroupRows} />
          </>
        }
        control={number('minimumGroupRows', 10, 1_000_000)}
      />
      <Rule
        title={t('settings.densityPercentMax')}
        about={t('settings.densityPercentMaxAbout')}
        example={
          <p className="example">
            {t('settings.densityPercentMaxExample', { numbers: figures.count(draft.densityPercentMax * 100 + 1) })}
          </p>
        }
        control={(id) => (
          <InputNumber
            id={id}
            disabled={isFixed}
            min={5}
            max={100}
            precision={0}
            suffix="%"
            value={draft.densityPercentMax}
            onChange={(value) => set({ densityPercentMax: value ?? 50 })}
          />
        )}
      />
      <Rule
        title={t('settings.evaluationsPerDayMax')}
        about={t('settings.evaluationsPerDayMaxAbout')}
        example={
          <p className="example">
            {t('settings.evaluationsPerDayMaxExample', { most: figures.count(draft.evaluationsPerDayMax + 1) })}
          </p>
        }
        control={number('evaluationsPerDayMax', 1000, 1_000_000_000)}
      />
      <Rule
        title={t('settings.fourEyes')}
        about={t('settings.fourEyesAbout')}
        example={draft.fourEyes && <p className="example">{t('settings.fourEyesExample')}</p>}
        control={(id) => (
          <Switch id={id} disabled={isFixed} checked={draft.fourEyes} onChange={(fourEyes) => set({ fourEyes })} />
        )}
      />
      <Rule
        title={t('settings.optOutDatasets')}
        about={t('settings.optOutDatasetsAbout')}
        control={(id) => (
          <Select
            id={id}
            mode="multiple"
            disabled={isFixed}
            value={[...draft.optOutDatasets]}
            options={props.facts.datasets.map(({ name }) => ({ value: name, label: name }))}
            onChange={(optOutDatasets: string[]) => set({ optOutDatasets })}
          />
        )}
      />
      <Rule
        title={t('settings.datasetFolders')}
        about={t('settings.datasetFoldersAbout')}
        control={(id) => (
          <Select
            id={id}
            mode="tags"
            open={false}
            suffixIcon={null}
            disabled={isFixed}
            placeholder={t('settings.anyFolder')}
            value={[...draft.datasetFolders]}
            onChange={(datasetFolders: string[]) => set({ datasetFolders })}
          />
        )}
      />
      <Rule
        title={t('settings.uploadBytesMax')}
        about={t('settings.uploadBytesMaxAbout')}
        control={(id) => (
          <InputNumber
            id={id}
            disabled={isFixed}
            min={0.001}
            max={100_000}
            suffix="GB"
            value={draft.uploadBytesMax / gigabyte}
            onChange={(value) => set({ uploadBytesMax: Math.round((value ?? 100) * gigabyte) })}
          />
        )}
      />
      {Object.keys(changes).length > 0 && (
        <div className="save-bar stack">
          {save.error !== null && <ProblemNote error={save.error} />}
          <div className="toolbar">
            <Button type="primary" loading={save.isRunning} onClick={() => save.run(undefined)}>
              {t('settings.save')}
            </Button>
            <Button onClick={undo}>{t('settings.undo')}</Button>
            <span className="fine">{t('settings.saveAbout')}</span>
          </div>
        </div>
      )}
    </div>
  );
}

function Examples({ refused }: { readonly refused: Refused }) {
  const { t } = useTranslation();
  const { datasets, agreements } = refused;
  if (datasets.length === 0 && agreements.length === 0)
    return <p className="example">{t('settings.refusesNothing')}</p>;
  return (
    <>
      {datasets.length > 0 && (
        <p className="example refuses">{t('settings.refusesDatasets', { names: datasets.join(', ') })}</p>
      )}
      {agreements.length > 0 && (
        <p className="example refuses">{t('settings.refusesAgreements', { names: agreements.join(', ') })}</p>
      )}
    </>
  );
}
