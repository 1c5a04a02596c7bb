import { Input, InputNumber, Select, Switch } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { en } from '../../words/en/index.ts';
import { CostsControl } from './controls/costs-control.tsx';
import { CrawlersControl } from './controls/crawlers-control.tsx';
import { DatesControl } from './controls/dates-control.tsx';
import { PeopleControl } from './controls/people-control.tsx';
import { PeriodControl } from './controls/period-control.tsx';
import { StagesControl } from './controls/stages-control.tsx';
import { dayOf, instantOf } from './days.ts';
import type { Field } from './forms/form.ts';
import type { RuleWords } from './rule/builder-tags.ts';

export interface ControlProps<Kind extends Field['kind'] = Field['kind']> {
  readonly id: string;
  readonly field: Extract<Field, { kind: Kind }>;
  readonly value: unknown;
  /** @param value undefined takes an optional part out. */
  readonly onChange: (value: unknown) => void;
  /** What rules of stages may name. */
  readonly ruleWords: RuleWords | undefined;
}

/** One part of a request: its name, the control that its kind has, and a sentence where the name does not say it all. */
export function FieldControl(props: Omit<ControlProps, 'id'>) {
  const { field } = props;
  const { t } = useTranslation();
  const id = useId();
  const { word } = field;
  const hint = Object.hasOwn(en.reports.hints, word)
    ? t(`reports.hints.${word as keyof typeof en.reports.hints}`)
    : undefined;
  const isWide = ['stages', 'costs', 'dates', 'period', 'crawlers'].includes(field.kind);
  return (
    <div className={isWide ? 'wide-field' : undefined}>
      <label className="label" htmlFor={id}>
        {t(`reports.fields.${word}`)}
      </label>
      <Control {...props} id={id} />
      {hint !== undefined && <div className="fine hint">{hint}</div>}
    </div>
  );
}

function Control(props: ControlProps) {
  const { id, field, value, onChange } = props;
  const { t } = useTranslation();
  const nameOf = useOptionName();
  switch (field.kind) {
    case 'many': {
      const chosen = ((value ?? []) as readonly (string | { readonly code: string })[]).map((one) =>
        typeof one === 'string' ? one : one.code,
      );
      return (
        <Select<string[]>
          id={id}
          mode="multiple"
          value={chosen}
          {...(field.most === undefined ? {} : { maxCount: field.most })}
          options={field.options.map((option) => ({ value: option, label: nameOf(option) }))}
          placeholder={t('reports.none_')}
          onChange={(next) => onChange(field.isOptional === true && next.length === 0 ? undefined : next)}
        />
      );
    }
    case 'one':
      return (
        <Select<string | undefined>
          id={id}
          allowClear={field.isOptional === true}
          placeholder={t('reports.none_')}
          value={value as string | undefined}
          options={field.options.map((option) => ({ value: option, label: nameOf(option) }))}
          onChange={onChange}
        />
      );
    case 'only':
      return (
        <Select<string>
          id={id}
          value={(value as readonly string[])[0] ?? null}
          options={field.options.map((option) => ({ value: option, label: option }))}
          onChange={(chosen) => onChange([chosen])}
        />
      );
    case 'pairs':
      return <PairsControl {...props} field={field} />;
    case 'number':
      return <NumberControl {...props} field={field} />;
    case 'flag':
      return <Switch id={id} checked={value === true} onChange={(isOn) => onChange(isOn ? true : undefined)} />;
    case 'name': {
      const { en: name } = value as { readonly en: string };
      return (
        <Input
          id={id}
          maxLength={100}
          defaultValue={name}
          onChange={({ target }) => target.value.trim() !== '' && onChange({ en: target.value, zh: target.value })}
        />
      );
    }
    case 'period':
      return <PeriodControl {...props} field={field} />;
    case 'dates':
      return <DatesControl {...props} field={field} />;
    case 'date':
      return (
        <Input
          id={id}
          type="date"
          value={dayOf(value as number, field.zone)}
          onChange={({ target }) => target.value !== '' && onChange(instantOf(target.value, field.zone))}
        />
      );
    case 'crawlers':
      return <CrawlersControl {...props} field={field} />;
    case 'people':
      return <PeopleControl {...props} field={field} />;
    case 'stages':
      return <StagesControl {...props} field={field} />;
    case 'costs':
      return <CostsControl {...props} field={field} />;
  }
}

/** A number in the unit that people think in: days of seconds, whole money of its smallest unit. */
function NumberControl({ id, field, value, onChange }: ControlProps<'number'>) {
  const { t } = useTranslation();
  const { min, max, each = 1, unit, currency, otherwise } = field;
  const suffix =
    unit === 'days' ? t('builder.days') : unit === 'hours' ? t('reports.hours') : unit === 'percent' ? '%' : currency;
  const least = unit === 'money' ? min / each : min;
  const most = unit === 'money' ? max / each : max;
  const put = (number: number | null) => {
    if (number === null) return field.isOptional === true ? onChange(undefined) : undefined;
    onChange(unit === 'percent' ? number / 100 : Math.round(number * each));
  };
  return (
    <InputNumber<number>
      id={id}
      className="number-field"
      min={least}
      max={most}
      precision={unit === 'money' ? Math.round(Math.log10(each)) : 0}
      suffix={suffix}
      placeholder={otherwise === undefined ? t('reports.none_') : String(otherwise)}
      value={typeof value === 'number' ? Number((value / each).toFixed(6)) : null}
      onChange={put}
    />
  );
}

function PairsControl({ id, field, value, onChange }: ControlProps<'pairs'>) {
  const { t } = useTranslation();
  const pairs = field.of.flatMap((first, i) => field.of.slice(i + 1).map((second) => [first, second] as const));
  const key = (pair: readonly string[]) => JSON.stringify(pair);
  return (
    <Select<string[]>
      id={id}
      mode="multiple"
      maxCount={10}
      placeholder={t('reports.none_')}
      value={(value as readonly (readonly string[])[]).map(key)}
      options={pairs.map((pair) => ({ value: key(pair), label: pair.join(' × ') }))}
      onChange={(chosen) => onChange(chosen.map((pair) => JSON.parse(pair)))}
    />
  );
}

/** Words where an option is ours; what owners declared stays as it is. */
function useOptionName(): (option: string) => string {
  const { t } = useTranslation();
  return (option) =>
    Object.hasOwn(en.reports.options, option)
      ? t(`reports.options.${option as keyof typeof en.reports.options}`)
      : option;
}
