import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Checkbox, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { Field } from '../../show/field.tsx';
import { useFigures } from '../../show/figures.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import type { ActivateDraft, InsightDraft, MatchDraft } from './draft.ts';
import { commonKinds, datasetNamed, datasetsOf, type Offered, partnersAmong } from './offer.ts';
import type { StepProps } from './wizard.tsx';

type PairDraft = MatchDraft | InsightDraft | ActivateDraft;
type Pair = Pick<MatchDraft['proposal'], 'with' | 'mine' | 'theirs'>;

/** Two organisations, a dataset of each, and what people are recognised by. */
export function PairStep({ draft, change }: StepProps<PairDraft>) {
  const { t } = useTranslation();
  const { data: members } = useSuspenseQuery(queries.members);
  const { data: catalogue } = useSuspenseQuery(queries.catalogue);
  const { data: status } = useSuspenseQuery(queries.status);
  const { proposal } = draft;
  const partners = partnersAmong(members.items);
  const mine = datasetNamed(catalogue.items, status.organisation, proposal.mine);
  const theirs = datasetNamed(catalogue.items, proposal.with, proposal.theirs);
  const kinds = commonKinds([mine, theirs]);
  const set = (changes: Partial<Pair>) => change(withPair(draft, changes, catalogue.items, status.organisation));
  if (partners.length === 0) {
    return (
      <div className="panel">
        <NothingYet
          title={t('propose.alone')}
          about={t('propose.aloneAbout')}
          action={<Link to="/network">{t('navigation.network')}</Link>}
        />
      </div>
    );
  }
  return (
    <section className="panel panel-body fields">
      <Field label={t('propose.partner')}>
        {(id) => (
          <Select
            id={id}
            showSearch={{ optionFilterProp: 'label' }}
            value={proposal.with === '' ? null : proposal.with}
            placeholder={t('propose.choose')}
            onChange={(partner) => set({ with: partner, theirs: '' })}
            options={partners.map(({ organisation, name }) => ({
              value: organisation,
              label: name,
              title: organisation,
            }))}
          />
        )}
      </Field>
      <DatasetField
        label={t('propose.mine')}
        offered={datasetsOf(catalogue.items, status.organisation)}
        value={mine}
        none={<Link to="/datasets">{t('propose.mineNone')}</Link>}
        onChange={(dataset) => set({ mine: dataset })}
      />
      <DatasetField
        label={t('propose.theirs')}
        offered={datasetsOf(catalogue.items, proposal.with)}
        value={theirs}
        none={
          proposal.with === ''
            ? t('propose.partnerFirst')
            : t('propose.theirsNone', {
                partner: partners.find(({ organisation }) => organisation === proposal.with)?.name ?? proposal.with,
              })
        }
        onChange={(dataset) => set({ theirs: dataset })}
      />
      {mine !== undefined && theirs !== undefined && <Keys draft={draft} change={change} kinds={kinds} />}
    </section>
  );
}

function DatasetField(props: {
  readonly label: string;
  readonly offered: readonly Offered[];
  readonly value: Offered | undefined;
  readonly none: ReactNode;
  readonly onChange: (dataset: string) => void;
}) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { offered, value } = props;
  const about =
    value === undefined
      ? undefined
      : [
          t('datasets.rowsAbout', { number: figures.count(value.description.rowsAbout) }),
          ...value.description.ids.map(({ profile }) => profile),
        ].join(' · ');
  return (
    <Field label={props.label} hint={offered.length === 0 ? props.none : about}>
      {(id) => (
        <Select
          id={id}
          disabled={offered.length === 0}
          showSearch={{ optionFilterProp: 'label' }}
          value={value?.name ?? null}
          placeholder={t('propose.choose')}
          onChange={props.onChange}
          options={offered.map(({ name }) => ({ value: name, label: name }))}
        />
      )}
    </Field>
  );
}

/** A match may take several kinds, one after the other; all else takes one. */
function Keys(props: StepProps<PairDraft> & { readonly kinds: readonly string[] }) {
  const { t } = useTranslation();
  const { draft, change, kinds } = props;
  if (kinds.length === 0) return <p className="refusal">{t('propose.kindsNone')}</p>;
  if (draft.operation !== 'match') {
    return (
      <Field label={t('propose.key')} hint={t('propose.keyHint')}>
        {(id) => (
          <Select
            id={id}
            value={draft.proposal.key === '' ? null : draft.proposal.key}
            placeholder={t('propose.choose')}
            options={kinds.map((kind) => ({ value: kind, label: kind }))}
            onChange={(key: string) => change(withKey(draft, key))}
          />
        )}
      </Field>
    );
  }
  const { keys } = draft.proposal;
  const setKeys = (chosen: readonly string[]) => {
    // What was chosen first stays first: that is the order of the waterfall.
    const kept = keys.filter((key) => chosen.includes(key));
    const added = chosen.filter((key) => !keys.includes(key));
    change({ ...draft, proposal: { ...draft.proposal, keys: [...kept, ...added] } });
  };
  return (
    <fieldset className="choice-cards">
      <legend className="label">{t('propose.keys')}</legend>
      <Checkbox.Group<string>
        value={[...keys]}
        onChange={setKeys}
        options={kinds.map((kind) => ({ value: kind, label: kind }))}
      />
      <div className="fine hint">
        {keys.length > 1 ? t('propose.keysOrder', { order: keys.join(' → ') }) : t('propose.keysHint')}
      </div>
    </fieldset>
  );
}

/** Whoever changes a dataset keeps the kinds that are still common; the first common one is proposed. */
function withPair(draft: PairDraft, changes: Partial<Pair>, catalogue: readonly Offered[], self: string): PairDraft {
  const pair = { ...draft.proposal, ...changes };
  const kinds = commonKinds([
    datasetNamed(catalogue, self, pair.mine),
    datasetNamed(catalogue, pair.with, pair.theirs),
  ]);
  if (draft.operation === 'match') {
    const kept = draft.proposal.keys.filter((key) => kinds.includes(key));
    return { ...draft, proposal: { ...draft.proposal, ...changes, keys: kept.length > 0 ? kept : kinds.slice(0, 1) } };
  }
  const key = kinds.includes(draft.proposal.key) ? draft.proposal.key : (kinds[0] ?? '');
  return withKey(draft, key, changes);
}

/** The same for either, which the compiler has to see apart. */
function withKey(draft: InsightDraft | ActivateDraft, key: string, changes: Partial<Pair> = {}): PairDraft {
  return draft.operation === 'insight'
    ? { ...draft, proposal: { ...draft.proposal, ...changes, key } }
    : { ...draft, proposal: { ...draft.proposal, ...changes, key } };
}
