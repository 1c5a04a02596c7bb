/**
 * What the rules of a room's columns look like on the wire. What they mean, and which contradict each other, the query policy says when a room is
 * proposed; here stands which fields there are, so that a misspelt one is named.
 */
import { z } from 'zod';
import { line, organisation } from '../fields.ts';

const integer = z.number().int();
const perPerson = z.strictObject({ rows: integer, groups: integer }).optional();

const rights = {
  name: line(128),
  /** Fewest persons behind a figure. */
  k: integer,
  protection: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('noise'), rho: integer, sigmaFloor: integer }),
    z.strictObject({ kind: z.literal('exact') }),
  ]),
  purposes: z.array(organisation).max(32),
  receivers: z.array(organisation).max(32),
  /** Whether audiences may be made with it, for the one whom the agreement names. */
  select: z.boolean().optional(),
  perPerson,
};

const asked = { ...rights, group: z.boolean(), isNullable: z.boolean() };
const numeric = {
  ...asked,
  filter: z.enum(['no', 'range']),
  min: integer,
  max: integer,
  grid: integer,
  aggregates: z.array(z.enum(['sum', 'mean', 'variance'])),
  clip: z.strictObject({ low: integer, high: integer }).optional(),
};

const column = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('key'), ...rights, join: z.boolean(), aggregates: z.array(z.enum(['count'])) }),
  z.strictObject({
    type: z.literal('category'),
    ...asked,
    filter: z.enum(['no', 'declared']),
    values: z.array(z.string().max(64)).min(1).max(10_000),
  }),
  z.strictObject({ type: z.literal('integer'), ...numeric }),
  z.strictObject({ type: z.literal('money'), ...numeric, currency: z.string() }),
  z.strictObject({
    type: z.literal('time'),
    ...asked,
    filter: z.enum(['no', 'range']),
    from: z.string(),
    to: z.string(),
    grid: z.enum(['second', 'minute', 'hour', 'day']),
  }),
  z.strictObject({
    type: z.literal('place'),
    ...rights,
    filter: z.enum(['no', 'within']),
    isNullable: z.boolean(),
    /** What the coordinates mean: WGS-84 (GPS), GCJ-02 (most maps of China) or BD-09 (Baidu). */
    system: z.enum(['wgs84', 'gcj02', 'bd09']),
    /** Metres: no circle of a rule is smaller. */
    radiusMin: integer,
  }),
]);

export const roomRules = z
  .strictObject({
    /** In which days and hours are counted. */
    zone: z.string(),
    tables: z
      .array(
        z.strictObject({
          name: line(128),
          owner: organisation,
          /** The set of people that the table is about: what a budget belongs to. */
          subjects: organisation,
          kind: z.enum(['person', 'event']),
          /** The name of the key column that says whose row it is. */
          person: line(128),
          columns: z.array(column).min(1).max(200),
        }),
      )
      .min(2)
      .max(15),
  })
  .meta({ id: 'RoomRules' });
