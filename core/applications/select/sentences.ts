/** A rule in words, for whoever has to approve it. */
import { systemNames } from '../../geo/index.ts';
import { type EventKind, moneyText } from '../events/index.ts';
import { grouped, type Words } from '../words.ts';
import type { EventCondition, PlaceCondition, Rule } from './rule.ts';

export function ruleWords(rule: Rule): Words {
  if ('all' in rule) return joined(rule.all, { en: ' and ', zh: '，且' });
  if ('any' in rule) return joined(rule.any, { en: ' or ', zh: '，或' });
  if ('not' in rule) {
    const { en, zh } = ruleWords(rule.not);
    return { en: `not (${en})`, zh: `非（${zh}）` };
  }
  if ('event' in rule) return eventWords(rule.event);
  if ('place' in rule) return placeWords(rule);
  if ('audience' in rule) return { en: `in "${rule.audience}"`, zh: `属于“${rule.audience}”` };
  if ('in' in rule)
    return { en: `${rule.tag} is ${rule.in.join(' or ')}`, zh: `${rule.tag} 为 ${rule.in.join(' 或 ')}` };
  const { tag, from, to } = rule;
  if (to === undefined) return { en: `${tag} at least ${from}`, zh: `${tag} 不小于 ${from}` };
  if (from === undefined) return { en: `${tag} at most ${to}`, zh: `${tag} 不大于 ${to}` };
  return { en: `${tag} from ${from} to ${to}`, zh: `${tag} 在 ${from} 至 ${to} 之间` };
}

function joined(rules: readonly Rule[], by: Words): Words {
  const parts = rules.map((rule) => {
    const words = ruleWords(rule);
    return 'all' in rule || 'any' in rule ? { en: `(${words.en})`, zh: `（${words.zh}）` } : words;
  });
  return { en: parts.map(({ en }) => en).join(by.en), zh: parts.map(({ zh }) => zh).join(by.zh) };
}

const kinds: Readonly<Record<EventKind, Words>> = {
  exposure: { en: 'exposures', zh: '曝光' },
  click: { en: 'clicks', zh: '点击' },
  visit: { en: 'visits', zh: '访问' },
  order: { en: 'orders', zh: '订单' },
  refund: { en: 'refunds', zh: '退款' },
};

function eventWords({ kind, channels, campaigns, withinDays, times, lastDaysAgo, value }: EventCondition): Words {
  const of = [...(channels ?? []), ...(campaigns ?? [])];
  const { en, zh } = kinds[kind];
  const often = range(times ?? { from: 1 }, { en: 'no', zh: '0' });
  const last = lastDaysAgo === undefined ? undefined : range(lastDaysAgo, { en: '0', zh: '0' });
  const worth = value === undefined ? undefined : worthWords(value);
  return {
    en: `${often.en} ${en}${of.length === 0 ? '' : ` of ${of.join(' or ')}`} within ${withinDays} days${last === undefined ? '' : `, the last ${last.en} days ago`}${worth === undefined ? '' : `, of ${worth.en} together`}`,
    zh: `${withinDays} 天内${of.length === 0 ? '' : ` ${of.join(' 或 ')} 的`}${zh} ${often.zh} 次${last === undefined ? '' : `，最近一次在 ${last.zh} 天前`}${worth === undefined ? '' : `，合计 ${worth.zh}`}`,
  };
}

/** As people write money: amounts of a rule are in the smallest unit. */
function worthWords({ currency, ...bounds }: NonNullable<EventCondition['value']>): Words {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const amount = (units: number) => moneyText({ units, currency, digits });
  const { from, to } = bounds;
  if (to === undefined) return { en: `at least ${amount(from ?? 0)}`, zh: `至少 ${amount(from ?? 0)}` };
  if (from === undefined) return { en: `at most ${amount(to)}`, zh: `至多 ${amount(to)}` };
  return { en: `${amount(from)} to ${amount(to)}`, zh: `${amount(from)} 至 ${amount(to)}` };
}

/** Points that are told one by one; of more, how many there are. */
const pointsTold = 10;

function placeWords({ place, withinMetres, of, system }: PlaceCondition): Words {
  const name = systemNames[system];
  const points = of.slice(0, pointsTold).map(({ latitude, longitude }) => `${latitude}, ${longitude}`);
  const more = of.length - points.length;
  const metres = grouped(withinMetres);
  return {
    en: `${place} within ${metres} m of ${points.join(' or ')}${more > 0 ? ` or ${grouped(more)} more points` : ''} (${name})`,
    zh: `${place} 在 ${points.join(' 或 ')}${more > 0 ? ` 或另外 ${grouped(more)} 个点` : ''}（${name}）的 ${metres} 米范围内`,
  };
}

/** @param zero how nothing is called. */
function range({ from, to }: { readonly from?: number; readonly to?: number }, zero: Words): Words {
  if (to === 0) return zero;
  if (from !== undefined && from === to) return { en: `exactly ${from}`, zh: `${from}` };
  if (to === undefined) return { en: `at least ${from ?? 0}`, zh: `至少 ${from ?? 0}` };
  if (from === undefined || from === 0) return { en: `at most ${to}`, zh: `至多 ${to}` };
  return { en: `${from} to ${to}`, zh: `${from} 至 ${to}` };
}
