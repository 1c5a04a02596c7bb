import { type CoordinateSystem, coordinateSystems, leastRadius, systemNames } from '@causeway/core/geo';
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Offered } from './offer.ts';
import { useOfferedValues } from './offered-values.ts';
import { type ColumnRule, eventKinds } from './room-draft.ts';
import { ValuesSelect } from './values-select.tsx';

type CategoryRule = Extract<ColumnRule, { type: 'category' }>;

/** What a rule bounds: the values that there may be, and that questions may name. */
export function ColumnValues(props: {
  /** The column's name in its dataset. */
  readonly label: string;
  readonly dataset: Offered;
  readonly rule: ColumnRule;
  /** Of a place: the other column of the two. */
  readonly longitude: {
    readonly value: string | undefined;
    readonly options: readonly string[];
    readonly change: (column: string) => void;
  };
  readonly change: (rule: ColumnRule) => void;
}) {
  const { t } = useTranslation();
  const { label, dataset, rule, longitude, change } = props;
  switch (rule.type) {
    case 'category':
      return (
        <CategoryValues
          label={`${t('propose.room.values')}: ${label}`}
          rule={rule}
          dataset={dataset}
          column={label}
          change={change}
        />
      );
    case 'integer':
    case 'money': {
      // Sums may not leave the range that the column has.
      const bounded = (min: number, max: number) =>
        change({ ...rule, min, max, clip: { low: Math.max(0, min), high: max } });
      return (
        <div className="toolbar">
          {rule.type === 'money' && (
            <Input
              style={{ width: 70 }}
              aria-label={`${t('propose.room.currency')}: ${label}`}
              maxLength={3}
              value={rule.currency}
              onChange={({ target }) => change({ ...rule, currency: target.value.toUpperCase() })}
            />
          )}
          <InputNumber
            aria-label={`${t('propose.insight.min')}: ${label}`}
            precision={0}
            value={rule.min}
            onChange={(min) => bounded(min ?? 0, rule.max)}
          />
          –
          <InputNumber
            aria-label={`${t('propose.insight.max')}: ${label}`}
            precision={0}
            value={rule.max}
            onChange={(max) => bounded(rule.min, max ?? rule.min)}
          />
        </div>
      );
    }
    case 'time':
      return (
        <div className="toolbar">
          <Input
            type="date"
            style={{ width: 150 }}
            aria-label={`${t('propose.room.from')}: ${label}`}
            value={rule.from}
            onChange={({ target }) => change({ ...rule, from: target.value })}
          />
          –
          <Input
            type="date"
            style={{ width: 150 }}
            aria-label={`${t('propose.room.to')}: ${label}`}
            value={rule.to}
            onChange={({ target }) => change({ ...rule, to: target.value })}
          />
        </div>
      );
    case 'place':
      return (
        <div className="toolbar">
          <Select<CoordinateSystem | undefined>
            style={{ width: 130 }}
            aria-label={`${t('builder.system')}: ${label}`}
            placeholder={t('builder.system')}
            // Absent until somebody says it.
            value={rule.system as CoordinateSystem | undefined}
            popupMatchSelectWidth={false}
            options={coordinateSystems.map((value) => ({
              value,
              label: `${systemNames[value]}: ${t(`builder.systems.${value}`)}`,
            }))}
            onChange={(system) => system !== undefined && change({ ...rule, system })}
          />
          <Select<string | undefined>
            style={{ width: 130 }}
            aria-label={`${t('builder.longitude')}: ${label}`}
            placeholder={t('builder.longitude')}
            value={longitude.value}
            options={longitude.options.map((value) => ({ value, label: value }))}
            onChange={(column) => column !== undefined && longitude.change(column)}
          />
          <InputNumber
            style={{ width: 120 }}
            aria-label={`${t('propose.room.radiusMin')}: ${label}`}
            min={leastRadius / 1000}
            max={20_000}
            suffix="km"
            value={rule.radiusMin / 1000}
            onChange={(km) => km !== null && change({ ...rule, radiusMin: Math.round(km * 1000) })}
          />
          <span className="fine">{t('propose.room.placeAbout', { metres: rule.radiusMin })}</span>
        </div>
      );
    case 'key':
      return <span className="fine">{t('propose.room.keyAbout')}</span>;
  }
}

/** What reports know of a table of events has values of its own; of any other column those are offered that its owner has. */
function CategoryValues(props: {
  readonly label: string;
  readonly rule: CategoryRule;
  readonly dataset: Offered;
  readonly column: string;
  readonly change: (rule: CategoryRule) => void;
}) {
  const { label, rule, dataset, column, change } = props;
  const { t } = useTranslation();
  const { items } = useOfferedValues(dataset, column);
  return (
    <ValuesSelect
      aria-label={label}
      placeholder={t('propose.insight.valuesHint')}
      width={320}
      offered={rule.name === 'kind' ? eventKinds.map((value) => ({ value })) : items}
      values={rule.values}
      onChange={(values) => change({ ...rule, values: [...values] })}
    />
  );
}
