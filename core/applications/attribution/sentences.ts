/** A table of an attribution in words. */
import { moneyText } from '../events/index.ts';
import { fixed, rangeText } from '../report/index.ts';
import { grouped, type Words } from '../words.ts';
import type { Dimension } from './journey-batch.ts';
import type { AttributionRow, AttributionTable, MoneyRow } from './report.ts';
import type { AttributionModel } from './settings.ts';

export const modelNames: Readonly<Record<AttributionModel, Words>> = {
  first: { en: 'first touch', zh: '首次触点' },
  last: { en: 'last touch', zh: '末次触点' },
  linear: { en: 'linear', zh: '线性' },
  position: { en: 'position 40-20-40', zh: '位置 40-20-40' },
  decay: { en: 'time decay', zh: '时间衰减' },
  'markov-1': { en: 'Markov of order 1', zh: '一阶马尔可夫' },
  'markov-2': { en: 'Markov of order 2', zh: '二阶马尔可夫' },
  'markov-3': { en: 'Markov of order 3', zh: '三阶马尔可夫' },
  shapley: { en: 'Shapley of orders', zh: 'Shapley（订单）' },
  'shapley-rate': { en: 'Shapley of rates', zh: 'Shapley（转化率）' },
};

const dimensionNames: Readonly<Record<Dimension, Words>> = {
  channel: { en: 'channel', zh: '渠道' },
  campaign: { en: 'campaign', zh: '活动' },
  creative: { en: 'creative', zh: '创意' },
  audience: { en: 'audience', zh: '人群' },
};

/** Rows that are put in words. */
const toldMax = 5;

export function tableWords(table: Omit<AttributionTable, 'words'>): Words[] {
  const [model, dimension] = [modelNames[table.model], dimensionNames[table.dimension]];
  const told = [...table.rows]
    .filter(({ orders }) => orders !== undefined)
    .sort((a, b) => b.orders! - a.orders!)
    .slice(0, toldMax);
  return [
    { en: `By ${dimension.en}, ${model.en}:`, zh: `按${dimension.zh}，${model.zh}：` },
    ...told.map(rowWords),
    ...untouchedWords(table.untouched),
    ...noiseWords(table),
    ...boundWords(table.bound),
  ];
}

function rowWords({ unit, orders, interval, money }: AttributionRow): Words {
  const range = interval === undefined ? '' : rangeText(interval, 1);
  const parts = money.map(moneyWords);
  const name = unit === '' ? { en: '(none)', zh: '（无）' } : { en: unit, zh: unit };
  return {
    en: `${name.en}: ${fixed(orders!, 1)} orders${range === '' ? '' : ` (${range})`}${parts.map(({ en }) => en).join('')}.`,
    zh: `${name.zh}：${fixed(orders!, 1)} 个订单${range === '' ? '' : `（${range}）`}${parts.map(({ zh }) => zh).join('')}。`,
  };
}

function moneyWords({ currency, digits, value, cost, costPerOrder, roi }: MoneyRow): Words {
  const text = (units: number) => moneyText({ units, currency, digits });
  const parts: Words[] = [];
  if (value !== undefined) parts.push({ en: `value ${text(value)}`, zh: `金额 ${text(value)}` });
  if (cost !== undefined) parts.push({ en: `cost ${text(cost)}`, zh: `花费 ${text(cost)}` });
  if (costPerOrder === 'no orders') parts.push({ en: 'CPO: no orders', zh: 'CPO：无订单' });
  else if (costPerOrder !== undefined) parts.push({ en: `CPO ${text(costPerOrder)}`, zh: `CPO ${text(costPerOrder)}` });
  if (roi === 'no cost') parts.push({ en: 'ROI: no cost', zh: 'ROI：无花费' });
  else if (roi !== undefined) parts.push({ en: `ROI ${fixed(roi, 1)}`, zh: `ROI ${fixed(roi, 1)}` });
  return { en: parts.map(({ en }) => `, ${en}`).join(''), zh: parts.map(({ zh }) => `，${zh}`).join('') };
}

function untouchedWords(untouched: number | undefined): Words[] {
  if (untouched === undefined) return [];
  return [
    { en: `No touch before: ${fixed(untouched, 0)} orders.`, zh: `之前没有触点：${fixed(untouched, 0)} 个订单。` },
  ];
}

function noiseWords({ withinNoise, dimension }: Omit<AttributionTable, 'words'>): Words[] {
  const { en, zh } = dimensionNames[dimension];
  if (withinNoise.orders) {
    return [{ en: `Differences between ${en}s are within noise.`, zh: `各${zh}之间的差异在噪声范围内。` }];
  }
  if (!withinNoise.expected) return [];
  return [
    {
      en: `Orders follow the share of touches: how the ${en}s differ beyond that is within noise.`,
      zh: `订单与触点占比一致：各${zh}在此之外的差异在噪声范围内。`,
    },
  ];
}

function boundWords(bound: AttributionTable['bound']): Words[] {
  if (bound === undefined) return [];
  const { error, failure, permutations } = bound;
  return [
    {
      en: `From ${grouped(permutations)} sampled permutations: with probability ${1 - failure} no value is off by more than ${error} orders per person.`,
      zh: `根据 ${grouped(permutations)} 个抽样排列：以 ${1 - failure} 的概率，每个取值的误差不超过每人 ${error} 个订单。`,
    },
  ];
}
