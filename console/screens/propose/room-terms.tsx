import { useSuspenseQuery } from '@tanstack/react-query';
import { Checkbox, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { Field } from '../../show/field.tsx';
import { useNames } from '../../show/names.ts';
import { NumberField } from '../../show/number-field.tsx';
import type { RoomDraft } from './draft.ts';
import { ProtectionChoice } from './protection-choice.tsx';
import { activatable, type Rights, rightsDefault, rightsOf, withRights } from './room-draft.ts';
import type { StepProps } from './wizard.tsx';

type Proposal = RoomDraft['proposal'];

/** Who gets answers, what for, how they are protected, and whether somebody is given audiences. */
export function RoomTerms({ draft, change }: StepProps<RoomDraft>) {
  const { t } = useTranslation();
  const { nameOf } = useNames();
  const { data: status } = useSuspenseQuery(queries.status);
  const { proposal } = draft;
  const rights = rightsOf(proposal);
  const put = (changed: Proposal, changedRights: Rights = rights) =>
    change({ ...draft, proposal: withRights(changed, changedRights) });
  const set = (changes: Partial<Proposal>) => put({ ...proposal, ...changes });
  const contributors = [...new Set(proposal.contributors.map(({ organisation }) => organisation))];
  return (
    <>
      <section className="panel panel-body fields">
        <fieldset className="choice-cards">
          <legend className="label">{t('propose.room.receivers')}</legend>
          <Checkbox.Group<string>
            value={[...proposal.receivers]}
            options={contributors.map((organisation) => ({ value: organisation, label: nameOf(organisation) }))}
            onChange={(receivers) => set({ receivers })}
          />
        </fieldset>
        <Field label={t('propose.room.questionPurpose')} hint={t('propose.room.questionPurposeHint')}>
          {(id) => (
            <Input
              id={id}
              value={proposal.questionPurpose}
              maxLength={63}
              onChange={({ target }) => set({ questionPurpose: target.value.toLowerCase() })}
            />
          )}
        </Field>
      </section>
      <section className="panel panel-body fields">
        <ProtectionChoice
          value={rights.rho === undefined ? 'exact' : 'noise'}
          onChange={(kind) => put(proposal, { ...rights, rho: kind === 'exact' ? undefined : rightsDefault.rho })}
        />
        <div className="side-by-side">
          <NumberField
            label={t('propose.minimumGroup')}
            hint={t('propose.minimumGroupHint')}
            min={2}
            max={1_000_000}
            value={rights.k}
            onChange={(k) => put(proposal, { ...rights, k })}
          />
          <NumberField
            label={t('propose.room.budget')}
            hint={t('propose.room.budgetHint')}
            min={1}
            max={10_000_000}
            value={proposal.budgetRho ?? 100_000}
            onChange={(budgetRho) => set({ budgetRho })}
          />
        </div>
      </section>
      <Activation proposal={proposal} self={status.organisation} put={put} />
    </>
  );
}

/** Audiences are of people, so only a receiver whose table has a row for each can be given any. */
function Activation(props: {
  readonly proposal: Proposal;
  readonly self: string;
  readonly put: (proposal: Proposal) => void;
}) {
  const { t } = useTranslation();
  const { nameOf } = useNames();
  const { proposal, self, put } = props;
  const { activation } = proposal;
  const able = activatable(proposal);
  const set = (changed: NonNullable<Proposal['activation']>) => put({ ...proposal, activation: changed });
  const off = () => {
    const { activation: _, ...rest } = proposal;
    put(rest);
  };
  return (
    <section className="panel panel-body fields">
      <Checkbox
        checked={activation !== undefined}
        disabled={able.length === 0}
        onChange={({ target }) =>
          target.checked ? set({ receiver: able.includes(self) ? self : able[0]!, purpose: 'activation' }) : off()
        }
      >
        {t('propose.room.activation')}
      </Checkbox>
      <p className="fine">
        {able.length === 0 ? t('propose.room.activationUnable') : t('propose.room.activationAbout')}
      </p>
      {activation !== undefined && (
        <div className="side-by-side">
          <Field label={t('propose.room.activationReceiver')}>
            {(id) => (
              <Select
                id={id}
                value={activation.receiver}
                options={able.map((value) => ({ value, label: nameOf(value) }))}
                onChange={(receiver) => set({ ...activation, receiver })}
              />
            )}
          </Field>
          <NumberField
            label={t('propose.room.minimumPersons')}
            min={2}
            max={1_000_000}
            value={activation.minimumPersons ?? 1000}
            onChange={(rows) => set({ ...activation, minimumPersons: rows })}
          />
          <NumberField
            label={t('propose.room.audiencesMax')}
            min={1}
            max={64}
            value={activation.audiencesMax ?? 5}
            onChange={(count) => set({ ...activation, audiencesMax: count })}
          />
        </div>
      )}
    </section>
  );
}
