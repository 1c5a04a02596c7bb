import { CloseOutlined } from '@ant-design/icons';
import { models, type Stage } from '@causeway/core/applications/lifecycle';
import type { Rule } from '@causeway/core/applications/select';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../../app/preferences.ts';
import type { en } from '../../../words/en/index.ts';
import type { ControlProps } from '../field-control.tsx';
import type { RuleWords } from '../rule/builder-tags.ts';
import { type GroupDraft, groupOf, newCondition, newGroup, ruleOf } from '../rule/rule-draft.ts';
import { RuleEditor } from '../rule/rule-editor.tsx';

type Known = keyof typeof models;
type Model = Known | { readonly name: string; readonly stages: readonly Stage[] };

const stagesMax = 12;
const own = 'own';

/** A model that marketers know as it is, or its stages changed one by one: each a rule, and somebody is at the highest that holds. */
export function StagesControl({ id, field, value, onChange, ruleWords }: ControlProps<'stages'>) {
  const { t } = useTranslation();
  const model = value as Model;
  const isKnown = typeof model === 'string';
  const start = (name: Known) => ({ name: models[name].name, stages: models[name].stages });
  return (
    <span className="people-field">
      <Select<string>
        id={id}
        value={isKnown ? model : own}
        options={[
          ...field.options.map((option) => ({
            value: option,
            label: t(`reports.options.${option as keyof typeof en.reports.options}`),
          })),
          { value: own, label: t('reports.ownStages') },
        ]}
        onChange={(chosen) => onChange(chosen === own ? start(isKnown ? model : 'aipl') : chosen)}
      />
      {!isKnown && ruleWords !== undefined && (
        <Stages key={model.name} model={model} words={ruleWords} onChange={onChange} />
      )}
    </span>
  );
}

interface StageDraft {
  readonly name: string;
  readonly words: Stage['words'];
  readonly draft: GroupDraft;
}

/** Stages while they are written: those whose rule is unfinished are told from here, and the report waits for them. */
function Stages(props: {
  readonly model: Exclude<Model, string>;
  readonly words: RuleWords;
  readonly onChange: (value: unknown) => void;
}) {
  const { model, words, onChange } = props;
  const { t } = useTranslation();
  const { language } = usePreferences();
  const [stages, setStages] = useState<readonly StageDraft[]>(() =>
    model.stages.map(({ rule, ...stage }) => ({ ...stage, draft: groupOf(rule) })),
  );
  const put = (changed: readonly StageDraft[]) => {
    setStages(changed);
    const rules = changed.map(({ draft }) => ruleOf(draft));
    // Nothing is asked while a rule is unfinished.
    onChange({
      name: model.name,
      stages: rules.every((rule): rule is Rule => rule !== undefined)
        ? changed.map(({ name, words: said }, i) => ({ name, words: said, rule: rules[i] }))
        : [],
    });
  };
  const set = (at: number, change: Partial<StageDraft>) =>
    put(stages.map((stage, i) => (i === at ? { ...stage, ...change } : stage)));
  return (
    <ol className="stage-list plain-list">
      {stages.map(({ name, words: said, draft }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stage is its place among the stages
        <li key={i}>
          <div className="toolbar">
            <Input
              aria-label={t('reports.stage', { number: i + 1 })}
              value={name}
              maxLength={20}
              className="stage-name"
              onChange={({ target }) => target.value !== '' && set(i, { name: target.value })}
            />
            <Input
              aria-label={t('reports.stageWords', { stage: name })}
              value={said[language]}
              maxLength={100}
              className="stage-words"
              onChange={({ target }) => target.value !== '' && set(i, { words: { ...said, [language]: target.value } })}
            />
            {stages.length > 1 && (
              <Button
                type="text"
                size="small"
                icon={<CloseOutlined />}
                aria-label={t('reports.removeStage', { stage: name })}
                onClick={() => put(stages.filter((_, one) => one !== i))}
              />
            )}
          </div>
          <RuleEditor draft={draft} words={words} onChange={(changed) => set(i, { draft: changed })} />
        </li>
      ))}
      {stages.length < stagesMax && (
        <li>
          <Button
            size="small"
            onClick={() => {
              const name = `S${stages.length + 1}`;
              put([...stages, { name, words: { en: name, zh: name }, draft: newGroup([newCondition()]) }]);
            }}
          >
            {t('reports.addStage')}
          </Button>
        </li>
      )}
    </ol>
  );
}
