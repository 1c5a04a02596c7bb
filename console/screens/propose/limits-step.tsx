import { useSuspenseQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { queries } from '../../app/queries.ts';
import { Field } from '../../show/field.tsx';
import { useFigures } from '../../show/figures.ts';
import { NumberField } from '../../show/number-field.tsx';
import { type AnyDraft, daysMaxOf } from './draft.ts';
import type { StepProps } from './wizard.tsx';

interface Limits {
  readonly purpose?: string;
  readonly uses?: number | undefined;
  readonly minimumListRows?: number | undefined;
  readonly minimumGroupRows?: number | undefined;
}

/** What it is for, how often and how long, and below which size nothing is told. */
export function LimitsStep({ draft, change }: StepProps) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { data: settings } = useSuspenseQuery(queries.settings);
  const { operation, days } = draft;
  const proposal: Limits = draft.proposal;
  const set = (changes: Limits) => change(withLimits(draft, changes));
  const ends = new Date(Date.now() + days * 86_400_000).toISOString();
  return (
    <section className="panel panel-body fields">
      <Field label={t('propose.purpose')} hint={t('propose.purposeHint')}>
        {(id) => (
          <Input
            id={id}
            value={proposal.purpose}
            maxLength={500}
            placeholder={t('propose.purposeExample')}
            onChange={(event) => set({ purpose: event.target.value })}
          />
        )}
      </Field>
      <div className="side-by-side">
        <NumberField
          label={t('propose.uses')}
          hint={t('propose.usesHint')}
          min={1}
          max={10_000}
          value={proposal.uses ?? 1}
          onChange={(uses) => set({ uses })}
        />
        <NumberField
          label={t('propose.days')}
          hint={t('propose.endsAt', { time: figures.time(ends) })}
          min={1}
          max={daysMaxOf(draft)}
          value={days}
          onChange={(chosen) => change({ ...draft, days: chosen } as AnyDraft)}
        />
      </div>
      {operation !== 'deliver' && (
        <div className="side-by-side">
          <NumberField
            label={t('propose.minimumList')}
            hint={t('propose.minimumListHint')}
            min={1}
            max={1_000_000_000}
            value={proposal.minimumListRows ?? settings.minimumListRows}
            onChange={(rows) => set({ minimumListRows: rows })}
          />
          {operation !== 'room' && (
            <NumberField
              label={t('propose.minimumGroup')}
              hint={t('propose.minimumGroupHint')}
              min={1}
              max={operation === 'insight' ? 1000 : 1_000_000}
              value={proposal.minimumGroupRows ?? settings.minimumGroupRows}
              onChange={(rows) => set({ minimumGroupRows: rows })}
            />
          )}
        </div>
      )}
    </section>
  );
}

function withLimits(draft: AnyDraft, changes: Limits): AnyDraft {
  const proposal = Object.fromEntries(
    Object.entries({ ...draft.proposal, ...changes }).filter(([, value]) => value !== undefined),
  );
  return { ...draft, proposal } as unknown as AnyDraft;
}
