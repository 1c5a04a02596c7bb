import { ruleLimits, valuedKinds } from '@causeway/core/applications/select';
import { InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { NotSwitch } from './not-switch.tsx';
import type { Bounds } from './rule-draft.ts';
import type { ConditionProps } from './rule-editor.tsx';

const countMax = 1_000_000;

/** What somebody did, how often within how many days, and how long ago the last time was. */
export function EventCondition({ condition, words, onChange }: ConditionProps<'event'>) {
  const { t } = useTranslation();
  const { event, channels, campaigns, withinDays, times, lastDaysAgo, value } = condition;
  const { kinds, money, ...declared } = words.events;
  return (
    <div className="rule-event">
      <NotSwitch verb="did" isNot={condition.isNot} onChange={(isNot) => onChange({ ...condition, isNot })} />
      <Select
        aria-label={t('builder.event')}
        className="rule-tag"
        value={event}
        // A rule that came with a model may name what nobody declares here: it holds of nobody, and is shown.
        options={[...new Set([...kinds, event])].map((value) => ({ value, label: t(`builder.events.${value}`) }))}
        onChange={(chosen) => onChange({ ...condition, event: chosen })}
      />
      <span className="rule-range">
        {t('builder.withinDays')}
        <InputNumber
          aria-label={t('builder.withinDays')}
          min={0}
          max={ruleLimits.daysMax}
          precision={0}
          value={withinDays}
          suffix={t('builder.days')}
          onChange={(days) => days !== null && onChange({ ...condition, withinDays: days })}
        />
      </span>
      <BoundsFields
        label={t('builder.times')}
        value={times}
        max={countMax}
        onChange={(value) => onChange({ ...condition, times: value })}
      />
      <BoundsFields
        label={t('builder.lastDaysAgo')}
        value={lastDaysAgo}
        max={ruleLimits.daysMax}
        onChange={(value) => onChange({ ...condition, lastDaysAgo: value })}
      />
      {money !== undefined && valuedKinds.includes(event) && (
        <BoundsFields
          label={t('builder.worth', { currency: money.code })}
          value={inUnits(value, (units, end) => (units + (end === 'to' ? 1 : 0)) / 10 ** money.digits)}
          max={ruleLimits.valueMax / 10 ** money.digits}
          onChange={(bounds) => {
            // Bounds lie on the owner's grid: a sum from one of its lines, to before another.
            const onGrid = (amount: number) => Math.round((amount * 10 ** money.digits) / money.grid) * money.grid;
            const units = inUnits(bounds, (amount, end) => Math.max(0, onGrid(amount) - (end === 'to' ? 1 : 0)));
            onChange({ ...condition, value: { currency: money.code, ...units } });
          }}
        />
      )}
      {(['channels', 'campaigns'] as const).map(
        (key) =>
          declared[key].length > 0 && (
            <Select<string[]>
              key={key}
              mode="multiple"
              className="rule-values"
              aria-label={t(`builder.${key}`)}
              placeholder={t(`builder.${key}All`)}
              value={[...(key === 'channels' ? channels : campaigns)]}
              options={declared[key].map((value) => ({ value, label: value }))}
              onChange={(chosen) => onChange({ ...condition, [key]: chosen })}
            />
          ),
      )}
    </div>
  );
}

function inUnits({ from, to }: Bounds, change: (amount: number, end: keyof Bounds) => number): Bounds {
  return {
    ...(from === undefined ? {} : { from: change(from, 'from') }),
    ...(to === undefined ? {} : { to: change(to, 'to') }),
  };
}

/** At least, at most; either may be open. */
function BoundsFields(props: {
  readonly label: string;
  readonly value: Bounds;
  readonly max: number;
  readonly onChange: (value: Bounds) => void;
}) {
  const { label, value, max, onChange } = props;
  const { t } = useTranslation();
  const set = (end: keyof Bounds, number: number | null) => {
    const { [end]: _, ...rest } = value;
    onChange(number === null ? rest : { ...rest, [end]: number });
  };
  return (
    <span className="rule-range">
      {label}
      {(['from', 'to'] as const).map((end) => (
        <InputNumber
          key={end}
          aria-label={t(`builder.${end}`, { tag: label })}
          placeholder={t(end === 'from' ? 'builder.atLeast' : 'builder.atMost')}
          min={end === 'to' ? (value.from ?? 0) : 0}
          max={end === 'from' ? (value.to ?? max) : max}
          precision={0}
          value={value[end] ?? null}
          onChange={(number) => set(end, number)}
        />
      ))}
    </span>
  );
}
