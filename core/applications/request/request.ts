/** A report as it is asked for: which application, over which tables of a catalogue, with which parameters. Checked once, at the border. */
import { z } from 'zod';
import { dimensions } from '../attribution/index.ts';
import { models as stageModels } from '../lifecycle/index.ts';
import { ReportRefused } from './refusal.ts';

const name = z.string().min(1).max(128);
const values = z.array(z.string().max(200)).min(1).max(1_000);
const instant = z.int().min(0).max(4_102_444_800);
const days = z.int().min(0).max(400);
const period = z
  .strictObject({ from: instant, until: instant })
  .refine(({ from, until }) => from < until, 'expected from before until');
const words = z.strictObject({ en: z.string().min(1).max(100), zh: z.string().min(1).max(100) });
/** One event table for each owner who has events. */
const events = z.array(name).min(1).max(8);
/** Some people: a person table, or those of it with some values, or an audience. */
const people = z.union([
  z.strictObject({ table: name, where: z.strictObject({ column: name, in: values }).exactOptional() }),
  z.strictObject({ audience: name }),
]);
const currency = z.strictObject({ code: z.string().regex(/^[A-Z]{3}$/), digits: z.int().min(0).max(6) });

const overlap = z.strictObject({
  application: z.literal('overlap'),
  /** The receiver's own list. */
  people: name,
  segment: name.exactOptional(),
  partner: z.strictObject({
    table: name,
    /** Which kind of identifier matched first. */
    identifier: name.exactOptional(),
  }),
});

const insight = z.strictObject({
  application: z.literal('insight'),
  base: name,
  baseName: words,
  audience: people,
  tags: z.array(name).min(1).max(50),
  crossed: z.array(z.tuple([name, name])).max(10),
  correction: z.enum(['benjamini-hochberg', 'holm']).exactOptional(),
});

const reach = z.strictObject({
  application: z.literal('reach'),
  events,
  period,
  media: values.max(61),
  binCount: z.int().min(1).max(100),
  impressionsMax: z.int().min(1).max(1_000),
  target: people.exactOptional(),
});

const lift = z.strictObject({
  application: z.literal('lift'),
  groups: z.strictObject({ table: name, column: name, treated: values, control: values }),
  assignment: z.enum(['random', 'observed']),
  events,
  period,
  /** Without it no value is told. */
  value: z.strictObject({ currency, max: z.int().min(1).max(1_000_000_000) }).exactOptional(),
  plannedShare: z.number().gt(0).lt(1).exactOptional(),
});

/** Rules are checked against the catalogue's tags and audiences (`checkRule`). */
const rule = z.unknown();

const lifecycle = z.strictObject({
  application: z.literal('lifecycle'),
  people: name,
  events,
  model: z.union([
    z.enum(Object.keys(stageModels) as [keyof typeof stageModels, ...(keyof typeof stageModels)[]]),
    z.strictObject({
      name,
      stages: z.array(z.strictObject({ name, words, rule })).min(1).max(12),
    }),
  ]),
  /** Ascending. */
  dates: z
    .array(instant)
    .min(2)
    .max(12)
    .refine((dates) => dates.every((date, i) => i === 0 || date > dates[i - 1]!), 'expected ascending dates'),
});

const select = z.strictObject({
  application: z.literal('select'),
  people: name,
  /** Further person tables, whose tags are named `table.column`; whoever is not in one has none of its tags. */
  with: z.array(name).min(1).max(8).exactOptional(),
  /** None where the rule names no event. */
  events: z.array(name).max(8),
  rule,
  asOf: instant,
});

const retarget = z.strictObject({
  application: z.literal('retarget'),
  people: name,
  events,
  asOf: instant,
  /** An audience. */
  matched: name,
  touched: z.strictObject({
    kind: z.enum(['exposure', 'click', 'visit']),
    campaigns: values.exactOptional(),
    withinDays: days,
  }),
  notConvertedWithinDays: days,
  /** Audiences. */
  excluded: z.array(name).max(20),
  frequency: z.strictObject({ timesMax: z.int().min(1).max(1_000), withinDays: days }).exactOptional(),
});

const attribution = z.strictObject({
  application: z.literal('attribution'),
  events,
  period,
  windowSeconds: z.int().min(0).max(34_560_000).exactOptional(),
  lookBackSeconds: z
    .strictObject({
      exposure: z.int().min(0).exactOptional(),
      click: z.int().min(0).exactOptional(),
      visit: z.int().min(0).exactOptional(),
    })
    .exactOptional(),
  halfLifeSeconds: z.int().min(1).exactOptional(),
  pathLengthMax: z.int().min(1).max(1_000).exactOptional(),
  /** Orders of one person that count, and units up to which the value of one does: noise has to hide so much. */
  ordersMax: z.int().min(1).max(1_000).exactOptional(),
  valueMax: z.int().min(1).max(1_000_000_000).exactOptional(),
  /** In which values are told; without one none are. */
  currencies: z.array(currency).max(8),
  dimensions: z.array(z.enum(dimensions)).min(1).max(4),
  models: z
    .array(
      z.enum([
        'first',
        'last',
        'linear',
        'position',
        'decay',
        'markov-1',
        'markov-2',
        'markov-3',
        'shapley',
        'shapley-rate',
      ]),
    )
    .min(1),
  /** A category of a person table: who belongs to which audience. */
  audiences: z.strictObject({ table: name, column: name }).exactOptional(),
  /** Whether paths of up to three channels are told; on one's own events they always are. */
  paths: z.boolean().exactOptional(),
  /** What was paid, from whoever paid it; for one owner's own events what they say themselves. */
  costs: z
    .array(z.strictObject({ dimension: z.enum(dimensions), unit: name, currency: name, units: z.int().min(0) }))
    .max(1_000)
    .exactOptional(),
});

const traffic = z.strictObject({
  application: z.literal('traffic'),
  events: z.tuple([name]),
  /** Columns of the log that leave it for nobody. */
  agent: name.exactOptional(),
  address: name.exactOptional(),
  device: name.exactOptional(),
  /** The published list, as `readCrawlerList` takes it. */
  crawlers: z.unknown(),
  clickAfterExposureSeconds: z.int().min(0).exactOptional(),
  sampleSize: z.int().min(0).max(100).exactOptional(),
});

const schema = z.discriminatedUnion('application', [
  overlap,
  insight,
  reach,
  lift,
  lifecycle,
  select,
  retarget,
  attribution,
  traffic,
]);

export type ReportRequest = z.infer<typeof schema>;
export type ReportApplication = ReportRequest['application'];
export type RequestOf<Name extends ReportApplication> = Extract<ReportRequest, { application: Name }>;
export type People = z.infer<typeof people>;

/** @throws {ReportRefused} `malformed-request` that names the first parameter that is not right. */
export function parseReportRequest(value: unknown): ReportRequest {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new ReportRefused('malformed-request', `/${issue.path.map(String).join('/')}: ${issue.message}`);
}
