/** What an attribution left out or cut, so that nobody has to find it missing. */
import { grouped, type Words } from '../words.ts';
import type { CollectedCounts } from './collect.ts';
import { type AttributionSettings, daySeconds } from './settings.ts';

export interface RefundsTold {
  /** Refunds without an order of their number and currency. */
  readonly unknown: number;
  /** Orders that were refunded above their value. */
  readonly above: number;
}

export function attributionTold(settings: AttributionSettings, counts: CollectedCounts, refunds: RefundsTold): Words[] {
  const days = settings.windowSeconds / daySeconds;
  const rule: Words = {
    en: `A touch counts for an order that comes at most ${Number(days.toFixed(2))} days (${grouped(settings.windowSeconds)} seconds) later, the last second included.`,
    zh: `订单之前不超过 ${Number(days.toFixed(2))} 天（${grouped(settings.windowSeconds)} 秒，含最后一秒）的触点计入。`,
  };
  const facts: readonly (readonly [number, Words])[] = [
    [
      counts.ordersBeyond,
      { en: 'orders were beyond the number that counts for one person', zh: '个订单超出每人计入的数量' },
    ],
    [
      counts.valuesCut,
      { en: 'orders were worth more than the limit and count up to it', zh: '个订单金额超过上限，按上限计' },
    ],
    [
      counts.pathsCut,
      { en: 'orders had more touches than are kept; the latest count', zh: '个订单的触点超过保留数量，只计最近的' },
    ],
    [
      counts.otherCurrency,
      {
        en: 'orders are in a currency that was not declared: counted, without a value',
        zh: '个订单的币种未声明：计数但不计金额',
      },
    ],
    [
      refunds.unknown,
      { en: 'refunds have no order of their number and currency', zh: '笔退款找不到对应订单号和币种的订单' },
    ],
    [refunds.above, { en: 'orders were refunded above their value', zh: '个订单的退款超过订单金额' }],
  ];
  return [
    rule,
    ...facts
      .filter(([count]) => count > 0)
      .map(([count, { en, zh }]) => ({ en: `${grouped(count)} ${en}.`, zh: `${grouped(count)} ${zh}。` })),
    {
      en: 'Attribution shares out orders that happened. What a campaign caused is told by a hold-out alone.',
      zh: '归因只分配已经发生的订单。活动真正带来了什么，只有保留对照组才能说明。',
    },
  ];
}
