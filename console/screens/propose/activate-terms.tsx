import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '../../show/choice-cards.tsx';
import { Field } from '../../show/field.tsx';
import { useNames } from '../../show/names.ts';
import { DomainState } from '../../show/opja/domain-state.tsx';
import { OwnKeys } from '../../show/opja/own-keys.tsx';
import { type ActivateDraft, activationDays } from './draft.ts';
import type { StepProps } from './wizard.tsx';

type Proposal = ActivateDraft['proposal'];
type Form = Proposal['form'];

/** In which of the standards' forms shared people are recognised, and who of the two advertises. */
export function ActivateTerms({ draft, change }: StepProps<ActivateDraft>) {
  const { t } = useTranslation();
  const { nameOf } = useNames();
  const { proposal } = draft;
  const { form, advertiser } = proposal;
  const partner = nameOf(proposal.with);
  const set = (changes: Partial<Proposal>) => change({ ...draft, proposal: { ...proposal, ...changes } });
  const setKind = (kind: Form['kind']) =>
    change({
      ...draft,
      days: activationDays[kind].proposed,
      proposal: { ...proposal, form: kind === 'pair' ? { kind } : { kind, system: '', receiver: '' } },
    });
  return (
    <>
      <section className="panel panel-body fields">
        <ChoiceCards<Form['kind']>
          label={t('propose.activate.form')}
          value={form.kind}
          onChange={setKind}
          choices={[
            { value: 'pair', title: t('propose.activate.pair'), about: t('propose.activate.pairAbout') },
            { value: 'opja', title: t('propose.activate.opja'), about: t('propose.activate.opjaAbout') },
          ]}
        />
        <ChoiceCards<Proposal['advertiser']>
          label={t('propose.activate.advertiser')}
          value={advertiser}
          onChange={(who) => set({ advertiser: who })}
          choices={[
            {
              value: 'me',
              title: t('propose.activate.me'),
              about: t(`propose.activate.meAbout.${form.kind}`, { partner }),
            },
            {
              value: 'them',
              title: t('propose.activate.them', { partner }),
              about: t(`propose.activate.themAbout.${form.kind}`, { partner }),
            },
          ]}
        />
      </section>
      {form.kind === 'opja' && (
        <section className="panel">
          <h2>{t('propose.activate.domains')}</h2>
          <div className="panel-body fields">
            <DomainField
              label={t('propose.activate.system')}
              hint={
                advertiser === 'me' ? t('propose.activate.systemOurs') : t('propose.activate.systemTheirs', { partner })
              }
              example="match.aurora.example"
              value={form.system}
              isOurs={advertiser === 'me'}
              onChange={(system) => set({ form: { ...form, system } })}
            />
            <DomainField
              label={t('propose.activate.receiver')}
              hint={t('propose.activate.receiverHint')}
              example="dsp.example"
              value={form.receiver}
              isOurs={false}
              onChange={(receiver) => set({ form: { ...form, receiver } })}
            />
          </div>
        </section>
      )}
      {form.kind === 'opja' && advertiser === 'me' && <OwnKeys domain={form.system} />}
    </>
  );
}

function DomainField(props: {
  readonly label: string;
  readonly hint: string;
  readonly example: string;
  readonly value: string;
  /** Whether this node's key has to be among what it publishes. */
  readonly isOurs: boolean;
  readonly onChange: (domain: string) => void;
}) {
  return (
    <div>
      <Field label={props.label} hint={props.hint}>
        {(id) => (
          <Input
            id={id}
            value={props.value}
            maxLength={253}
            placeholder={props.example}
            spellCheck={false}
            autoCapitalize="none"
            onChange={({ target }) => props.onChange(target.value.trim().toLowerCase())}
          />
        )}
      </Field>
      <DomainState domain={props.value} isOurs={props.isOurs} />
    </div>
  );
}
