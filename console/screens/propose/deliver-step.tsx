import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { ChoiceCards } from '../../show/choice-cards.tsx';
import { Field } from '../../show/field.tsx';
import { useFigures } from '../../show/figures.ts';
import { useNames } from '../../show/names.ts';
import { NothingYet } from '../../show/nothing-yet.tsx';
import { type DeliverMatch, deliverableColumns, deliverMatches } from './deliver-match.ts';
import type { DeliverDraft } from './draft.ts';
import type { StepProps } from './wizard.tsx';

type Proposal = DeliverDraft['proposal'];

/** A finished match that both sides learned rows of, who gives, and which columns. */
export function DeliverStep({ draft, change }: StepProps<DeliverDraft>) {
  const { t } = useTranslation();
  const { nameOf } = useNames();
  const figures = useFigures();
  const { data: jobs } = useSuspenseQuery(queries.jobs);
  const { data: agreements } = useSuspenseQuery(queries.agreements);
  const { proposal } = draft;
  const set = (changes: Partial<Proposal>) => change({ ...draft, proposal: { ...proposal, ...changes } });
  const matches = deliverMatches(jobs.items, agreements.items);
  const chosen = matches.find(({ job }) => job === proposal.job);
  if (matches.length === 0) {
    return (
      <div className="panel">
        <NothingYet
          title={t('propose.deliver.none')}
          about={t('propose.deliver.noneAbout')}
          action={
            <Link to="/propose/$operation" params={{ operation: 'match' }}>
              {t('propose.questions.match')}
            </Link>
          }
        />
      </div>
    );
  }
  return (
    <section className="panel panel-body fields">
      <Field label={t('propose.deliver.match')} hint={t('propose.deliver.matchHint')}>
        {(id) => (
          <Select
            id={id}
            value={proposal.job === '' ? null : proposal.job}
            placeholder={t('propose.choose')}
            onChange={(job) => set({ job, columns: [] })}
            options={matches.map(({ job, purpose, partner, finishedAt }) => ({
              value: job,
              label: `${purpose} · ${nameOf(partner)} · ${figures.time(finishedAt)}`,
            }))}
          />
        )}
      </Field>
      {chosen !== undefined && <Columns match={chosen} proposal={proposal} set={set} />}
    </section>
  );
}

function Columns(props: {
  readonly match: DeliverMatch;
  readonly proposal: Proposal;
  readonly set: (changes: Partial<Proposal>) => void;
}) {
  const { t } = useTranslation();
  const { nameOf } = useNames();
  const { match, proposal, set } = props;
  const { partner } = match;
  const { data: status } = useSuspenseQuery(queries.status);
  const { data: catalogue } = useSuspenseQuery(queries.catalogue);
  const { data: agreement } = useSuspenseQuery(queries.agreement(match.agreement));
  const giver = proposal.from === 'me' ? status.organisation : partner;
  const columns = deliverableColumns(agreement.terms, giver, catalogue.items);
  return (
    <>
      <ChoiceCards<Proposal['from']>
        label={t('propose.deliver.from')}
        value={proposal.from}
        onChange={(from) => set({ from, columns: [] })}
        choices={[
          { value: 'them', title: t('propose.deliver.them', { partner: nameOf(partner) }) },
          { value: 'me', title: t('propose.deliver.me', { partner: nameOf(partner) }) },
        ]}
      />
      <fieldset className="choice-cards">
        <legend className="label">{t('propose.deliver.columns', { organisation: nameOf(giver) })}</legend>
        {columns.length === 0 ? (
          <p className="refusal">{t('propose.deliver.columnsNone', { organisation: nameOf(giver) })}</p>
        ) : (
          <Checkbox.Group<string>
            value={[...proposal.columns]}
            onChange={(chosen) => set({ columns: chosen })}
            options={columns.map(({ column, grade, allowed }) => ({
              value: column,
              label: allowed
                ? column
                : `${column} · ${t('propose.deliver.notOf', { grade: t(`add.grades.${grade}`) })}`,
              disabled: !allowed,
            }))}
          />
        )}
      </fieldset>
    </>
  );
}
