import { useSuspenseQuery } from '@tanstack/react-query';
import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { Field } from '../../show/field.tsx';
import type { RoomDraft } from './draft.ts';
import { commonKinds, datasetNamed, datasetsOf, type Offered } from './offer.ts';
import { withDatasets, withRights } from './room-draft.ts';
import { RoomTable } from './room-table.tsx';
import type { StepProps } from './wizard.tsx';

/** Who brings which table, by what rows are put together, and whose node keeps them. */
export function RoomStep({ draft, change }: StepProps<RoomDraft>) {
  const { t } = useTranslation();
  const { data: members } = useSuspenseQuery(queries.members);
  const { data: catalogue } = useSuspenseQuery(queries.catalogue);
  const { proposal } = draft;
  const set = (changed: RoomDraft['proposal']) => change({ ...draft, proposal: changed });
  const owners = members.items.filter(({ status }) => status === 'member');
  const bringing = proposal.contributors.map(({ organisation }) => organisation);
  const keepers = owners.filter(({ organisation }) => !bringing.includes(organisation));
  const kinds = commonKinds(
    proposal.contributors.map(({ organisation, dataset }) => datasetNamed(catalogue.items, organisation, dataset)),
  );
  const setDatasets = (organisation: string, chosen: readonly Offered[]) => {
    const changed = withDatasets(proposal, organisation, chosen);
    const contributors = changed.contributors.map((one) => one.organisation);
    set({
      ...changed,
      room: contributors.includes(changed.room) ? '' : changed.room,
      receivers: changed.receivers.filter((receiver) => contributors.includes(receiver)),
      keys: [],
    });
  };
  return (
    <>
      <section className="panel">
        <h2>{t('propose.room.who')}</h2>
        <div className="panel-body fields">
          {owners.map(({ organisation, name, self }) => {
            const offered = datasetsOf(catalogue.items, organisation);
            const brought = proposal.contributors.filter((one) => one.organisation === organisation);
            return (
              <Field
                key={organisation}
                label={self ? t('propose.room.ours', { organisation: name }) : name}
                hint={offered.length === 0 ? t('propose.theirsNone', { partner: name }) : undefined}
              >
                {(id) => (
                  <Select<string[]>
                    id={id}
                    mode="multiple"
                    disabled={offered.length === 0}
                    value={brought.map(({ dataset }) => dataset)}
                    placeholder={t('propose.room.nothing')}
                    options={offered.map((one) => ({ value: one.dataset, label: one.name }))}
                    onChange={(chosen) =>
                      setDatasets(
                        organisation,
                        offered.filter((one) => chosen.includes(one.dataset)),
                      )
                    }
                  />
                )}
              </Field>
            );
          })}
        </div>
      </section>
      {bringing.length > 0 &&
        proposal.contributors.map((contributor) => (
          <RoomTable
            key={`${contributor.organisation}/${contributor.dataset}`}
            contributor={contributor}
            offered={datasetNamed(catalogue.items, contributor.organisation, contributor.dataset)}
            proposal={proposal}
            change={set}
          />
        ))}
      {new Set(bringing).size > 1 && (
        <section className="panel panel-body fields">
          <fieldset className="choice-cards">
            <legend className="label">{t('propose.keys')}</legend>
            {kinds.length === 0 ? (
              <p className="refusal">{t('propose.kindsNone')}</p>
            ) : (
              <Checkbox.Group<string>
                value={[...proposal.keys]}
                options={kinds.map((kind) => ({ value: kind, label: kind }))}
                onChange={(keys) => set({ ...proposal, keys })}
              />
            )}
          </fieldset>
          <Field label={t('propose.room.keeper')} hint={t('propose.room.keeperHint')}>
            {(id) => (
              <Select
                id={id}
                value={proposal.room === '' ? null : proposal.room}
                placeholder={keepers.length === 0 ? t('propose.room.keeperNone') : t('propose.choose')}
                options={keepers.map(({ organisation, name }) => ({ value: organisation, label: name }))}
                onChange={(room: string) => set(withRights({ ...proposal, room }))}
              />
            )}
          </Field>
        </section>
      )}
    </>
  );
}
