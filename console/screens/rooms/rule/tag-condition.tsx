import { InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOrganisationName } from '../../../show/organisations.tsx';
import type { BuilderTag } from './builder-tags.ts';
import { NotSwitch } from './not-switch.tsx';
import type { TagDraft } from './rule-draft.ts';
import type { ConditionProps } from './rule-editor.tsx';

/** A tag of somebody, and which values or numbers of it count. */
export function TagCondition({ condition, words, onChange }: ConditionProps<'tag'>) {
  const { t } = useTranslation();
  const nameOf = useOrganisationName();
  const { tag: name, values } = condition;
  const tag = words.tags.find((one) => one.name === name);
  const owners = Map.groupBy(words.tags, ({ owner }) => owner);
  return (
    <>
      <Select<string>
        aria-label={t('builder.tag')}
        placeholder={t('builder.tag')}
        className="rule-tag"
        value={name ?? null}
        showSearch
        options={[...owners].map(([owner, tags]) => ({
          label: nameOf(owner),
          options: tags.map((one) => ({ value: one.name, label: one.label })),
        }))}
        onChange={(chosen) =>
          onChange({ id: condition.id, kind: 'tag', isNot: condition.isNot, tag: chosen, values: [] })
        }
      />
      <NotSwitch verb="is" isNot={condition.isNot} onChange={(isNot) => onChange({ ...condition, isNot })} />
      {tag?.kind.kind === 'category' && (
        <Select<string[]>
          mode="multiple"
          aria-label={t('builder.values', { tag: tag.label })}
          placeholder={t('builder.anyOf')}
          className="rule-values"
          value={[...values]}
          options={tag.kind.values.map((value) => ({ value, label: value }))}
          onChange={(chosen) => onChange({ ...condition, values: chosen })}
        />
      )}
      {tag?.kind.kind === 'number' && (
        <Range condition={condition} bounds={tag.kind} onChange={onChange} label={tag.label} />
      )}
    </>
  );
}

function Range(props: {
  readonly condition: TagDraft;
  readonly bounds: Extract<BuilderTag['kind'], { readonly kind: 'number' }>;
  readonly onChange: (condition: TagDraft) => void;
  readonly label: string;
}) {
  const { condition, bounds, onChange, label } = props;
  const { t } = useTranslation();
  const { min, max, grid } = bounds;
  // Owners let numbers be told apart on a grid: a range begins on it and ends one before it.
  const onGrid = (value: number) => min + Math.round((value - min) / grid) * grid;
  const bound = (end: 'from' | 'to', value: number | null) => {
    const { [end]: _, ...rest } = condition;
    if (value === null) return onChange(rest);
    onChange({ ...rest, [end]: end === 'from' ? onGrid(value) : Math.min(max, onGrid(value + 1) - 1) });
  };
  return (
    <span className="rule-range">
      <InputNumber
        aria-label={t('builder.from', { tag: label })}
        placeholder={String(min)}
        min={min}
        max={max}
        step={grid}
        value={condition.from ?? null}
        onChange={(value) => bound('from', value)}
        changeOnBlur
      />
      –
      <InputNumber
        aria-label={t('builder.to', { tag: label })}
        placeholder={String(max)}
        min={min}
        max={max}
        step={grid}
        value={condition.to ?? null}
        onChange={(value) => bound('to', value)}
        changeOnBlur
      />
    </span>
  );
}
