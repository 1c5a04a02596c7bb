import { CloseOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RuleWords } from './builder-tags.ts';
import { EventCondition } from './event-condition.tsx';
import { ListCondition } from './list-condition.tsx';
import { PlaceCondition } from './place-condition.tsx';
import {
  type ConditionDraft,
  changed,
  type Draft,
  type GroupDraft,
  newCondition,
  newEvent,
  newGroup,
  newList,
  newPlace,
} from './rule-draft.ts';
import { TagCondition } from './tag-condition.tsx';

interface Editing {
  readonly words: RuleWords;
  readonly change: (id: number, change: (part: Draft) => Draft | undefined) => void;
}

/** Groups within groups of conditions: all of these, any of these, none of these. */
export function RuleEditor(props: {
  readonly draft: GroupDraft;
  readonly words: RuleWords;
  readonly onChange: (draft: GroupDraft) => void;
}) {
  const { draft, words, onChange } = props;
  const change: Editing['change'] = (id, one) => onChange(changed(draft, id, one));
  return <Group group={draft} isOutermost editing={{ words, change }} />;
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
      <Adding words={editing.words} add={(part) => set({ parts: [...parts, part] })} />
    </fieldset>
  );
}

/** What can be added, as far as the room has anything of that kind. */
function Adding(props: { readonly words: RuleWords; readonly add: (part: Draft) => void }) {
  const { add } = props;
  const { events, places, lists } = props.words;
  const { t } = useTranslation();
  const [kind] = events.kinds;
  const [place] = places;
  return (
    <div className="toolbar">
      <Button size="small" onClick={() => add(newCondition())}>
        {t('builder.addCondition')}
      </Button>
      {kind !== undefined && (
        <Button size="small" onClick={() => add(newEvent(kind))}>
          {t('builder.addEvent')}
        </Button>
      )}
      {place?.kind.kind === 'place' && (
        <Button size="small" onClick={() => add(newPlace(place.name, (place.kind as { radiusMin: number }).radiusMin))}>
          {t('builder.addPlace')}
        </Button>
      )}
      {lists.length > 0 && (
        <Button size="small" onClick={() => add(newList())}>
          {t('builder.addList')}
        </Button>
      )}
      <Button size="small" type="text" onClick={() => add(newGroup([newCondition()]))}>
        {t('builder.addGroup')}
      </Button>
    </div>
  );
}

/** What every kind of condition is given. */
export interface ConditionProps<Kind extends ConditionDraft['kind']> {
  readonly condition: Extract<ConditionDraft, { kind: Kind }>;
  readonly words: RuleWords;
  readonly onChange: (condition: Extract<ConditionDraft, { kind: Kind }>) => void;
}

function Condition({ condition, editing }: { readonly condition: ConditionDraft; readonly editing: Editing }) {
  const { t } = useTranslation();
  const { words } = editing;
  const { id } = condition;
  const onChange = (changed: ConditionDraft) => editing.change(id, () => changed);
  return (
    <div className="rule-condition">
      <ConditionBody condition={condition} words={words} onChange={onChange} />
      <Remove label={t('builder.removeCondition')} remove={() => editing.change(id, () => undefined)} />
    </div>
  );
}

function ConditionBody(props: {
  readonly condition: ConditionDraft;
  readonly words: RuleWords;
  readonly onChange: (condition: ConditionDraft) => void;
}) {
  const { condition, ...rest } = props;
  switch (condition.kind) {
    case 'tag':
      return <TagCondition condition={condition} {...rest} />;
    case 'event':
      return <EventCondition condition={condition} {...rest} />;
    case 'place':
      return <PlaceCondition condition={condition} {...rest} />;
    case 'list':
      return <ListCondition condition={condition} {...rest} />;
  }
}

function Remove({ label, remove }: { readonly label: string; readonly remove: () => void }) {
  return (
    <Button
      type="text"
      size="small"
      className="rule-remove"
      icon={<CloseOutlined />}
      aria-label={label}
      onClick={remove}
    />
  );
}
