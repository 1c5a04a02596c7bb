import { describe, expect, it } from 'vitest';
import { journeyBatches } from '../../../server/engine/journey-batches.ts';
import { type Cell, testDatabase } from '../../../server/engine/testing/database.ts';
import { Draw } from '../../random/index.ts';
import { type EventKind, eventColumns, eventKinds, kindCode, touchKinds, uniqueEventsSql } from '../events/index.ts';
import { generatedEvents, june } from '../testing/generated-events.ts';
import {
  type AttributionSettings,
  type AttributionSource,
  type Collected,
  costsSql,
  creditsPerOrder,
  type Dimension,
  daySeconds,
  defaultAttribution,
  dimensions,
  JourneyCollector,
  type Placement,
  pathCredits,
  pathsOf,
  placementsSql,
  refundsToldSql,
  ruleModels,
  shareOrder,
  shareValue,
  streamSql,
} from './index.ts';

type Database = Awaited<ReturnType<typeof testDatabase>>;

/** Runs an attribution over the event table of a database, as a node's engine will. */
async function collect(
  { database, run, query }: Database,
  source: AttributionSource,
  settings: AttributionSettings,
): Promise<Collected> {
  await run(`CREATE OR REPLACE TEMP TABLE placements AS ${placementsSql(source, settings)}`);
  const placements = (await query('SELECT * FROM placements ORDER BY placement')) as unknown as Placement[];
  const collector = new JourneyCollector({ settings, placements, currencies: source.currencies });
  for await (const batch of journeyBatches(database, streamSql(source, settings, 'placements'))) collector.add(batch);
  return collector.finish();
}

interface Event {
  readonly person: number;
  readonly at: number;
  readonly kind: EventKind;
  readonly channel?: string;
  readonly campaign?: string;
  readonly creative?: string;
  readonly cost?: number;
  readonly value?: number;
  readonly currency?: string;
  readonly id: string;
  readonly ref?: string;
}

function rowOf(event: Event): Cell[] {
  const { channel = '', campaign = '', creative = '', cost = 0, value = 0, currency = 'CNY', ref = '' } = event;
  return [
    event.person,
    event.at,
    480,
    kindCode(event.kind),
    channel,
    campaign,
    creative,
    cost,
    value,
    currency,
    event.id,
    ref,
  ];
}

async function collectEvents(
  events: readonly Event[],
  settings: AttributionSettings,
  given: { readonly currencies?: readonly string[]; readonly audiences?: ReadonlyMap<number, string> } = {},
): Promise<Collected> {
  const test = await testDatabase();
  await test.load('events', eventColumns, events.map(rowOf));
  if (given.audiences !== undefined) {
    await test.load('audiences', { person: 'UINTEGER', audience: 'VARCHAR' }, [...given.audiences]);
  }
  const source = {
    events: `(${uniqueEventsSql('events')})`,
    currencies: given.currencies ?? ['CNY'],
    ...(given.audiences === undefined ? {} : { audiences: 'audiences' }),
  };
  return collect(test, source, settings);
}

/** Credits of one model by unit, in millionths, without units that have none. */
function creditsOf({ dimensions: all, tallies }: Collected, dimension: Dimension, model: (typeof ruleModels)[number]) {
  const rows = all[dimension].units.map(
    (unit, u) => [unit, tallies[dimension].credit(ruleModels.indexOf(model), u)] as const,
  );
  return new Map(rows.filter(([, { credits, values }]) => credits !== 0 || values.some(({ units }) => units !== 0)));
}

const order = Date.UTC(2026, 5, 16, 2) / 1000;
const period = { from: order - 10 * daySeconds, until: order + 10 * daySeconds };
const settings: AttributionSettings = { ...defaultAttribution, period };
const touch = (id: string, at: number, changes: Partial<Event> = {}): Event => ({
  person: 1,
  at,
  kind: 'click',
  channel: id,
  id,
  ...changes,
});
const sale = (changes: Partial<Event> = {}): Event => ({
  person: 1,
  at: order,
  kind: 'order',
  value: 1_000,
  id: 'o',
  ref: 'o',
  ...changes,
});

describe('[F116] the window', () => {
  const touched = async (touches: readonly Event[], changes: Partial<AttributionSettings> = {}) => {
    const collected = await collectEvents([...touches, sale()], { ...settings, ...changes });
    return [...creditsOf(collected, 'channel', 'linear').keys()];
  };

  it('holds a touch of exactly 15 days before in any zone, not one a second earlier, nor one after the order', async () => {
    // 2026-06-16 10:00:00 +08:00 is 02:00:00Z; 06-01 02:00:00Z is fifteen days before.
    const edge = Date.UTC(2026, 5, 1, 2) / 1000;
    expect(edge).toBe(order - 1_296_000);
    const touches = [
      touch('edge', edge),
      touch('earlier', edge - 1),
      touch('same second', order),
      touch('after', order + 1),
    ];
    expect(await touched(touches)).toEqual(['edge', 'same second']);
  });

  it('is shorter for kinds of touch with a look-back of their own', async () => {
    const touches = [
      touch('seen', order - 86_401, { kind: 'exposure' }),
      touch('seen in time', order - 86_400, { kind: 'exposure' }),
      touch('clicked', order - 86_401),
    ];
    expect(await touched(touches, { lookBackSeconds: { exposure: 86_400 } })).toEqual(['clicked', 'seen in time']);
  });

  it('of length 0 holds what came in the same second', async () => {
    expect(await touched([touch('a', order - 1), touch('b', order)], { windowSeconds: 0 })).toEqual(['b']);
  });

  it('reaches back before the period, and touches there are no path without an order', async () => {
    const early = touch('early', period.from - 5);
    const collected = await collectEvents([early, sale({ at: period.from })], settings);
    expect([...creditsOf(collected, 'channel', 'last').keys()]).toEqual(['early']);
    const none = await collectEvents([early], settings);
    expect(none.tree.journeys().persons).toHaveLength(0);
  });
});

describe('[F117] orders', () => {
  it('that were delivered twice count once, and refunds lower value, not count', async () => {
    const events = [
      touch('a', order - 10),
      sale(),
      sale({ id: 'again', at: order + 60, value: 9_999 }),
      { ...sale({ id: 'r', kind: 'refund', value: 300, at: order + 5 * daySeconds }) },
    ];
    const collected = await collectEvents(events, settings);
    expect(collected.counts).toMatchObject({ orders: 1, touched: 1, values: [700] });
    expect(creditsOf(collected, 'channel', 'first').get('a')).toEqual({
      credits: creditsPerOrder,
      reached: creditsPerOrder,
      squares: 1,
      values: [{ units: 700, squares: 490_000 }],
    });
  });

  it('in two currencies are never added', async () => {
    const events = [
      touch('a', order - 10),
      sale(),
      sale({ id: 'p', ref: 'p', value: 50, currency: 'USD' }),
      sale({ id: 'q', ref: 'q', value: 70, currency: 'EUR' }),
      sale({ id: 'r', ref: 'o', kind: 'refund', value: 400, currency: 'USD', at: order + 9 }),
    ];
    const collected = await collectEvents(events, settings, { currencies: ['CNY', 'USD'] });
    expect(collected.counts).toMatchObject({ orders: 3, values: [1_000, 50], otherCurrency: 1 });
    expect(
      creditsOf(collected, 'channel', 'last')
        .get('a')!
        .values.map(({ units }) => units),
    ).toEqual([1_000, 50]);
  });

  it('refunded above their value or unknown are told, and sums still hold', async () => {
    const test = await testDatabase();
    const events = [
      touch('a', order - 10),
      touch('b', order - 5),
      sale(),
      sale({ id: 'r1', kind: 'refund', value: 1_501, at: order + 9 }),
      sale({ id: 'r2', ref: 'nobody', kind: 'refund', value: 5, at: order + 9 }),
    ];
    await test.load('events', eventColumns, events.map(rowOf));
    const source = { events: 'events', currencies: ['CNY'] };
    expect(await test.query(refundsToldSql(source))).toEqual([{ unknown: '1', above: '1' }]);
    const collected = await collect(test, source, settings);
    expect(collected.counts.values).toEqual([-501]);
    const shares = [...creditsOf(collected, 'channel', 'linear').values()].map(({ values }) => values[0]!.units);
    expect(shares).toEqual([-251, -250]);
  });

  it('of one person count up to the agreed number, and their values up to the limit', async () => {
    const events = [
      touch('a', order - 10),
      sale(),
      sale({ id: 'p', ref: 'p', at: order + 1 }),
      sale({ id: 'q', ref: 'q', at: order + 2 }),
    ];
    const { counts } = await collectEvents(events, { ...settings, ordersMax: 2, valueMax: 600 });
    expect(counts).toMatchObject({ orders: 2, ordersBeyond: 1, valuesCut: 2, values: [1_200] });
  });
});

/** The obvious attribution of the same events: nested loops, one order at a time. */
function plainly(events: readonly Event[], of: AttributionSettings, audiences: ReadonlyMap<number, string>) {
  const rank = (event: Event) => eventKinds.indexOf(event.kind);
  const sorted = [...events].sort((a, b) => a.at - b.at || rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const credits = new Map<string, number>();
  const values = new Map<string, number>();
  const squares = new Map<string, number>();
  const paths = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, by: number) => map.set(key, (map.get(key) ?? 0) + by);
  let untouched = 0;
  for (const person of new Set(sorted.map((event) => event.person))) {
    const own = sorted.filter((event) => event.person === person);
    const touches = own.filter((event) => touchKinds.some((kind) => kind === event.kind));
    const counted = new Set<Event>();
    const personal = new Map<string, number>();
    for (const each of own.filter(
      (event) => event.kind === 'order' && event.at >= of.period.from && event.at < of.period.until,
    )) {
      const back = own.filter(
        (event) => event.kind === 'refund' && event.ref === each.ref && event.currency === each.currency,
      );
      const value = each.value! - back.reduce((sum, event) => sum + event.value!, 0);
      const path = touches
        .filter(({ at, kind }) => {
          const age = each.at - at;
          const longest = Math.min(of.windowSeconds, of.lookBackSeconds[kind as 'click'] ?? of.windowSeconds);
          return age >= 0 && age <= longest && at >= of.period.from - of.windowSeconds;
        })
        .slice(-of.pathLengthMax);
      for (const event of path) counted.add(event);
      if (path.length === 0) {
        untouched++;
        continue;
      }
      add(paths, `${path.map(({ channel }) => channel).join('>')} +`, 1);
      for (const model of ruleModels) {
        const shares = new Int32Array(path.length);
        shareOrder(
          model,
          Int32Array.from(path, ({ at }) => each.at - at),
          path.length,
          of.halfLifeSeconds,
          shares,
        );
        let left = value;
        for (const [i, event] of path.entries()) {
          const share = i === path.length - 1 ? left : shareValue(value, shares[i]!);
          left -= share;
          for (const dimension of dimensions) {
            const unit = dimension === 'audience' ? (audiences.get(person) ?? '') : (event[dimension] ?? '');
            const key = `${model} ${dimension} ${unit}`;
            add(credits, key, shares[i]!);
            add(personal, key, shares[i]!);
            add(values, `${key} ${each.currency}`, share);
          }
        }
      }
    }
    for (const [key, credit] of personal) add(squares, key, (credit / 1e6) ** 2);
    const loose = touches.filter(
      (event) => !counted.has(event) && event.at >= of.period.from && event.at < of.period.until,
    );
    if (loose.length > 0)
      add(
        paths,
        `${loose
          .slice(-of.pathLengthMax)
          .map(({ channel }) => channel)
          .join('>')} -`,
        1,
      );
  }
  return { credits, values, squares, paths, untouched };
}

function randomEvents(seed: number): Event[] {
  return Array.from({ length: 900 }, (_, i) => {
    const draw = new Draw(seed, 'attribution').at(i);
    const kind = (['exposure', 'exposure', 'exposure', 'click', 'visit', 'order', 'refund'] as const)[draw.below(7)]!;
    return {
      person: draw.below(70),
      // Often the same second, the edge of the window, and beyond the period.
      at: period.from - 3 * daySeconds + draw.below(26) * daySeconds + [0, 0, 1, 86_399][draw.below(4)]!,
      kind,
      channel: kind === 'order' || kind === 'refund' ? '' : `c${draw.below(4)}`,
      campaign: `k${draw.below(3)}`,
      creative: `v${draw.below(2)}`,
      cost: draw.below(50),
      value: kind === 'order' || kind === 'refund' ? draw.below(10_000) : 0,
      currency: draw.chance(8_000) ? 'CNY' : 'USD',
      id: `e${i}`,
      ref: kind === 'order' ? `o${i}` : kind === 'refund' ? `o${draw.below(900)}` : '',
    };
  });
}

describe('[F115] the credits of every model, dimension and currency', () => {
  it.each([1, 2, 3])('equal plain loops to the unit, sums of squares and paths too (seed %i)', async (seed) => {
    const of: AttributionSettings = {
      ...settings,
      windowSeconds: 5 * daySeconds,
      lookBackSeconds: { exposure: 3 * daySeconds },
      pathLengthMax: seed === 1 ? 50 : 4,
    };
    const events = randomEvents(seed);
    // A refund is the person's whose order it is, so that the loops by person find it.
    const owner = new Map(events.filter(({ kind }) => kind === 'order').map(({ ref, person }) => [ref!, person]));
    const own = events.map((event) =>
      event.kind === 'refund' ? { ...event, person: owner.get(event.ref!) ?? event.person } : event,
    );
    const audiences = new Map(Array.from({ length: 40 }, (_, person) => [person, person % 2 ? 'new' : 'known']));
    const collected = await collectEvents(own, of, { currencies: ['CNY', 'USD'], audiences });
    const plain = plainly(own, of, audiences);
    expect(collected.counts.orders - collected.counts.touched).toBe(plain.untouched);
    const seen = {
      credits: new Map<string, number>(),
      values: new Map<string, number>(),
      squares: new Map<string, number>(),
    };
    for (const dimension of dimensions) {
      for (const model of ruleModels) {
        let [sum, worth] = [0, [0, 0]];
        for (const [unit, { credits, squares, values }] of creditsOf(collected, dimension, model)) {
          const key = `${model} ${dimension} ${unit}`;
          seen.credits.set(key, credits);
          seen.squares.set(key, squares);
          for (const [c, { units }] of values.entries())
            if (units !== 0) seen.values.set(`${key} ${['CNY', 'USD'][c]}`, units);
          sum += credits;
          worth = worth.map((value, c) => value + values[c]!.units);
        }
        expect(sum).toBe(collected.counts.touched * creditsPerOrder);
        const { values, untouchedValues } = collected.counts;
        expect(worth).toEqual(values.map((value, c) => value - untouchedValues[c]!));
      }
    }
    const nonZero = (map: ReadonlyMap<string, number>) => new Map([...map].filter(([, number]) => number !== 0));
    expect(nonZero(seen.credits)).toEqual(nonZero(plain.credits));
    expect(seen.values).toEqual(nonZero(plain.values));
    for (const [key, square] of seen.squares) expect(square).toBeCloseTo(plain.squares.get(key)!, 9);
    const counted = collected.tree.paths();
    const paths = new Map(
      [...counted.counts].map((count, p) => {
        const { units, converts } = pathsOf(counted, p)[0]!;
        const names = units.map((unit) => collected.dimensions.channel.units[unit]);
        return [`${names.join('>')} ${converts ? '+' : '-'}`, count];
      }),
    );
    expect(paths).toEqual(plain.paths);
    const pathCount = [...plain.paths.values()].reduce((sum, count) => sum + count, 0);
    for (const model of ruleModels.filter((name) => name !== 'decay')) {
      const rows = collected.dimensions.campaign.units.map((_, u) =>
        collected.tallies.campaign.credit(ruleModels.indexOf(model), u),
      );
      expect(rows.reduce((sum, { reached }) => sum + reached, 0)).toBe(pathCount * creditsPerOrder);
    }
    expect(plain.paths.size).toBeGreaterThan(30);
  });

  it('of models of all paths add up to the orders and to the values exactly', async () => {
    const collected = await collectEvents(randomEvents(4), settings, { currencies: ['CNY', 'USD'] });
    const models = ['markov-1', 'markov-2', 'markov-3', 'shapley', 'shapley-rate'] as const;
    const { counts } = collected;
    for (const { model, units } of pathCredits(collected, models, { replicates: 20, seed: 1 })) {
      expect(
        units.reduce((sum, { credits }) => sum + credits, 0),
        model,
      ).toBe(counts.touched * creditsPerOrder);
      for (const c of [0, 1]) {
        expect(units.reduce((sum, { values }) => sum + values[c]!, 0)).toBe(
          counts.values[c]! - counts.untouchedValues[c]!,
        );
      }
      for (const { credits, interval } of units) {
        expect(interval!.low).toBeLessThanOrEqual(interval!.high);
        if (model === 'shapley')
          expect(Math.abs(credits / 1e6 - (interval!.low + interval!.high) / 2)).toBeLessThan(
            interval!.high - interval!.low,
          );
      }
    }
  });
});

describe('[F121] late, repeated and future events', () => {
  it('give the same totals after a replay in any order', async () => {
    const events = randomEvents(6);
    const burst = events.flatMap((event) => (event.person < 3 ? Array.from({ length: 10 }, () => event) : [event]));
    const shuffled = burst
      .map((event, i) => ({ event, key: new Draw(1, 'shuffle').at(i).u32() }))
      .sort((a, b) => a.key - b.key);
    const future = events
      .slice(0, 50)
      .map((event, i) => ({ ...event, at: period.until + i, id: `f${i}`, ref: `f${i}` }));
    const told = ({ counts, tallies, dimensions: all, tree }: Collected) => ({
      counts,
      credits: dimensions.map((dimension) =>
        all[dimension].units.map((_, u) => ruleModels.map((__, m) => tallies[dimension].credit(m, u))),
      ),
      journeys: [...tree.journeys().persons]
        .map((persons, j) => JSON.stringify([persons, pathsOf(tree.journeys(), j)]))
        .sort(),
    });
    const once = told(await collectEvents(events, settings));
    expect(told(await collectEvents([...shuffled.map(({ event }) => event), ...future], settings))).toEqual(once);
    expect(once.counts.touched).toBeGreaterThan(50);
  });

  it('of a visitor with more touches than are looked at leave the latest, and are told', async () => {
    const many = Array.from({ length: 9_000 }, (_, i) =>
      touch('many', order - 10_000 + i, { id: `m${i}`, kind: 'exposure' }),
    );
    const collected = await collectEvents([touch('first', order - 20_000), ...many, sale()], settings);
    expect([...creditsOf(collected, 'channel', 'first').keys()]).toEqual(['many']);
    expect(collected.counts).toMatchObject({ orders: 1, pathsCut: 1 });
  });

  it('that are not sorted end the pass: nothing wrong comes out', () => {
    const placements = [{ channel: 'a', campaign: '', creative: '', audience: '' }];
    const batch = (person: number[], second: number[]) => ({
      rowCount: person.length,
      person: Uint32Array.from(person),
      second: Int32Array.from(second),
      kind: new Uint32Array(person.length),
      subject: new Uint32Array(person.length),
      value: new Float64Array(person.length),
    });
    const collector = () => new JourneyCollector({ settings, placements, currencies: [] });
    expect(() => collector().add(batch([2, 1], [0, 0]))).toThrow(/people/);
    expect(() => collector().add(batch([1, 1], [5, 4]))).toThrow(/events/);
    expect(
      () => new JourneyCollector({ settings: { ...settings, pathLengthMax: 0 }, placements, currencies: [] }),
    ).toThrow(RangeError);
  });
});

describe('generated exposures, clicks and orders', () => {
  it('[F115] give every purchase that followed an exposure to a touch, and cost the media’s own sum', async () => {
    const test = await generatedEvents(3_000, 4);
    const source = { events: 'events', currencies: ['CNY'] };
    const of = { ...defaultAttribution, period: june };
    const collected = await collect(test, source, of);
    const { exposed, unreached, holdout, none } = test.truth.campaign.groups;
    expect(collected.counts.orders).toBe(exposed.bought + unreached.bought + holdout.bought + none.bought);
    // Those who bought after the campaign had all been exposed to it within 15 days.
    expect(collected.counts.touched).toBeGreaterThanOrEqual(exposed.bought);
    const last = creditsOf(collected, 'campaign', 'last');
    expect([...last.values()].reduce((sum, { credits }) => sum + credits, 0)).toBe(
      collected.counts.touched * creditsPerOrder,
    );
    expect(last.get('aurora-launch')!.credits).toBeGreaterThan(last.get('city-weekend')!.credits);
    const costs = await test.query(costsSql(source, of, 'placements'));
    const [sum] = await test.query(`SELECT sum(cost) AS cost FROM events WHERE kind < 3 AND "at" >= ${june.from}`);
    expect(costs.reduce((total, { cost }) => total + Number(cost), 0)).toBe(Number(sum!.cost));
  });
});
