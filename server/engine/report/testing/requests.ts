/** One request of each application, over the tables of a random room. */
import { daySeconds, firstDay, randomShape } from './random-room.ts';

const period = { from: firstDay + 20 * daySeconds, until: firstDay + 50 * daySeconds };
const dates = [20, 35, 50].map((day) => firstDay + day * daySeconds);
const events = ['touches', 'orders'];
const { channels, groups } = randomShape;

export const requests = {
  overlap: {
    application: 'overlap',
    people: 'customers',
    segment: 'tier',
    partner: { table: 'users', identifier: 'grp' },
  },
  insight: {
    application: 'insight',
    base: 'users',
    baseName: { en: 'all users', zh: '全部用户' },
    audience: { table: 'customers', where: { column: 'tier', in: ['a'] } },
    tags: ['grp'],
    crossed: [],
  },
  reach: {
    application: 'reach',
    events: ['touches'],
    period,
    media: channels,
    binCount: 4,
    impressionsMax: 3,
    target: { audience: 'vip' },
  },
  lift: {
    application: 'lift',
    groups: { table: 'users', column: 'grp', treated: [groups[0]], control: [groups[1]] },
    assignment: 'random',
    plannedShare: 0.5,
    events: ['orders'],
    period,
    value: { currency: { code: 'CNY', digits: 2 }, max: 1500 },
  },
  lifecycle: { application: 'lifecycle', people: 'users', events, model: 'aipl', dates },
  select: {
    application: 'select',
    people: 'users',
    events,
    rule: {
      all: [
        { event: { kind: 'exposure', withinDays: 30, channels: ['c0', 'c1'] } },
        { not: { any: [{ audience: 'staff' }, { tag: 'age', from: 0, to: 19 }] } },
      ],
    },
    asOf: dates[2],
  },
  retarget: {
    application: 'retarget',
    people: 'customers',
    events,
    asOf: dates[2],
    matched: 'vip',
    touched: { kind: 'exposure', withinDays: 30 },
    notConvertedWithinDays: 20,
    excluded: ['staff'],
    frequency: { timesMax: 3, withinDays: 30 },
  },
  attribution: {
    application: 'attribution',
    events,
    period,
    ordersMax: 2,
    valueMax: 1500,
    pathLengthMax: 4,
    currencies: [{ code: 'CNY', digits: 2 }],
    dimensions: ['channel', 'campaign', 'audience'],
    models: ['first', 'linear', 'decay', 'markov-1', 'markov-2', 'shapley', 'shapley-rate'],
    audiences: { table: 'users', column: 'grp' },
    paths: true,
  },
} as const;
