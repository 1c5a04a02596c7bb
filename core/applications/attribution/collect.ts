/**
 * One pass over the stream: which touches count for which order, every rule model's credits, and the distinct journeys that the path models run on.
 * A person is held at a time, never more than some thousand touches of one.
 */
import { kindCode } from '../events/index.ts';
import { type Dimension, dimensions, type JourneyBatch, type Placement } from './journey-batch.ts';
import { PathTree } from './path-tree.ts';
import { shareOrder } from './rules.ts';
import { type AttributionSettings, agelessModels, checkAttribution, lookBacks, ruleModels } from './settings.ts';
import { Tally } from './tally.ts';

/** Touches of one person that are looked at; who has more is no person, and the latest ones decide. */
const touchesMax = 4_096;
const unitsMax = 65_000;
const orderCode = kindCode('order');

export interface DimensionUnits {
  /** Names, sorted. */
  readonly units: readonly string[];
  /** The unit of each placement. */
  readonly unitOf: Uint32Array;
}

export interface CollectedCounts {
  readonly orders: number;
  /** Orders with at least one touch that counts. */
  readonly touched: number;
  /** Sums of value by currency, in units, over all orders and over those without a touch. */
  readonly values: readonly number[];
  readonly untouchedValues: readonly number[];
  /** People with at least one such order with a touch, and with at least one without. */
  readonly people: { readonly touched: number; readonly untouched: number };
  /** Orders of a person beyond the agreed number: not among the others. */
  readonly ordersBeyond: number;
  /** Orders whose value was above the agreed limit, and counts up to it. */
  readonly valuesCut: number;
  /** Orders with more touches than the agreed number; the latest count. */
  readonly pathsCut: number;
  /** Orders in a currency that was not declared: they count, without a value. */
  readonly otherCurrency: number;
}

export interface Collected {
  readonly settings: AttributionSettings;
  readonly currencies: readonly string[];
  readonly dimensions: Readonly<Record<Dimension, DimensionUnits>>;
  readonly tallies: Readonly<Record<Dimension, Tally>>;
  /** Of the dimension that was chosen for the path models. */
  readonly pathDimension: Dimension;
  readonly tree: PathTree;
  readonly counts: CollectedCounts;
}

/** One person's part in what was collected; good for as long as the call that it is given to. */
export interface OwnPart {
  readonly orders: { readonly touched: number; readonly untouched: number };
  /** By currency, in units. */
  readonly values: { readonly touched: readonly number[]; readonly untouched: readonly number[] };
  readonly tallies: Collected['tallies'];
}

export interface CollectInput {
  readonly settings: AttributionSettings;
  readonly placements: readonly Placement[];
  readonly currencies: readonly string[];
  /** What the path models are about: channels, unless something else is asked for. */
  readonly pathDimension?: Dimension;
  /** Is told of each person, in ascending order. */
  readonly watch?: (person: number, own: OwnPart) => void;
}

/** The units of a dimension and the unit of each placement. @throws {RangeError} for more than 65,000. */
function unitsOf(placements: readonly Placement[], dimension: Dimension): DimensionUnits {
  const units = [...new Set(placements.map((placement) => placement[dimension]))].sort();
  if (units.length > unitsMax)
    throw new RangeError(`${dimension}: expected at most ${unitsMax} names, got ${units.length}`);
  const index = new Map(units.map((unit, i) => [unit, i]));
  return { units, unitOf: Uint32Array.from(placements, (placement) => index.get(placement[dimension])!) };
}

export class JourneyCollector {
  readonly #input: CollectInput & Required<Pick<CollectInput, 'pathDimension'>>;
  readonly #dimensions: Readonly<Record<Dimension, DimensionUnits>>;
  readonly #tallies: Readonly<Record<Dimension, Tally>>;
  readonly #tallyList: readonly Tally[];
  readonly #pathUnit: Uint32Array;
  readonly #tree: PathTree;
  readonly #lookBack: Int32Array;
  readonly #longest: number;
  readonly #lastSecond: number;

  /** The person whose rows are passing by, and its touches in time order; twice the number that is looked at, so that old ones leave in bulk. */
  #person = -1;
  #node = 0;
  #orders = 0;
  #latest = 0;
  #touches = 0;
  readonly #second = new Int32Array(2 * touchesMax);
  readonly #kind = new Uint8Array(2 * touchesMax);
  readonly #placement = new Uint32Array(2 * touchesMax);
  /** Whether the touch counted for an order. */
  readonly #counted = new Uint8Array(2 * touchesMax);

  /** The path of the order that is being added. */
  readonly #ages: Int32Array;
  readonly #path: Uint32Array;
  readonly #credits: Int32Array;

  readonly #counts = { orders: 0, touched: 0, ordersBeyond: 0, valuesCut: 0, pathsCut: 0, otherCurrency: 0 };
  readonly #people = { touched: 0, untouched: 0 };
  /** Whether the person whose rows are passing by has orders of either kind. */
  readonly #has = { touched: false, untouched: false };
  readonly #values: Float64Array;
  readonly #untouchedValues: Float64Array;
  /** What was collected of the people before this one; kept for a watcher alone. */
  #before = { orders: 0, touched: 0, values: new Float64Array(0), untouchedValues: new Float64Array(0) };

  /** @throws {RangeError} for settings or names that nothing can be computed by. */
  constructor(input: CollectInput) {
    checkAttribution(input.settings);
    const { settings, placements, currencies } = input;
    this.#input = { ...input, pathDimension: input.pathDimension ?? 'channel' };
    const units = dimensions.map((dimension) => [dimension, unitsOf(placements, dimension)] as const);
    this.#dimensions = Object.fromEntries(units) as Record<Dimension, DimensionUnits>;
    const tallies = units.map(
      ([dimension, { units: names, unitOf }]) =>
        [dimension, new Tally(unitOf, names.length, currencies.length)] as const,
    );
    this.#tallies = Object.fromEntries(tallies) as Record<Dimension, Tally>;
    this.#tallyList = tallies.map(([, tally]) => tally);
    this.#pathUnit = this.#dimensions[this.#input.pathDimension].unitOf;
    // One more currency, that of orders without a value.
    this.#tree = new PathTree(currencies.length + 1);
    this.#lookBack = lookBacks(settings);
    this.#longest = this.#lookBack.reduce((longest, seconds) => Math.max(longest, seconds), 0);
    this.#lastSecond = settings.period.until - settings.period.from;
    this.#ages = new Int32Array(settings.pathLengthMax);
    this.#path = new Uint32Array(settings.pathLengthMax);
    this.#credits = new Int32Array(settings.pathLengthMax);
    this.#values = new Float64Array(currencies.length + 1);
    this.#untouchedValues = new Float64Array(currencies.length + 1);
    this.#remember();
  }

  get dimensions(): Collected['dimensions'] {
    return this.#dimensions;
  }

  /** @throws {Error} where the rows are not sorted: what would come out would be wrong. */
  add(batch: JourneyBatch): void {
    const { person, second, kind, subject, value } = batch;
    for (let i = 0; i < batch.rowCount; i++) {
      const [who, when] = [person[i]!, second[i]!];
      if (who !== this.#person) {
        if (who < this.#person) throw new Error('journeys: the people are not in order');
        this.#endPerson();
        this.#person = who;
      } else if (when < this.#latest) throw new Error('journeys: the events of a person are not in order');
      this.#latest = when;
      if (kind[i] === orderCode) this.#addOrder(when, value[i]!, subject[i]!);
      else this.#addTouch(when, kind[i]!, subject[i]!);
    }
  }

  /** @throws {RangeError} for sums of value that are no longer exact. */
  finish(): Collected {
    this.#endPerson();
    const { settings, currencies, pathDimension } = this.#input;
    for (const sum of this.#values) {
      if (!Number.isSafeInteger(sum))
        throw new RangeError('The amounts are too large to be added exactly: use a coarser unit.');
    }
    return {
      settings,
      currencies,
      dimensions: this.#dimensions,
      tallies: this.#tallies,
      pathDimension,
      tree: this.#tree,
      counts: {
        ...this.#counts,
        people: { ...this.#people },
        values: [...this.#values].slice(0, currencies.length),
        untouchedValues: [...this.#untouchedValues].slice(0, currencies.length),
      },
    };
  }

  #addTouch(second: number, kind: number, placement: number): void {
    if (this.#touches === this.#second.length) {
      for (const column of [this.#second, this.#kind, this.#placement, this.#counted]) column.copyWithin(0, touchesMax);
      this.#touches = touchesMax;
    }
    const at = this.#touches++;
    this.#second[at] = second;
    this.#kind[at] = kind;
    this.#placement[at] = placement;
    this.#counted[at] = 0;
  }

  #addOrder(second: number, amount: number, currency: number): void {
    const { ordersMax, valueMax } = this.#input.settings;
    if (ordersMax !== undefined && this.#orders >= ordersMax) {
      this.#counts.ordersBeyond++;
      return;
    }
    this.#orders++;
    this.#counts.orders++;
    const isOther = currency >= this.#input.currencies.length;
    if (isOther) this.#counts.otherCurrency++;
    const isCut = valueMax !== undefined && Math.abs(amount) > valueMax;
    if (isCut) this.#counts.valuesCut++;
    const value = isOther ? 0 : isCut ? Math.sign(amount) * valueMax : amount;
    this.#values[currency]! += value;
    const count = this.#takePath(second);
    this.#has[count === 0 ? 'untouched' : 'touched'] = true;
    if (count === 0) {
      this.#untouchedValues[currency]! += value;
      return;
    }
    this.#counts.touched++;
    let node = this.#node;
    for (let i = 0; i < count; i++) node = this.#tree.touch(node, this.#pathUnit[this.#path[i]!]!);
    this.#node = this.#tree.order(node, value, currency);
    for (const tally of this.#tallyList) for (let i = 0; i < count; i++) tally.see(this.#path[i]!);
    const order = { value, currency: isOther ? 0 : currency };
    for (const [model, name] of ruleModels.entries()) {
      shareOrder(name, this.#ages, count, this.#input.settings.halfLifeSeconds, this.#credits);
      for (const tally of this.#tallyList) tally.add(model, this.#path, this.#credits, count, order);
      if (name !== 'decay') for (const tally of this.#tallyList) tally.reach(model, this.#path, this.#credits, count);
    }
  }

  /** Fills the path of an order at a second with the touches that count for it. @returns how many. */
  #takePath(second: number): number {
    const { pathLengthMax } = this.#input.settings;
    const first = Math.max(0, this.#touches - touchesMax);
    let count = 0;
    for (let at = this.#touches - 1; at >= first; at--) {
      const age = second - this.#second[at]!;
      if (age > this.#longest) break;
      if (age > this.#lookBack[this.#kind[at]!]!) continue;
      if (count === pathLengthMax) {
        this.#counts.pathsCut++;
        break;
      }
      this.#counted[at] = 1;
      this.#ages[count] = age;
      this.#path[count++] = this.#placement[at]!;
    }
    this.#ages.subarray(0, count).reverse();
    this.#path.subarray(0, count).reverse();
    return count;
  }

  /** Touches of the period that counted for no order are a path that led to none. */
  #endPerson(): void {
    if (this.#person < 0) return;
    let from = this.#touches;
    for (let left = this.#input.settings.pathLengthMax; left > 0 && from > 0; ) if (this.#isLoose(--from)) left--;
    let node = this.#node;
    let count = 0;
    for (let at = from; at < this.#touches; at++) {
      if (!this.#isLoose(at)) continue;
      this.#path[count++] = this.#placement[at]!;
      node = this.#tree.touch(node, this.#pathUnit[this.#placement[at]!]!);
      for (const tally of this.#tallyList) tally.see(this.#placement[at]!);
    }
    if (count > 0) this.#reachWithout(count);
    if (node !== this.#node) this.#node = this.#tree.without(node);
    if (this.#node !== 0) this.#tree.stop(this.#node);
    if (this.#input.watch !== undefined) {
      this.#input.watch(this.#person, this.#ownPart());
      this.#remember();
    }
    for (const tally of this.#tallyList) tally.endPerson();
    for (const kind of ['touched', 'untouched'] as const) {
      if (this.#has[kind]) this.#people[kind]++;
      this.#has[kind] = false;
    }
    this.#node = 0;
    this.#orders = 0;
    this.#touches = 0;
  }

  #remember(): void {
    const { orders, touched } = this.#counts;
    this.#before = { orders, touched, values: this.#values.slice(), untouchedValues: this.#untouchedValues.slice() };
  }

  #ownPart(): OwnPart {
    const { orders, touched, values, untouchedValues } = this.#before;
    const touchedOrders = this.#counts.touched - touched;
    const untouched = this.#input.currencies.map((_, c) => this.#untouchedValues[c]! - untouchedValues[c]!);
    return {
      orders: { touched: touchedOrders, untouched: this.#counts.orders - orders - touchedOrders },
      values: { touched: untouched.map((value, c) => this.#values[c]! - values[c]! - value), untouched },
      tallies: this.#tallies,
    };
  }

  /** The path that is held led to no order. */
  #reachWithout(count: number): void {
    this.#ages.fill(0, 0, count);
    for (const name of agelessModels) {
      shareOrder(name, this.#ages, count, this.#input.settings.halfLifeSeconds, this.#credits);
      const model = ruleModels.indexOf(name);
      for (const tally of this.#tallyList) tally.reach(model, this.#path, this.#credits, count);
    }
  }

  #isLoose(at: number): boolean {
    return this.#counted[at] === 0 && this.#second[at]! >= 0 && this.#second[at]! < this.#lastSecond;
  }
}
