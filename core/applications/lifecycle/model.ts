/**
 * Stages of people, lowest first: somebody is at the highest stage whose rule holds, and outside where none does. Three models that marketers know
 * come with rules that fit events alone; each is a starting point to be changed.
 */
import type { EventCondition, Rule, RuleContext } from '../select/index.ts';
import { checkRule } from '../select/index.ts';
import type { Words } from '../words.ts';

export interface Stage {
  readonly name: string;
  readonly words: Words;
  readonly rule: Rule;
}

export interface StageModel {
  readonly name: string;
  /** 1 to 12, lowest first. */
  readonly stages: readonly Stage[];
}

const stagesMax = 12;

/** @returns the model with its rules checked. @throws {RuleError}; {RangeError} for no stages, too many, or two of one name. */
export function checkModel(
  model: { readonly name: string; readonly stages: readonly (Omit<Stage, 'rule'> & { readonly rule: unknown })[] },
  context: RuleContext,
): StageModel {
  const { stages } = model;
  if (stages.length < 1 || stages.length > stagesMax) {
    throw new RangeError(`stages: expected 1 to ${stagesMax}, got ${stages.length}`);
  }
  if (new Set(stages.map(({ name }) => name)).size !== stages.length)
    throw new RangeError('stages: each name stands once');
  return { ...model, stages: stages.map((stage) => ({ ...stage, rule: checkRule(stage.rule, context) })) };
}

const within = (kind: EventCondition['kind'], withinDays: number, from = 1): Rule => ({
  event: { kind, withinDays, times: { from } },
});
/** Holds for everybody among the people. */
const everybody: Rule = { event: { kind: 'exposure', withinDays: 0, times: { from: 0 } } };

const r: StageModel = {
  name: 'R0–R5',
  stages: [
    { name: 'R0', words: { en: 'could be reached', zh: '机会' }, rule: everybody },
    { name: 'R1', words: { en: 'reached', zh: '触达' }, rule: within('exposure', 90) },
    { name: 'R2', words: { en: 'responded', zh: '回应' }, rule: within('click', 90) },
    { name: 'R3', words: { en: 'resonated', zh: '共鸣' }, rule: within('visit', 90, 2) },
    { name: 'R4', words: { en: 'bought', zh: '行动' }, rule: within('order', 365) },
    { name: 'R5', words: { en: 'rely on it', zh: '信赖' }, rule: within('order', 365, 2) },
  ],
};

const aipl: StageModel = {
  name: 'AIPL',
  stages: [
    { name: 'A', words: { en: 'aware', zh: '认知' }, rule: { any: [within('exposure', 15), within('click', 15)] } },
    {
      name: 'I',
      words: { en: 'interested', zh: '兴趣' },
      rule: { any: [within('click', 15, 2), within('visit', 15)] },
    },
    { name: 'P', words: { en: 'bought', zh: '购买' }, rule: within('order', 730) },
    { name: 'L', words: { en: 'loyal', zh: '忠诚' }, rule: within('order', 365, 2) },
  ],
};

const fiveA: StageModel = {
  name: '5A',
  stages: [
    { name: 'A1', words: { en: 'aware', zh: '了解' }, rule: within('exposure', 30) },
    { name: 'A2', words: { en: 'appealed', zh: '吸引' }, rule: within('exposure', 30, 3) },
    { name: 'A3', words: { en: 'asked', zh: '问询' }, rule: { any: [within('click', 30), within('visit', 30)] } },
    { name: 'A4', words: { en: 'acted', zh: '行动' }, rule: within('order', 365) },
    { name: 'A5', words: { en: 'advocate', zh: '拥护' }, rule: within('order', 365, 3) },
  ],
};

export const models = { r, aipl, '5a': fiveA } as const;
