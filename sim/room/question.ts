/** What is asked of a room: how many, or which, people of one contributor have certain values, by their own rows and by the other's. */
import { canonicalBytes, type JsonValue } from '@causeway/core/json';
import { type Party, parties, partnerOf } from '../scenario/organisations.ts';
import type { Setting } from '../scenario/setting.ts';

/** What each contributor's table has beside its people. */
export const attributes: Readonly<
  Record<Party, { readonly table: string; readonly column: string; readonly values: readonly string[] }>
> = {
  brand: { table: 'crm', column: 'city', values: ['north', 'south'] },
  media: { table: 'users', column: 'tier', values: ['a', 'b'] },
};

export interface Asked {
  readonly by: Party;
  readonly atMs: number;
  /** Of the questions that there are. */
  readonly question: number;
  /** How many they are; or which of the own rows. */
  readonly kind: 'size' | 'audience';
}

/** Values by their codes that count, of the own rows and of the other's. */
interface Wanted {
  readonly own: readonly number[];
  readonly other: readonly number[];
}

const choices = [[0], [1], [0, 1]] as const;
export const questionCount = choices.length ** 2;

function wantedOf(question: number): Wanted {
  return { own: choices[question % 3]!, other: choices[Math.floor(question / 3)]! };
}

/** The question about one contributor's people as a report's request. */
export function requestOf(question: number, people: Party): object {
  const wanted = wantedOf(question);
  const [own, other] = [attributes[people], attributes[partnerOf(people)]];
  const named = (codes: readonly number[], values: readonly string[]) => codes.map((code) => values[code]!);
  return {
    application: 'select',
    people: own.table,
    with: [other.table],
    events: [],
    asOf: 1_750_000_000,
    rule: {
      all: [
        { tag: own.column, in: named(wanted.own, own.values) },
        { tag: `${other.table}.${other.column}`, in: named(wanted.other, other.values) },
      ],
    },
  };
}

/** The code of a row's value. */
export function codeOfRow(row: number): number {
  return row % 2;
}

/** A row of a contributor: what tells whose it is, by kind, and its value. */
export interface TableRow {
  readonly ids: readonly (string | undefined)[];
  readonly code: number;
}

/** By plain loops: which rows of `own` have a wanted value, and share an identifier with a row of `other` that has one. */
export function matching(request: object, tables: Readonly<Record<Party, readonly TableRow[]>>): readonly boolean[] {
  const { people, question } = readRequest(request);
  const wanted = wantedOf(question);
  const others = tables[partnerOf(people)].filter(({ code }) => wanted.other.includes(code));
  return tables[people].map(
    ({ ids, code }) =>
      wanted.own.includes(code) &&
      ids.some((id, kind) => id !== undefined && others.some((other) => other.ids[kind] === id)),
  );
}

/** The tables as they are in the lists, without pseudonyms or uploads. */
export function plainTables({ lists }: Pick<Setting, 'lists'>): Readonly<Record<Party, readonly TableRow[]>> {
  const table = (party: Party) => lists[party].map((ids, row) => ({ ids, code: codeOfRow(row) }));
  return { brand: table('brand'), media: table('media') };
}

/** Whose people a request is about, and which question it is: the requests are few. */
export function readRequest(request: object): { readonly people: Party; readonly question: number } {
  const found = known.get(canonical(request));
  if (found) return found;
  throw new RangeError(`nobody asks ${canonical(request)}`);
}

const known = new Map(
  parties.flatMap((people) =>
    Array.from(
      { length: questionCount },
      (_, question) => [canonical(requestOf(question, people)), { people, question }] as const,
    ),
  ),
);

function canonical(value: object): string {
  return Buffer.from(canonicalBytes(value as JsonValue)).toString();
}
