/**
 * What the owners of a room's tables allow, column by column. What is not written here is refused: a column without a rule, a use that its
 * rule does not name, a receiver or purpose that it does not list.
 *
 * The catalogue is part of the agreement that all owners sign; its hash is part of the name of every number that is ever released.
 */
import { z } from 'zod';
import { sha256 } from '../../../crypto/index.ts';
import { coordinateSystems, leastRadius } from '../../../geo/index.ts';
import { canonicalBytes, type JsonValue } from '../../../json/index.ts';
import { isZone } from '../zone/index.ts';

const slug = z.string().regex(/^[a-z0-9-]{1,63}$/);
/** A name as SQL writes it; any text, for it is always quoted. */
const name = z
  .string()
  .min(1)
  .max(128)
  .refine((text) => text.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(text), 'expected text on one line');
const safeInteger = z
  .int()
  .min(-(2 ** 53) + 1)
  .max(2 ** 53 - 1);
const date = z.iso.date();

/** Whose figures a column may go into, and how they are protected. */
const rights = {
  /** Fewest persons behind a figure. */
  k: z.int().min(2).max(1_000_000),
  protection: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('noise'),
      /** What one table of figures may cost, in millionths of ρ. */
      rho: z.int().min(1).max(1_000_000),
      /** A least standard deviation of a count of persons; of another figure, this times what one person can add to a cell. */
      sigmaFloor: z.int().min(0).max(1_000_000),
    }),
    z.strictObject({ kind: z.literal('exact') }),
  ]),
  purposes: z.array(slug).max(32),
  receivers: z.array(slug).max(32),
  /** Whether a receiver may be told which of its own people are in an audience whose rule reads the column; no, unless it says so. */
  select: z.boolean().exactOptional(),
};

/** The most that one person can add: rows to a count of rows, groups to a table. */
const perPerson = z
  .strictObject({ rows: z.int().min(1).max(10_000), groups: z.int().min(1).max(10_000) })
  .exactOptional();

const uses = {
  group: z.boolean(),
  isNullable: z.boolean(),
  perPerson,
};

const numeric = {
  ...uses,
  filter: z.enum(['no', 'range']),
  min: safeInteger,
  max: safeInteger,
  /** Limits in a question lie on min, min + grid, min + 2·grid … */
  grid: z.int().min(1),
  aggregates: z.array(z.enum(['sum', 'mean', 'variance'])),
  /** What one person may add to a sum in one cell, at least and at most. */
  clip: z.strictObject({ low: safeInteger, high: safeInteger }).exactOptional(),
};

const column = z.discriminatedUnion('type', [
  z.strictObject({
    name,
    type: z.literal('key'),
    join: z.boolean(),
    aggregates: z.array(z.enum(['count'])),
    perPerson,
    ...rights,
  }),
  z.strictObject({
    name,
    type: z.literal('category'),
    ...uses,
    filter: z.enum(['no', 'declared']),
    values: z.array(z.string().max(64)).min(1).max(10_000),
    ...rights,
  }),
  z.strictObject({ name, type: z.literal('integer'), ...numeric, ...rights }),
  /** In minor units, so that it is an integer. */
  z.strictObject({ name, type: z.literal('money'), currency: z.string().regex(/^[A-Z]{3}$/), ...numeric, ...rights }),
  z.strictObject({
    name,
    /** An instant in seconds since the epoch. */
    type: z.literal('time'),
    ...uses,
    filter: z.enum(['no', 'range']),
    /** The first day, and the day after the last, in the agreement's zone. */
    from: date,
    to: date,
    grid: z.enum(['second', 'minute', 'hour', 'day']),
    ...rights,
  }),
  z.strictObject({
    name,
    /** Where somebody is: latitude and longitude, which leave their owner rounded to about a ninth of `radiusMin` (`core/geo`). */
    type: z.literal('place'),
    filter: z.enum(['no', 'within']),
    isNullable: z.boolean(),
    /** What the owner's coordinates mean: nothing in the numbers tells. */
    system: z.enum(coordinateSystems),
    /** Metres: no circle of a rule is smaller, for a small one is somebody's home. */
    radiusMin: z.int().min(leastRadius).max(20_000_000),
    ...rights,
  }),
]);

const table = z.strictObject({
  name,
  owner: slug,
  /** The set of people that the table is about: what a budget belongs to. */
  subjects: slug,
  /** A person table has one row for a person; an event table any number. */
  kind: z.enum(['person', 'event']),
  /** The name of the key column that says whose row it is. */
  person: name,
  columns: z.array(column).min(1).max(200),
});

const audience = z.strictObject({
  name: z.string().min(1).max(128),
  /** The person table of whose people it is a part. */
  table: name,
  group: z.boolean(),
  filter: z.enum(['no', 'declared']),
  ...rights,
});

export const catalogueSchema = z
  .strictObject({
    network: slug,
    /** In which days and hours are counted. */
    zone: z.string().refine(isZone, 'expected a time zone such as Asia/Shanghai or +08:00'),
    /** Which sealed set of uploads the tables hold. */
    epoch: z.string().regex(/^[0-9a-f]{64}$/),
    tables: z.array(table).min(1).max(64),
    audiences: z.array(audience).max(256),
  })
  .superRefine((catalogue, context) => {
    for (const message of contradictions(catalogue)) context.addIssue({ code: 'custom', message });
  });

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Immutable<T[Name]> }
    : T;

export type Catalogue = Immutable<z.infer<typeof catalogueSchema>>;
export type TableRules = Immutable<z.infer<typeof table>>;
export type ColumnRule = Immutable<z.infer<typeof column>>;
export type AudienceRule = Immutable<z.infer<typeof audience>>;
export type Protection = ColumnRule['protection'];

/** @throws {RangeError} that names the first rule that contradicts itself or another. */
export function parseCatalogue(value: unknown): Catalogue {
  const result = catalogueSchema.safeParse(value);
  if (result.success) return result.data as Catalogue;
  const issue = result.error.issues[0]!;
  throw new RangeError(`catalogue, /${issue.path.map(String).join('/')}: ${issue.message}`);
}

/** SHA-256 of the canonical catalogue: 32 bytes. */
export function catalogueHash(catalogue: Catalogue): Uint8Array {
  return sha256(canonicalBytes(catalogue as unknown as JsonValue));
}

/** Names are told apart as DuckDB does it: without regard to the case of ASCII letters. */
export function foldName(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** |value| up to which squares of 2^32 rows still add up within 127 bits. */
const squaredMax = 2 ** 40;

function* contradictions(catalogue: z.infer<typeof catalogueSchema>): Generator<string> {
  if (hasTwice(catalogue.tables.map(({ name }) => foldName(name)))) yield 'two tables have the same name';
  if (hasTwice(catalogue.audiences.map(({ name }) => name))) yield 'two audiences have the same name';
  for (const table of catalogue.tables) {
    if (hasTwice(table.columns.map(({ name }) => foldName(name)))) yield `table ${table.name} has a column twice`;
    const person = table.columns.find(({ name }) => name === table.person);
    if (person?.type !== 'key') yield `table ${table.name}: the person column needs a rule of type key`;
    for (const rule of table.columns) yield* contradictionsOf(rule);
  }
  for (const { name, table } of catalogue.audiences) {
    const of = catalogue.tables.find((each) => each.name === table);
    if (of?.kind !== 'person') yield `audience ${name}: ${table} is not a person table`;
  }
}

function* contradictionsOf(rule: z.infer<typeof column>): Generator<string> {
  switch (rule.type) {
    case 'key':
    case 'place':
      return;
    case 'category':
      if (hasTwice(rule.values)) yield `column ${rule.name}: a value is declared twice`;
      return;
    case 'time':
      if (rule.from >= rule.to) yield `column ${rule.name}: the last day is before the first`;
      if (rule.from < '1970-01-01' || rule.to > '2200-01-01')
        yield `column ${rule.name}: expected days from 1970 to 2199`;
      return;
    case 'integer':
    case 'money': {
      if (rule.min > rule.max) yield `column ${rule.name}: min is above max`;
      if (!Number.isSafeInteger(rule.max - rule.min + 2)) yield `column ${rule.name}: the range is too wide`;
      if (rule.aggregates.length > 0 && rule.clip === undefined) yield `column ${rule.name}: sums need a clip`;
      if (rule.clip !== undefined && rule.clip.low > rule.clip.high)
        yield `column ${rule.name}: the clip is upside down`;
      if (rule.clip?.low === 0 && rule.clip.high === 0) yield `column ${rule.name}: the clip lets nobody add anything`;
      const reach = Math.max(...[rule.min, rule.max, rule.clip?.low ?? 0, rule.clip?.high ?? 0].map(Math.abs));
      if (rule.aggregates.includes('variance') && reach > squaredMax) {
        yield `column ${rule.name}: squares need a range and a clip within 2^40`;
      }
    }
  }
}

function hasTwice(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}
