/** An attribution over the rows of several owners: its tables of numbers, and the report from what was released of them. */

import { sqlIdentifier } from '../../sql/index.ts';
import { noisy, sum } from '../../statistics/index.ts';
import type { AttributionReport, PathExplorer } from '../attribution/index.ts';
import {
  type AttributionCells,
  type AttributionModel,
  type AttributionSettings,
  attributionCells,
  attributionTold,
  type Collected,
  type CreditTable,
  creditsPerOrder,
  type Dimension,
  defaultAttribution,
  explorePaths,
  type NoisyPaths,
  type OwnPart,
  type PathModel,
  type Placement,
  pathCredits,
  type RuleModel,
  reportAttribution,
  ruleModels,
} from '../attribution/index.ts';
import { optional, type Released } from '../report/index.ts';
import type { Words } from '../words.ts';
import { isPathModel, pathNumbers, pathTables, releasedPathCredits } from './attribution-models.ts';
import { explorerNumbers, explorerTables, releasedPaths } from './attribution-paths.ts';
import { randomPeople } from './random-people.ts';
import type { Reader } from './reader.ts';
import { ReportRefused } from './refusal.ts';
import { integerOf, type JourneyReport, type PersonNumbers, type RowsOf } from './report-kind.ts';
import type { RequestOf } from './request.ts';
import { personRows } from './sources.ts';
import { peopleTable, type ReleasedTables, type ReleaseTable, sumTable, type TrueNumbers } from './table.ts';

export interface AttributionData extends AttributionReport {
  /** Of one owner's own events, or where they were asked for. */
  readonly paths?: PathExplorer | NoisyPaths;
  readonly words: readonly Words[];
}

type Request = RequestOf<'attribution'>;

export function resolveAttribution(request: Request, reader: Reader): JourneyReport {
  const groups = (['channel', 'campaign', 'creative'] as const).filter(
    (dimension) => dimension === 'channel' || request.dimensions.includes(dimension),
  );
  const { period, currencies } = request;
  const value = currencies.length === 0 ? undefined : ('sum' as const);
  reader.events(request.events, { groups, value }, [period.from, period.until]);
  const shape = new Shape(request, reader);
  return {
    kind: 'journeys',
    settings: shape.settings,
    tables: (protection) => shape.tables(protection),
    source: (sources, events) => ({
      events,
      currencies: currencies.map(({ code }) => code),
      ...(shape.audiences === undefined ? {} : { audiences: shape.audiences(sources) }),
    }),
    numbers: (collected) => shape.numbers(collected),
    members: (dimensions) => shape.members(dimensions),
    kinds: (placements) => shape.kinds(placements),
    report: (released) => shape.report(released),
    own: (collected, rows) => shape.own(collected, rows),
  };
}

class Shape {
  readonly settings: AttributionSettings;
  readonly audiences: ((sources: Parameters<typeof personRows>[2]) => string) | undefined;
  readonly #request: Request;
  readonly #units: Readonly<Record<Dimension, readonly string[]>>;

  constructor(request: Request, reader: Reader) {
    this.#request = request;
    const { windowSeconds, lookBackSeconds, halfLifeSeconds, pathLengthMax, ordersMax, valueMax, period } = request;
    this.settings = {
      ...defaultAttribution,
      period,
      ...(windowSeconds === undefined ? {} : { windowSeconds }),
      ...(lookBackSeconds === undefined
        ? {}
        : { lookBackSeconds: lookBackSeconds as AttributionSettings['lookBackSeconds'] }),
      ...(halfLifeSeconds === undefined ? {} : { halfLifeSeconds }),
      ...(pathLengthMax === undefined ? {} : { pathLengthMax }),
      ...(ordersMax === undefined ? {} : { ordersMax }),
      ...(valueMax === undefined ? {} : { valueMax }),
    };
    let names: readonly string[] = [];
    if (request.audiences !== undefined) {
      const { table: name, column } = request.audiences;
      const table = reader.personTable(name);
      names = reader.values(table, column);
      this.audiences = (sources) =>
        `(SELECT person, ${sqlIdentifier(column)} AS audience FROM ${personRows(table, [column], sources)} WHERE ${sqlIdentifier(column)} IS NOT NULL)`;
    }
    // A touch has a channel; of the others it may have none.
    this.#units = {
      channel: reader.declared('channel'),
      campaign: ['', ...reader.declared('campaign')],
      creative: ['', ...reader.declared('creative')],
      audience: ['', ...names],
    };
  }

  /** @throws {ReportRefused} where noise could not hide a person, and for what is told with noise alone. */
  tables(protection: 'noise' | 'exact'): readonly ReleaseTable[] {
    this.#requireLimits();
    const { models, dimensions, currencies, paths } = this.#request;
    const { channel } = this.#units;
    const withNoise = paths === true ? 'paths' : models.find(isPathModel);
    if (protection === 'exact' && withNoise !== undefined) throw new ReportRefused('exact-not-offered', withNoise);
    return [
      sumTable('orders', 2, { most: this.#orders, people: { table: 'people with orders', cell: 'same' }, moves: true }),
      peopleTable('people with orders', 2, { in: 2 }),
      ...currencies.map(({ code }) =>
        sumTable(`value in ${code}`, 2, {
          most: this.#orders * this.#value,
          people: { table: 'people with orders', cell: 'same' },
          moves: true,
        }),
      ),
      ...this.#shownDimensions.map((dimension) => this.#peopleTable(dimension)),
      ...dimensions.flatMap((dimension) => models.flatMap((model) => this.#ruleTables(model, dimension))),
      ...models.filter(isPathModel).flatMap((model) => pathTables(model, channel, this.settings)),
      ...(paths === true ? explorerTables(channel, this.#ordersMax) : []),
    ];
  }

  get #ordersMax(): number {
    return this.settings.ordersMax ?? 1;
  }

  get #orders(): bigint {
    return BigInt(this.#ordersMax);
  }

  get #value(): bigint {
    return BigInt(this.settings.valueMax ?? 1);
  }

  /** What noise has to hide has to be limited. @throws {ReportRefused} */
  #requireLimits(): void {
    if (this.settings.ordersMax === undefined) throw new ReportRefused('limit-needed', 'ordersMax');
    const { currencies, valueMax } = this.#request;
    if (currencies.length > 0 && valueMax === undefined) throw new ReportRefused('limit-needed', 'valueMax');
  }

  get #shownDimensions(): readonly Dimension[] {
    const { dimensions, models } = this.#request;
    return [...new Set<Dimension>([...dimensions, ...(models.some(isPathModel) ? ['channel' as const] : [])])];
  }

  #peopleTable(dimension: Dimension): ReleaseTable {
    const cells = this.#units[dimension].length;
    return peopleTable(`people by ${dimension}`, cells, { in: cells });
  }

  #ruleTables(model: AttributionModel, dimension: Dimension): readonly ReleaseTable[] {
    if (isPathModel(model)) return [];
    const cells = this.#units[dimension].length;
    const people = { table: `people by ${dimension}`, cell: 'same' } as const;
    const most = this.#orders * BigInt(creditsPerOrder);
    return [
      sumTable(creditName(model, dimension), cells, { most, people, moves: true }),
      ...this.#request.currencies.map(({ code }) =>
        sumTable(valueName(model, dimension, code), cells, { most: this.#orders * this.#value, people, moves: true }),
      ),
    ];
  }

  numbers(collected: Collected): TrueNumbers {
    const { models, dimensions, currencies, paths } = this.#request;
    const { counts, tallies } = collected;
    const numbers: Record<string, readonly bigint[]> = {
      orders: [counts.touched, counts.orders - counts.touched].map(BigInt),
      'people with orders': [counts.people.touched, counts.people.untouched].map(BigInt),
    };
    for (const [c, { code }] of currencies.entries()) {
      const untouched = counts.untouchedValues[c]!;
      numbers[`value in ${code}`] = [counts.values[c]! - untouched, untouched].map(BigInt);
    }
    for (const dimension of this.#shownDimensions) {
      numbers[`people by ${dimension}`] = this.#byUnit(collected, dimension, (u) => tallies[dimension].persons(u));
    }
    for (const dimension of dimensions) {
      for (const model of models) {
        if (isPathModel(model)) continue;
        const credit = (u: number) => tallies[dimension].credit(ruleModels.indexOf(model), u);
        numbers[creditName(model, dimension)] = this.#byUnit(collected, dimension, (u) => credit(u).credits);
        for (const [c, { code }] of currencies.entries()) {
          numbers[valueName(model, dimension, code)] = this.#byUnit(
            collected,
            dimension,
            (u) => credit(u).values[c]!.units,
          );
        }
      }
    }
    const { channel } = this.#units;
    return {
      ...numbers,
      ...pathNumbers(models.filter(isPathModel), channel, collected),
      ...(paths === true ? explorerNumbers(channel, collected) : {}),
    };
  }

  members(units: Collected['dimensions']): (own: OwnPart) => PersonNumbers {
    const { models, dimensions, currencies } = this.#request;
    const rules = models.filter((model) => !isPathModel(model));
    const placeOf = (dimension: Dimension) =>
      units[dimension].units.map((unit) => this.#units[dimension].indexOf(unit));
    const places = new Map(this.#shownDimensions.map((dimension) => [dimension, placeOf(dimension)]));
    return ({ orders, values, tallies }) => {
      const found: Record<string, (readonly [cell: number, amount: number])[]> = {};
      const add = (table: string, cell: number, amount: number) => {
        if (amount === 0 || cell < 0) return;
        found[table] ??= [];
        found[table].push([cell, amount]);
      };
      [orders.touched, orders.untouched].forEach((count, cell) => {
        add('orders', cell, count);
        add('people with orders', cell, Math.sign(count));
      });
      for (const [c, { code }] of currencies.entries()) {
        const worth = [values.touched[c]!, values.untouched[c]!];
        for (const [cell, value] of worth.entries()) add(`value in ${code}`, cell, value);
      }
      for (const [dimension, placed] of places) {
        const tally = tallies[dimension];
        for (const unit of tally.seenUnits) {
          const cell = placed[unit]!;
          add(`people by ${dimension}`, cell, 1);
          if (!dimensions.includes(dimension)) continue;
          for (const model of rules) {
            const own = tally.ownCredit(ruleModels.indexOf(model as RuleModel), unit);
            add(creditName(model, dimension), cell, own.credits);
            for (const [c, { code }] of currencies.entries())
              add(valueName(model, dimension, code), cell, own.values[c]!);
          }
        }
      }
      return found;
    };
  }

  /** Whatever people's numbers could be, as far as sums and differences go: those of as many people who did something at random. */
  kinds(placements: readonly Placement[]): readonly PersonNumbers[] {
    const { currencies } = this.#request;
    const cellCount = this.tables('exact').reduce((count, { cells }) => count + cells, 0);
    return randomPeople({
      settings: this.settings,
      placements: [...placements, ...this.#unseenPlacements(placements)],
      currencies: currencies.map(({ code }) => code),
      peopleCount: 3 * cellCount + 50,
      numbersOf: (dimensions) => this.members(dimensions),
    });
  }

  /** A declared name that no touch bears could be born by one. */
  #unseenPlacements(placements: readonly Placement[]): readonly Placement[] {
    const [first = { channel: this.#units.channel[0]!, campaign: '', creative: '', audience: '' }] = placements;
    return this.#shownDimensions.flatMap((dimension) => {
      const seen = new Set(placements.map((placement) => placement[dimension]));
      return this.#units[dimension]
        .filter((unit) => unit !== '' && !seen.has(unit))
        .map((unit) => ({ ...first, [dimension]: unit }));
    });
  }

  #byUnit(collected: Collected, dimension: Dimension, numberOf: (unit: number) => number): readonly bigint[] {
    const { units } = collected.dimensions[dimension];
    const found = new Map(units.map((unit, u) => [unit, BigInt(numberOf(u))]));
    return this.#units[dimension].map((unit) => found.get(unit) ?? 0n);
  }

  report(released: ReleasedTables): AttributionData {
    const { models, dimensions, currencies, costs = [] } = this.#request;
    const [touched, untouched] = released('orders');
    const asCredits = (count: Released) =>
      count && noisy(count.value * creditsPerOrder, count.noise * creditsPerOrder ** 2);
    const values = currencies.map(({ code }) => released(`value in ${code}`));
    const cells: AttributionCells = {
      currencies: currencies.map(({ code, digits }) => ({ currency: code, digits })),
      tables: [
        ...dimensions.flatMap((dimension) =>
          models.flatMap((model) => (isPathModel(model) ? [] : [this.#ruleTable(model, dimension, released)])),
        ),
        ...models.flatMap((model) => (isPathModel(model) ? [this.#pathTable(model, released, touched)] : [])),
      ],
      total: { credits: asCredits(added([touched, untouched])), values: values.map(added) },
      untouched: { credits: asCredits(untouched), values: values.map(([, without]) => without) },
      costs,
    };
    const report = reportAttribution(cells);
    const paths =
      this.#request.paths === true ? releasedPaths(this.#units.channel, this.#ordersMax, released) : undefined;
    const words = [...report.tables.flatMap((table) => table.words), ...(paths?.words ?? [])];
    return { ...report, ...optional('paths', paths), words };
  }

  #ruleTable(model: RuleModel, dimension: Dimension, released: ReleasedTables): CreditTable {
    const credits = released(creditName(model, dimension));
    const people = released(`people by ${dimension}`);
    const ofCurrency = this.#request.currencies.map(({ code }) => released(valueName(model, dimension, code)));
    const rows = this.#units[dimension].map((unit, u): CreditTable['rows'][number] => ({
      unit,
      credits: credits[u],
      ...(credits[u] === undefined ? {} : { squares: this.#squares(credits[u].value / creditsPerOrder, 1) }),
      persons: people[u],
      values: ofCurrency.map((values) => ({
        units: values[u],
        ...(values[u] === undefined ? {} : { squares: this.#squares(values[u].value, Number(this.#value)) }),
      })),
    }));
    return { model, dimension, rows };
  }

  /** Σ over people of their figure squared is not told; it is at most the largest figure of a person times the sum. */
  #squares(total: number, perOrder: number): number {
    return this.#ordersMax * perOrder * Math.abs(total);
  }

  #pathTable(model: PathModel, released: ReleasedTables, touched: Released): CreditTable {
    const units = this.#units.channel;
    const people = released('people by channel');
    const credits =
      touched === undefined ? [] : releasedPathCredits(model, units, { released, touched, ordersMax: this.#ordersMax });
    const values = this.#request.currencies.map(({ code }) => released(`value in ${code}`)[0]);
    const all = credits.reduce((total, credit) => total + Math.max(credit?.credits.value ?? 0, 0), 0);
    return {
      model,
      dimension: 'channel',
      rows: units.map((unit, u) => {
        const credit = people[u] === undefined ? undefined : credits[u];
        const share = credit === undefined || all === 0 ? 0 : Math.max(credit.credits.value, 0) / all;
        return {
          unit,
          credits: credit?.credits,
          ...(credit?.interval === undefined ? {} : { interval: credit.interval }),
          ...(credit !== undefined && credit.interval === undefined
            ? { squares: this.#squares(credit.credits.value / creditsPerOrder, 1) }
            : {}),
          persons: people[u],
          values: values.map((value) => ({
            units:
              value === undefined || credit === undefined
                ? undefined
                : noisy(share * value.value, share ** 2 * value.noise),
          })),
        };
      }),
    };
  }

  own(collected: Collected, rows: RowsOf): AttributionData {
    const { models, dimensions, currencies } = this.#request;
    const costs = rows('costs').map((row) => ({
      placement: Number(row.placement),
      currency: String(row.currency),
      cost: Number(row.cost),
    }));
    const digits = Object.fromEntries(currencies.map(({ code, digits: count }) => [code, count]));
    const cells = attributionCells(collected, {
      pathCredits: pathCredits(collected, models.filter(isPathModel)),
      costs,
      digits,
    });
    const wanted = ({ model, dimension }: CreditTable) =>
      models.includes(model) && (isPathModel(model) || dimensions.includes(dimension));
    const report = reportAttribution({ ...cells, tables: cells.tables.filter(wanted) });
    const paths = explorePaths(collected, 1);
    const [refunds] = rows('refunds');
    const told = attributionTold(this.settings, collected.counts, {
      unknown: Number(integerOf(refunds!.unknown)),
      above: Number(integerOf(refunds!.above)),
    });
    const words = [...report.tables.flatMap((table) => table.words), ...paths.words, ...told];
    return { ...report, paths, words };
  }
}

function added(parts: readonly Released[]): Released {
  return parts.every((part) => part !== undefined) ? sum(parts) : undefined;
}

function creditName(model: AttributionModel, dimension: Dimension): string {
  return `${model} by ${dimension}`;
}

function valueName(model: AttributionModel, dimension: Dimension, currency: string): string {
  return `${currency} of ${model} by ${dimension}`;
}
