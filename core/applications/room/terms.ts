/**
 * The terms of a room: who keeps it, who brings which columns, and what may be asked of them. Their canonical form is hashed to the
 * agreement's id, so a change of any word, and of any rule of a column, is another agreement.
 */
import { z } from 'zod';
import type { ColumnRule, TableRules } from '../../policy/query/index.ts';
import { keyHoldersMax } from '../../protocols/join-spine/index.ts';
import { catalogueOf } from './catalogue.ts';

const organisation = z.string().regex(/^[a-z0-9-]{1,63}$/);
const column = z.string().min(1).max(200);
/** Beside the keeper. */
const partiesMax = 15;
const contributionsMax = 30;
const organisations = z.array(organisation).min(1).max(partiesMax);

type KeyRule = Extract<ColumnRule, { readonly type: 'key' }>;

/** Keys that a table of events may bring: they travel as numbers that mean something within one upload alone. */
const eventKeys: readonly string[] = ['event_id', 'order_ref'];

/** Rows that one contributor may bring: its pseudonyms are brought into order in memory. */
export const roomRowsMax = 2 ** 22;

/** A table that one contributor brings; it may bring several. */
const contribution = z.strictObject({
  organisation,
  /** Id of the dataset at its owner. */
  dataset: z.string().min(1).max(200),
  /** Rows as published, rounded. */
  rowsAbout: z.int().min(0).max(roomRowsMax),
  /** Rows, and distinct identifiers of each kind, that it may hold at most. */
  rowsMax: z.int().min(1).max(roomRowsMax),
  /** What the table is called in questions. */
  table: z.string().min(1).max(128),
  /** Which column of the dataset each column of the table is; all others stay at home. */
  columns: z
    .array(
      z.strictObject({
        column,
        name: z.string().min(1).max(128),
        /** Of a place, whose latitude `column` has: the dataset's column of longitudes. */
        longitude: column.exactOptional(),
      }),
    )
    .min(1)
    .max(200),
});

export const roomTerms = z.strictObject({
  version: z.literal(1),
  operation: z.literal('room'),
  network: z.string().min(1).max(63),
  /** For people. */
  purpose: z.string().min(1).max(500),
  proposer: organisation,
  /** The organisation whose node keeps the room. */
  room: organisation,
  /** Tables, in the order in which their persons are told apart; those of one organisation may stand anywhere. */
  contributors: z.array(contribution).min(2).max(contributionsMax),
  /** Kinds of identifiers by which rows are put together, in this order: every table has all of them. */
  rounds: z
    .array(
      z.strictObject({
        /** The form in which all contributors hash the identifier, e.g. `phone/sha256`. */
        form: z.string().min(1).max(200),
        columns: z
          .array(
            z.strictObject({
              organisation,
              /** What its table is called in questions. */
              table: z.string().min(1).max(128),
              column,
              profile: z.string().min(1).max(200),
            }),
          )
          .min(2)
          .max(contributionsMax),
      }),
    )
    .min(1)
    .max(8),
  /** Contributors whose keys go into the pseudonyms. */
  keyHolders: organisations,
  /** Contributors that may ask, and get answers. */
  receivers: organisations,
  /** What questions are for: the rules of columns name it. */
  questionPurpose: organisation,
  /** What may be asked of each column, as `core/policy/query` has it; the network and the epoch are the room's own. */
  rules: z.looseObject({
    zone: z.string(),
    tables: z
      .array(z.looseObject({ name: z.string(), owner: organisation, subjects: organisation, kind: z.string() }))
      .min(2)
      .max(contributionsMax),
  }),
  /** Who may be given which of its own rows are in an audience; left out where nobody is. */
  activation: z
    .strictObject({
      receiver: organisation,
      /** What audiences are for: the rules of columns name it. */
      purpose: organisation,
      /** Fewest people in an audience. */
      minimumPersons: z.int().min(2).max(1_000_000),
      /** Audiences of one room: each tells one more yes or no of every row. */
      audiencesMax: z.int().min(1).max(64),
    })
    .exactOptional(),
  /** What all answers about one owner's people may tell the receivers, in millionths of ρ. */
  budgetRho: z.int().min(1).max(10_000_000),
  /** Whether no combination of exact answers may be about too few people, or no pair of them. */
  exactGuard: z.enum(['pairs', 'strict']),
  limits: z.strictObject({
    /** A list with fewer distinct identifiers is not taken in. */
    minimumListRows: z.int().min(1).max(1_000_000_000),
    usesMax: z.int().min(1).max(10_000),
    expiresAt: z.iso.datetime({ precision: 0 }),
  }),
  /** Random, so that the same proposal made twice is two agreements. 16 bytes, hexadecimal. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});

export type RoomTerms = z.infer<typeof roomTerms>;
export type RoomContribution = RoomTerms['contributors'][number];
export type RoomActivation = NonNullable<RoomTerms['activation']>;

/** The organisations that sign, the proposer first. */
export function roomParties(terms: RoomTerms): readonly string[] {
  const all = [terms.room, ...contributorsOf(terms)];
  return [terms.proposer, ...all.filter((party) => party !== terms.proposer)];
}

/** Who contributes, each once, in the order of the terms. */
export function contributorsOf({
  contributors,
}: {
  readonly contributors: readonly { readonly organisation: string }[];
}): readonly string[] {
  return [...new Set(contributors.map(({ organisation }) => organisation))];
}

/** A contribution, with its place among all of the terms. */
export interface PlacedContribution extends RoomContribution {
  readonly place: number;
}

/** The tables that an organisation contributes; none of the keeper. */
export function contributionsOf(
  { contributors }: Pick<RoomTerms, 'contributors'>,
  organisation: string,
): readonly PlacedContribution[] {
  return contributors
    .map((contribution, place) => ({ ...contribution, place }))
    .filter((contribution) => contribution.organisation === organisation);
}

/** The place of the table of whose rows audiences are given; undefined where nobody is given any. */
export function audiencePlaceOf(terms: RoomTerms): number | undefined {
  const { activation, rules } = terms;
  if (activation === undefined) return undefined;
  const persons = new Set(rules.tables.filter(({ kind }) => kind === 'person').map(({ name }) => name));
  return contributionsOf(terms, activation.receiver).find(({ table }) => persons.has(table))?.place;
}

/** Whose keys a contributor's list visits, in this order. */
export function serversOf(terms: RoomTerms, organisation: string): readonly string[] {
  return terms.keyHolders.filter((holder) => holder !== organisation);
}

/** @throws {RangeError} for terms that contradict themselves; the message says which and what to write instead. */
export function checkTerms(terms: RoomTerms): void {
  const contributors = contributorsOf(terms);
  const refuse = (message: string): never => {
    throw new RangeError(message);
  };
  if (contributors.length < 2) refuse('a room needs two contributors or more');
  if (contributors.length > partiesMax) refuse(`a room takes up to ${partiesMax} contributors`);
  if (isRepeated(terms.contributors.map(({ organisation, dataset }) => JSON.stringify([organisation, dataset]))))
    refuse('a dataset is brought to a room as one table');
  // Whoever keeps a room can read all of it: with a part in it, it would know people behind pseudonyms, or see past the rules of its answers.
  if (contributors.includes(terms.room)) refuse(`${terms.room} keeps the room, so it cannot contribute to it`);
  const stranger = terms.receivers.find((receiver) => !contributors.includes(receiver));
  if (stranger !== undefined) refuse(`${stranger} is to receive answers and is no contributor`);
  checkActivation(terms);
  if (!roomParties(terms).includes(terms.proposer) || ![terms.room, ...contributors].includes(terms.proposer))
    refuse('a room is proposed by its keeper or by a contributor');
  checkHolders(terms, contributors);
  for (const { form, columns } of terms.rounds) {
    const isWhole =
      columns.length === terms.contributors.length &&
      terms.contributors.every(({ organisation, table }) =>
        columns.some((one) => one.organisation === organisation && one.table === table),
      );
    if (!isWhole) refuse(`the identifier ${form} needs a column of every table`);
  }
  if (isRepeated(terms.rounds.map(({ form }) => form))) refuse('each key stands once in the order');
  checkTables(terms);
}

/** Audiences follow an estimate of their size, which answers give; and their rows are people. */
function checkActivation({ activation, receivers, contributors, rules }: RoomTerms): void {
  if (activation === undefined) return;
  const { receiver } = activation;
  if (!receivers.includes(receiver))
    throw new RangeError(`${receiver} is to be given audiences and receives no answers; name it among the receivers`);
  const tables = contributionsOf({ contributors }, receiver).map(({ table }) => table);
  const persons = tables.filter((table) => rules.tables.find(({ name }) => name === table)?.kind === 'person');
  if (persons.length === 1) return;
  throw new RangeError(
    `${receiver} is to be given audiences of the rows of its one table of persons, and brings ${persons.length} of them: ${tables.join(', ')}`,
  );
}

function checkHolders({ keyHolders }: RoomTerms, contributors: readonly string[]): void {
  const expected = contributors.length <= keyHoldersMax ? contributors.length : keyHoldersMax - 1;
  const areContributors = keyHolders.every((holder) => contributors.includes(holder));
  if (keyHolders.length === expected && areContributors && !isRepeated(keyHolders)) return;
  throw new RangeError(
    contributors.length <= keyHoldersMax
      ? `up to ${keyHoldersMax} contributors all hold keys`
      : `of more than ${keyHoldersMax} contributors, ${expected} hold keys`,
  );
}

/** One contribution for each table, and a column of the dataset for each column of the table. */
function checkTables(terms: RoomTerms): void {
  const { tables, audiences } = catalogueOf(terms, 'any');
  if (audiences.length > 0) throw new RangeError('audiences cannot be brought to a room by this version');
  if (isRepeated(terms.contributors.map(({ table }) => table))) throw new RangeError('a table is brought twice');
  if (tables.length !== terms.contributors.length)
    throw new RangeError('every table of the rules is brought by its owner');
  for (const { organisation, table, columns } of terms.contributors) {
    const rules = tables.find(({ name }) => name === table);
    if (rules?.owner !== organisation) throw new RangeError(`the rules have no table ${table} of ${organisation}`);
    const mapped = columns.map(({ name }) => name);
    const ruled = rules.columns.filter(({ name }) => name !== rules.person);
    for (const rule of ruled) if (rule.type === 'key') checkKey(rules, rule);
    for (const { name, longitude } of columns) {
      const isPlace = ruled.find((rule) => rule.name === name)?.type === 'place';
      if (isPlace === (longitude !== undefined)) continue;
      throw new RangeError(
        isPlace
          ? `column ${name} of ${table} is a place: name the dataset's column of longitudes beside that of latitudes`
          : `column ${name} of ${table} is no place, so it has no longitude`,
      );
    }
    const [unruled, unmapped] = [
      mapped.find((name) => !ruled.some((rule) => rule.name === name)),
      ruled.find(({ name }) => !mapped.includes(name)),
    ];
    if (unruled !== undefined) throw new RangeError(`column ${unruled} of ${table} has no rule, so it stays at home`);
    if (unmapped) throw new RangeError(`column ${unmapped.name} of ${table} has a rule and nothing to fill it`);
    if (isRepeated(mapped)) throw new RangeError(`a column of ${table} is filled twice`);
  }
}

/** What tells events and orders apart, and nothing else: only pseudonyms join tables in a room. */
function checkKey({ name: table, kind }: TableRules, { name, join }: KeyRule): void {
  if (kind !== 'event' || !eventKeys.includes(name)) {
    throw new RangeError(
      `column ${name} of ${table} is a key: beside the person, a room takes ${eventKeys.join(' and ')} of tables of events`,
    );
  }
  if (join) throw new RangeError(`column ${name} of ${table} joins nothing: only pseudonyms join tables in a room`);
}

function isRepeated(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}
