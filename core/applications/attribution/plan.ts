/** The numbers that an attribution takes, and how far one person can move them. */
import type { PlannedTable, ReportPlan } from '../report/index.ts';
import { type AttributionModel, ruleModels } from './settings.ts';

export interface AttributionShape {
  readonly channels: number;
  readonly models: readonly AttributionModel[];
  /** Orders of one person that count, at most: M. */
  readonly ordersMax: number;
  /** Units up to which an order's value counts; 0 where no value is asked for. */
  readonly valueMax: number;
  /** Touches of the longest path that is kept: T. */
  readonly pathLengthMax: number;
}

/**
 * A rule model shares each order out, so a person moves its credits by M. Transitions are far dearer: a person makes up to M(T + 1) of them. Sets of
 * channels move by M, so Shapley costs what a rule does.
 */
export function planAttribution(shape: AttributionShape): ReportPlan {
  const { models, ordersMax, valueMax, channels } = shape;
  const orders: PlannedTable = {
    name: 'orders',
    numbers: 2,
    sensitivity: ordersMax,
    words: { en: 'how many orders there were, with and without a touch', zh: '有触点和无触点的订单数' },
  };
  const values: PlannedTable = {
    name: 'value',
    numbers: channels + 1,
    sensitivity: ordersMax * valueMax,
    words: { en: 'what the orders of each channel were worth', zh: '各渠道订单的金额' },
  };
  return {
    report: 'attribution',
    tables: [orders, ...models.flatMap((model) => tablesOf(model, shape)), ...(valueMax === 0 ? [] : [values])],
  };
}

function tablesOf(model: AttributionModel, { channels, ordersMax, pathLengthMax }: AttributionShape): PlannedTable[] {
  if (ruleModels.some((rule) => rule === model)) {
    return [
      {
        name: model,
        numbers: channels,
        sensitivity: ordersMax,
        words: {
          en: `how many orders each channel is credited with by the model ${model}`,
          zh: `${model} 模型下各渠道的订单数`,
        },
      },
    ];
  }
  if (model === 'shapley' || model === 'shapley-rate') {
    // A set of channels is a cell: those that occur, of all that could.
    const sets = Math.min(2 ** channels - 1, 4_096);
    const table = (name: string, words: PlannedTable['words'], sensitivity: number): PlannedTable => ({
      name,
      numbers: sets,
      sensitivity,
      words,
    });
    return [
      table(
        `${model}: orders`,
        { en: 'how many orders each set of channels has', zh: '各渠道组合的订单数' },
        ordersMax,
      ),
      ...(model === 'shapley'
        ? []
        : [
            table(
              `${model}: people`,
              { en: 'how many people each set of channels touched', zh: '各渠道组合触达的人数' },
              1,
            ),
          ]),
    ];
  }
  const remembered = Number(model.slice(-1));
  const states = Array.from({ length: remembered }, (_, i) => channels ** (i + 1)).reduce(
    (sum, count) => sum + count,
    1,
  );
  return [
    {
      name: `${model}: transitions`,
      numbers: states * (channels + 2),
      sensitivity: ordersMax * (pathLengthMax + 1),
      words: {
        en: `how often people went from one channel to another (${model})`,
        zh: `各渠道之间的转移次数（${model}）`,
      },
    },
  ];
}
