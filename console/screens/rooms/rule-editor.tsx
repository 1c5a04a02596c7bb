import { CloseOutlined } from '@ant-design/icons';
import { Button, InputNumber, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useOrganisationName } from '../../show/organisations.tsx';
import type { BuilderTag } from './builder-tags.ts';
import { type ConditionDraft, changed, type Draft, type GroupDraft, newCondition, newGroup } from './rule-draft.ts';

interface Editing {
  readonly tags: readonly BuilderTag[];
  readonly change: (id: number, change: (part: Draft) => Draft | undefined) => void;
}

/** Groups within groups of conditions: all of these, any of these, none of these. */
export function RuleEditor(props: {
  readonly draft: GroupDraft;
  readonly tags: readonly BuilderTag[];
  readonly onChange: (draft: GroupDraft) => void;
}) {
  const { draft, tags, onChange } = props;
  return (
    <Group group={draft} isOutermost editing={{ tags, change: (id, change) => onChange(changed(draft, id, change)) }} />
  );
}

function Group(props: { readonly group: GroupDraft; readonly isOutermost?: true; readonly editing: Editing }) {
  const { group, isOutermost, editing } = props;
  const { id, join, isNot, parts } = group;
  const { t } = useTranslation();
  const set = (change: Partial<GroupDraft>) =>
    editing.change(id, (part) => (part.kind === 'group' ? { ...part, ...change } : part));
  const mode = isNot ? 'none' : join;
  return (
    <fieldset className="rule-group">
      <legend className="unseen">{t(`builder.join.${mode}`)}</legend>
      <div className="toolbar">
        <Segmented<typeof mode>
          size="small"
          aria-label={t('builder.joined')}
          value={mode}
          options={(['all', 'any', 'none'] as const).map((value) => ({ value, label: t(`builder.join.${value}`) }))}
          onChange={(value) => set({ join: value === 'all' ? 'all' : 'any', isNot: value === 'none' })}
        />
        {isOutermost !== true && (
          <Remove label={t('builder.removeGroup')} remove={() => editing.change(id, () => undefined)} />
        )}
      </div>
      {parts.map((part) =>
        part.kind === 'group' ? (
          <Group key={part.id} group={part} editing={editing} />
        ) : (
          <Condition key={part.id} condition={part} editing={editing} />
        ),
      )}
      <div className="toolbar">
        <Button size="small" onClick={() => set({ parts: [...parts, newCondition()] })}>
          {t('builder.addCondition')}
        </Button>
        <Button size="small" type="text" onClick={() => set({ parts: [...parts, newGroup([newCondition()])] })}>
          {t('builder.addGroup')}
        </Button>
      </div>
    </fieldset>
  );
}

function Condition({ condition, editing }: { readonly condition: ConditionDraft; readonly editing: Editing }) {
  const { t } = useTranslation();
  const nameOf = useOrganisationName();
  const { id, isNot, tag: name, values } = condition;
  const tag = editing.tags.find((one) => one.name === name);
  const set = (change: (part: ConditionDraft) => ConditionDraft) =>
    editing.change(id, (part) => (part.kind === 'condition' ? change(part) : part));
  const owners = Map.groupBy(editing.tags, ({ owner }) => owner);
  return (
    <div className="rule-condition">
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
          set((part) => ({ id: part.id, kind: 'condition', isNot: part.isNot, tag: chosen, values: [] }))
        }
      />
      <Segmented<'is' | 'not'>
        size="small"
        aria-label={t('builder.isOrNot')}
        value={isNot ? 'not' : 'is'}
        options={[
          { value: 'is', label: t('builder.is') },
          { value: 'not', label: t('builder.isNot') },
        ]}
        onChange={(value) => set((part) => ({ ...part, isNot: value === 'not' }))}
      />
      {tag?.kind.kind === 'category' && (
        <Select<string[]>
          mode="multiple"
          aria-label={t('builder.values', { tag: tag.label })}
          placeholder={t('builder.anyOf')}
          className="rule-values"
          value={[...values]}
          options={tag.kind.values.map((value) => ({ value, label: value }))}
          onChange={(chosen) => set((part) => ({ ...part, values: chosen }))}
        />
      )}
      {tag?.kind.kind === 'number' && <Range condition={condition} bounds={tag.kind} set={set} label={tag.label} />}
      <Remove label={t('builder.removeCondition')} remove={() => editing.change(id, () => undefined)} />
    </div>
  );
}

function Range(props: {
  readonly condition: ConditionDraft;
  readonly bounds: Extract<BuilderTag['kind'], { readonly kind: 'number' }>;
  readonly set: (change: (part: ConditionDraft) => ConditionDraft) => void;
  readonly label: string;
}) {
  const { condition, bounds, set, label } = props;
  const { t } = useTranslation();
  const { min, max, grid } = bounds;
  // Owners let numbers be told apart on a grid: a range begins on it and ends one before it.
  const onGrid = (value: number) => min + Math.round((value - min) / grid) * grid;
  const bound = (end: 'from' | 'to', value: number | null) =>
    set(({ [end]: _, ...part }) => {
      if (value === null) return part;
      return { ...part, [end]: end === 'from' ? onGrid(value) : Math.min(max, onGrid(value + 1) - 1) };
    });
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

function Remove({ label, remove }: { readonly label: string; readonly remove: () => void }) {
  return <Button type="text" size="small" icon={<CloseOutlined />} aria-label={label} onClick={remove} />;
}
