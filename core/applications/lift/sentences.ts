/** A lift in words: what was caused and how surely, or that nothing can be said; attribution's figure apart from it. */
import { moneyText } from '../events/index.ts';
import { fixed, notEnoughData, percentText, rangeText } from '../report/index.ts';
import type { Words } from '../words.ts';
import type { LiftCells, LiftReport } from './report.ts';

export function liftWords(report: Omit<LiftReport, 'words'>, cells: LiftCells): Words[] {
  const { effect, assignment } = report;
  if (effect === undefined) return [{ en: `Effect: ${notEnoughData.en}.`, zh: `效果：${notEnoughData.zh}。` }];
  return [
    rates(effect),
    ...(assignment === 'random' ? causes(effect) : [observedWarning]),
    ...(assignment === 'random' ? valueWords(report, cells) : []),
    ...(report.sampleRatio?.suspicious ? [lostPeople(report.sampleRatio.p)] : []),
    ...creditedWords(cells),
  ];
}

type Effect = NonNullable<LiftReport['effect']>;

function rates({ rates: { treated, control }, difference, interval }: Effect): Words {
  const points = `${fixed(100 * difference, 2)} points (${rangeText(interval, 2, 100)})`;
  return {
    en: `${percentText(treated, 2)} of the treated and ${percentText(control, 2)} of the control group ordered: a difference of ${points}.`,
    zh: `实验组下单率 ${percentText(treated, 2)}，对照组 ${percentText(control, 2)}：相差 ${fixed(100 * difference, 2)} 个百分点（${rangeText(interval, 2, 100)}）。`,
  };
}

function causes({ incremental, incrementalInterval, relative, distinguishable }: Effect): Words[] {
  if (!distinguishable) {
    return [
      {
        en: 'The effect is not distinguishable from none.',
        zh: '效果与零无法区分。',
      },
    ];
  }
  const percent = relative === undefined ? '' : signed(100 * relative.value);
  const range = relative === undefined ? '' : rangeText(relative.interval, 1, 100);
  return [
    {
      en: `The campaign caused ${fixed(incremental, 0)} buyers (${rangeText(incrementalInterval, 0)})${relative === undefined ? '' : `, ${percent} % (${range})`}.`,
      zh: `活动带来的增量买家为 ${fixed(incremental, 0)} 人（${rangeText(incrementalInterval, 0)}）${relative === undefined ? '' : `，${percent}%（${range}）`}。`,
    },
  ];
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${fixed(value, 0)}`;
}

const observedWarning: Words = {
  en: 'The groups were not assigned at random: their difference is no effect of the campaign, for they differed before it.',
  zh: '两组并非随机分配：它们在活动之前就不同，差异不能视为活动的效果。',
};

function valueWords({ value }: Omit<LiftReport, 'words'>, { currency }: LiftCells): Words[] {
  if (value === undefined || currency === undefined) return [];
  const text = (units: number) => moneyText({ ...currency, units });
  const { incremental, incrementalInterval: range } = value;
  return [
    {
      en: `Incremental value: ${text(incremental)} (${text(range.low)} to ${text(range.high)}).`,
      zh: `增量金额：${text(incremental)}（${text(range.low)} 至 ${text(range.high)}）。`,
    },
  ];
}

function lostPeople(p: number): Words {
  return {
    en: `The groups do not have the planned sizes (p = ${p.toExponential(1)}): people were lost unevenly, and the effect cannot be trusted.`,
    zh: `两组人数与计划不符（p = ${p.toExponential(1)}）：人员流失不均，效果不可信。`,
  };
}

function creditedWords({ credited }: LiftCells): Words[] {
  if (credited === undefined) return [];
  const { model, orders, interval } = credited;
  return [
    {
      en: `Apart from this, ${model.en} credits ${fixed(orders, 1)} orders (${rangeText(interval, 1)}) to the campaign: it shares out orders that happened, and does not say what caused them.`,
      zh: `另外，${model.zh}将 ${fixed(orders, 1)} 个订单（${rangeText(interval, 1)}）归于该活动：它只分配已发生的订单，不说明因果。`,
    },
  ];
}
