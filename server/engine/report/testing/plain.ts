/** The obvious computation of each report's numbers: loops over rows, one person at a time. */
export interface PlainEvent {
  readonly person: number;
  readonly at: number;
  readonly kind: 'exposure' | 'click' | 'visit' | 'order' | 'refund';
  readonly channel: string;
  readonly campaign: string;
  readonly value: number;
  readonly id: string;
  readonly ref: string;
}

export interface PlainRows {
  readonly events: readonly PlainEvent[];
  readonly users: ReadonlyMap<number, { readonly grp: string | null; readonly age: number | null }>;
  readonly customers: ReadonlyMap<number, { readonly tier: string | null }>;
  readonly vip: ReadonlySet<number>;
  readonly staff: ReadonlySet<number>;
}

export type Numbers = Readonly<Record<string, readonly number[]>>;
export interface Period {
  readonly from: number;
  readonly until: number;
}

const order: Readonly<Record<PlainEvent['kind'], number>> = { exposure: 0, click: 1, visit: 2, order: 3, refund: 4 };
const daySeconds = 86_400;

export function isTouch({ kind }: PlainEvent): boolean {
  return order[kind] < 3;
}

export function byPerson(events: readonly PlainEvent[]): ReadonlyMap<number, readonly PlainEvent[]> {
  const found = new Map<number, PlainEvent[]>();
  for (const event of events) found.set(event.person, [...(found.get(event.person) ?? []), event]);
  for (const own of found.values())
    own.sort((a, b) => a.at - b.at || order[a.kind] - order[b.kind] || (a.id < b.id ? -1 : 1));
  return found;
}

export function count<Item>(items: Iterable<Item>, holds: (item: Item) => boolean): number {
  let found = 0;
  for (const item of items) if (holds(item)) found++;
  return found;
}

export function overlapNumbers(
  { users, customers }: PlainRows,
  tiers: readonly string[],
  groups: readonly string[],
): Numbers {
  const people = [...customers];
  const of = (holds: (person: number, tier: string | null) => boolean) =>
    count(people, ([person, { tier }]) => holds(person, tier));
  return {
    base: [people.length],
    'base by segment': tiers.map((tier) => of((_, own) => own === tier)),
    overlap: [of((person) => users.has(person))],
    'overlap by identifier': groups.map((grp) => of((person) => users.get(person)?.grp === grp)),
    'overlap by segment': tiers.map((tier) => of((person, own) => own === tier && users.has(person))),
  };
}

export function insightNumbers({ users, vip }: PlainRows, groups: readonly string[]): Numbers {
  const of = (holds: (person: number, grp: string | null) => boolean) =>
    count(users, ([person, { grp }]) => holds(person, grp));
  return {
    people: [of((person) => vip.has(person))],
    base: [users.size],
    grp: groups.map((group) => of((person, grp) => grp === group && vip.has(person))),
    'base: grp': groups.map((group) => of((_, grp) => grp === group)),
  };
}

export function reachNumbers(
  { events, vip }: PlainRows,
  of: { readonly media: readonly string[]; readonly period: Period; readonly binCount: number; readonly most: number },
): Numbers {
  const { media, period, binCount, most } = of;
  const seen = [
    ...byPerson(events.filter(({ kind, at }) => kind === 'exposure' && at >= period.from && at < period.until)),
  ];
  const impressions = (own: typeof seen) => own.reduce((sum, [, list]) => sum + Math.min(list.length, most), 0);
  const has = (list: readonly PlainEvent[], medium: string) => list.some(({ channel }) => channel === medium);
  const target = seen.filter(([person]) => vip.has(person));
  return {
    reach: [seen.length],
    frequency: Array.from({ length: binCount }, (_, i) =>
      count(seen, ([, list]) => Math.min(list.length, binCount) === i + 1),
    ),
    impressions: [impressions(seen)],
    target: [target.length],
    'impressions in target': [impressions(target)],
    media: media.map((medium) => count(seen, ([, list]) => has(list, medium))),
    'all but each medium': media.map((medium) =>
      count(seen, ([, list]) => list.some(({ channel }) => channel !== medium)),
    ),
    'pairs of media': media.flatMap((a, i) =>
      media.slice(i + 1).map((b) => count(seen, ([, list]) => has(list, a) && has(list, b))),
    ),
  };
}

export function liftNumbers(
  { events, users }: PlainRows,
  of: { readonly arms: readonly (readonly string[])[]; readonly period: Period; readonly valueMax: number },
): Numbers {
  const own = byPerson(events);
  const arms = of.arms.map((groups) => {
    const people = [...users].filter(([, { grp }]) => grp !== null && groups.includes(grp)).map(([person]) => person);
    const spent = people.flatMap((person) => {
      const orders = (own.get(person) ?? []).filter(
        ({ kind, at }) => kind === 'order' && at >= of.period.from && at < of.period.until,
      );
      if (orders.length === 0) return [];
      const refunded = orders.map(({ ref }) =>
        events.filter((each) => each.kind === 'refund' && each.ref === ref).reduce((sum, { value }) => sum + value, 0),
      );
      const sum = orders.reduce((all, { value }, i) => all + value - refunded[i]!, 0);
      return [Math.max(0, Math.min(sum, of.valueMax))];
    });
    return { people: people.length, spent };
  });
  return {
    people: arms.map(({ people }) => people),
    buyers: arms.map(({ spent }) => spent.length),
    value: arms.map(({ spent }) => spent.reduce((sum, value) => sum + value, 0)),
    'squared value': arms.map(({ spent }) => spent.reduce((sum, value) => sum + value * value, 0)),
  };
}

/** Times that a kind of event happened within so many days up to a date, both ends included. */
export function timesWithin(
  events: readonly PlainEvent[],
  kind: PlainEvent['kind'],
  days: number,
  asOf: number,
): number {
  return count(events, (event) => event.kind === kind && event.at >= asOf - days * daySeconds && event.at <= asOf);
}

export interface PlainPath {
  readonly touches: readonly { readonly channel: string; readonly campaign: string; readonly age: number }[];
  /** Undefined for a path without an order. */
  readonly value: number | undefined;
}

/** The paths of each person, in the order in which they ended; an order without a touch has an empty one. */
export function pathsOfPeople(
  events: readonly PlainEvent[],
  of: {
    readonly period: Period;
    readonly windowSeconds: number;
    readonly ordersMax: number;
    readonly valueMax: number;
    readonly lengthMax: number;
  },
): ReadonlyMap<number, readonly PlainPath[]> {
  const { period, windowSeconds, ordersMax, valueMax, lengthMax } = of;
  const isIn = ({ at }: PlainEvent) => at >= period.from && at < period.until;
  const refunds = events.filter(({ kind }) => kind === 'refund');
  const found = new Map<number, PlainPath[]>();
  for (const [person, own] of byPerson(events)) {
    const touches = own.filter(
      (event) => isTouch(event) && event.at >= period.from - windowSeconds && event.at < period.until,
    );
    const counted = new Set<PlainEvent>();
    const paths = own
      .filter((event) => event.kind === 'order' && isIn(event))
      .slice(0, ordersMax)
      .map((each): PlainPath => {
        const before = touches.filter(({ at }) => at <= each.at && each.at - at <= windowSeconds).slice(-lengthMax);
        for (const touch of before) counted.add(touch);
        const back = refunds.filter(({ ref }) => ref === each.ref).reduce((sum, { value }) => sum + value, 0);
        const worth = each.value - back;
        return {
          touches: before.map(({ channel, campaign, at }) => ({ channel, campaign, age: each.at - at })),
          value: Math.sign(worth) * Math.min(Math.abs(worth), valueMax),
        };
      });
    const loose = touches.filter((touch) => !counted.has(touch) && isIn(touch)).slice(-lengthMax);
    if (loose.length > 0) {
      paths.push({ touches: loose.map(({ channel, campaign }) => ({ channel, campaign, age: 0 })), value: undefined });
    }
    if (paths.length > 0) found.set(person, paths);
  }
  return found;
}
