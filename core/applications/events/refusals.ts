/** Why a row is no event: stable codes for machines, and what a person reads beside the count. Nothing is guessed and nothing is dropped in silence. */
import type { Words } from '../words.ts';

export const eventRefusals = {
  'left-out': { en: 'of a kind that was left out on purpose', zh: '属于有意排除的类型' },
  'unknown-kind': { en: 'of a kind that was not declared', zh: '类型未声明' },
  'no-person': {
    en: 'without a person: empty, or not a whole number below 4,294,967,296',
    zh: '没有对应的人：为空，或不是小于 4,294,967,296 的整数',
  },
  'unreadable-time': {
    en: 'with a time that cannot be read (expected 2026-06-16 10:00:00+08:00, or the declared Unix time)',
    zh: '时间无法识别（应为 2026-06-16 10:00:00+08:00，或所声明的 Unix 时间）',
  },
  'no-zone': {
    en: 'with a time without a zone; declare the zone of the column',
    zh: '时间没有时区；请声明该列的时区',
  },
  'time-does-not-exist': {
    en: 'with a local time that does not exist: clocks were set forward over it',
    zh: '当地时间不存在：夏令时拨快时被跳过',
  },
  'time-is-ambiguous': {
    en: 'with a local time that exists twice: clocks were set back; export it with its offset',
    zh: '当地时间出现两次：夏令时拨回；请带时区偏移导出',
  },
  'time-out-of-range': {
    en: 'before 2000 or after 2099: perhaps seconds were declared and milliseconds given',
    zh: '早于 2000 年或晚于 2099 年：可能把毫秒当作秒',
  },
  'in-the-future': { en: 'later than the data were taken', zh: '晚于数据提取时间' },
  'no-channel': { en: 'a touch without a channel', zh: '触点没有渠道' },
  'name-too-long': { en: 'with a name of more than 200 characters', zh: '名称超过 200 个字符' },
  'no-amount': { en: 'without the amount that was declared', zh: '缺少所声明的金额' },
  'unreadable-amount': { en: 'with an amount that is not a number, or too large', zh: '金额不是数字或过大' },
  'too-many-decimals': {
    en: 'with more decimals than the currency was declared to have',
    zh: '小数位多于该币种的声明',
  },
  'negative-amount': {
    en: 'with a negative amount; what was given back is a refund of its own',
    zh: '金额为负；退款应作为单独的退款行',
  },
  'unknown-currency': { en: 'with a currency that was not declared', zh: '币种未声明' },
  'no-event-id': { en: 'without an event id', zh: '没有事件编号' },
  'no-order-ref': { en: 'an order or refund without an order number', zh: '订单或退款没有订单号' },
} as const satisfies Record<string, Words>;

export type EventRefusal = keyof typeof eventRefusals;
