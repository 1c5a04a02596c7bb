import { Checkbox, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ColumnRule } from './room-draft.ts';

type Numeric = Extract<ColumnRule, { type: 'integer' | 'money' }>;

/** The rest of a column's rule: what may be done with it, how finely, how much of one person counts, and below which size nothing of it is told. */
export function ColumnRights(props: {
  readonly label: string;
  readonly rule: ColumnRule;
  readonly isActivated: boolean;
  readonly change: (rule: ColumnRule) => void;
}) {
  const { t } = useTranslation();
  const { label, rule, isActivated, change } = props;
  const isAskable = rule.type !== 'key';
  return (
    <fieldset className="column-rights">
      <legend className="unseen">{t('propose.room.rightsOf', { column: label })}</legend>
      <div className="toolbar">
        {'group' in rule && (
          <Checkbox checked={rule.group} onChange={({ target }) => change({ ...rule, group: target.checked })}>
            {t('propose.room.mayGroup')}
          </Checkbox>
        )}
        {isAskable && (
          <Checkbox checked={rule.filter !== 'no'} onChange={({ target }) => change(withFilter(rule, target.checked))}>
            {t('propose.room.mayFilter')}
          </Checkbox>
        )}
        {'isNullable' in rule && (
          <Checkbox
            checked={rule.isNullable}
            onChange={({ target }) => change({ ...rule, isNullable: target.checked })}
          >
            {t('propose.room.mayMiss')}
          </Checkbox>
        )}
        {isActivated && isAskable && (
          <Checkbox
            checked={rule.select !== false}
            onChange={({ target }) => change({ ...rule, select: target.checked })}
          >
            {t('propose.room.maySelect')}
          </Checkbox>
        )}
      </div>
      <div className="toolbar">
        {(rule.type === 'integer' || rule.type === 'money') && (
          <NumericRights label={label} rule={rule} change={change} />
        )}
        {rule.type === 'time' && (
          <span className="rule-range">
            {t('propose.room.grid')}
            <Select
              aria-label={`${t('propose.room.grid')}: ${label}`}
              style={{ width: 110 }}
              value={rule.grid}
              options={(['day', 'hour', 'minute', 'second'] as const).map((value) => ({
                value,
                label: t(`propose.room.grids.${value}`),
              }))}
              onChange={(grid) => change({ ...rule, grid })}
            />
          </span>
        )}
        {rule.perPerson !== undefined && (
          <NumberIn
            label={t('propose.room.perPerson')}
            of={label}
            min={1}
            max={10_000}
            value={rule.perPerson.rows}
            change={(rows) => change({ ...rule, perPerson: { rows, groups: rows } })}
          />
        )}
        <NumberIn
          label={t('propose.minimumGroup')}
          of={label}
          min={2}
          max={1_000_000}
          value={rule.k}
          change={(k) => change({ ...rule, k })}
        />
      </div>
    </fieldset>
  );
}

/** Which figures may be made of numbers, on what grid limits lie, and what one person adds at most. */
function NumericRights(props: {
  readonly label: string;
  readonly rule: Numeric;
  readonly change: (rule: ColumnRule) => void;
}) {
  const { t } = useTranslation();
  const { label, rule, change } = props;
  return (
    <>
      <span className="rule-range">
        {t('propose.room.aggregates')}
        <Select<Numeric['aggregates']>
          mode="multiple"
          aria-label={`${t('propose.room.aggregates')}: ${label}`}
          style={{ minWidth: 170 }}
          value={[...rule.aggregates]}
          options={(['sum', 'mean', 'variance'] as const).map((value) => ({
            value,
            label: t(`questions.uses.${value}`),
          }))}
          onChange={(aggregates) => change({ ...rule, aggregates })}
        />
      </span>
      <NumberIn
        label={t('propose.room.grid')}
        of={label}
        min={1}
        max={Math.max(1, rule.max - rule.min)}
        value={rule.grid}
        change={(grid) => change({ ...rule, grid })}
      />
      {rule.clip !== undefined && (
        <NumberIn
          label={t('propose.room.clip')}
          of={label}
          min={Math.max(1, rule.clip.low)}
          max={Number.MAX_SAFE_INTEGER}
          value={rule.clip.high}
          change={(high) => change({ ...rule, clip: { low: rule.clip!.low, high } })}
        />
      )}
    </>
  );
}

function NumberIn(props: {
  readonly label: string;
  readonly of: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly change: (value: number) => void;
}) {
  const { label, of, min, max, value, change } = props;
  return (
    <span className="rule-range">
      {label}
      <InputNumber
        aria-label={`${label}: ${of}`}
        min={min}
        max={max}
        precision={0}
        value={value}
        onChange={(number) => number !== null && change(number)}
      />
    </span>
  );
}

/** Each type has its own word for what conditions may say. */
function withFilter(rule: Exclude<ColumnRule, { type: 'key' }>, may: boolean): ColumnRule {
  switch (rule.type) {
    case 'category':
      return { ...rule, filter: may ? 'declared' : 'no' };
    case 'place':
      return { ...rule, filter: may ? 'within' : 'no' };
    case 'integer':
    case 'money':
    case 'time':
      return { ...rule, filter: may ? 'range' : 'no' };
  }
}
