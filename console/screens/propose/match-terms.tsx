import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '../../show/choice-cards.tsx';
import { Field } from '../../show/field.tsx';
import { useNames } from '../../show/names.ts';
import type { MatchDraft } from './draft.ts';
import type { StepProps } from './wizard.tsx';

type Proposal = MatchDraft['proposal'];

/** Who learns which of its own rows match, and by which protocol. */
export function MatchTerms({ draft, change }: StepProps<MatchDraft>) {
  const { t } = useTranslation();
  const { proposal } = draft;
  const { nameOf } = useNames();
  const partner = nameOf(proposal.with);
  const set = (changes: Partial<Proposal>) => change({ ...draft, proposal: { ...proposal, ...changes } });
  const several = proposal.keys.length > 1 ? t('propose.match.countOneKey') : undefined;
  const protocol = proposal.protocol ?? 'psi/ecdh';
  return (
    <section className="panel panel-body fields">
      <ChoiceCards<Proposal['receiver']>
        label={t('propose.match.receiver')}
        value={proposal.receiver}
        onChange={(receiver) => set({ receiver })}
        choices={[
          { value: 'me', title: t('propose.match.me'), about: t('propose.match.meAbout', { partner }) },
          { value: 'both', title: t('propose.match.both'), about: t('propose.match.bothAbout') },
          {
            value: 'them',
            title: t('propose.match.them', { partner }),
            about: t('propose.match.themAbout', { partner }),
          },
          { value: 'none', title: t('propose.match.none'), about: t('propose.match.noneAbout'), refused: several },
        ]}
      />
      <details>
        <summary>{t('propose.more')}</summary>
        <div className="fields">
          <Field label={t('propose.match.protocol')} hint={t(`propose.match.protocols.${protocol}`)}>
            {(id) => (
              <Select
                id={id}
                value={protocol}
                onChange={(chosen) => {
                  const { protocol: _, traffic: __, ...rest } = proposal;
                  change({ ...draft, proposal: chosen === 'psi/ecdh' ? rest : { ...rest, protocol: chosen } });
                }}
                options={(['psi/ecdh', 'psi/vole', 'psi/oprf'] as const).map((value) => ({ value, label: value }))}
              />
            )}
          </Field>
          {protocol === 'psi/vole' && (
            <Checkbox
              checked={proposal.traffic === 'low'}
              onChange={({ target }) => {
                const { traffic: _, ...rest } = proposal;
                change({ ...draft, proposal: target.checked ? { ...rest, traffic: 'low' } : rest });
              }}
            >
              {t('propose.match.lowTraffic')}
            </Checkbox>
          )}
        </div>
      </details>
    </section>
  );
}
