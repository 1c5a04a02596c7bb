import { categoriesOf, type TableRules } from '../room-tables.ts';
import type { Field, Request, RequestForm } from './form.ts';

/** The base is the list of whoever asks: its own tables of people, held against those of others. */
export function overlapForm(people: readonly TableRules[], organisation: string): RequestForm | undefined {
  const own = people.filter(({ owner }) => owner === organisation);
  const others = people.filter(({ owner }) => owner !== organisation);
  const [mine, theirs] = [own[0], others[0]];
  if (mine === undefined || theirs === undefined) return undefined;
  const segment = segmentsOf(own, mine.name)[0];
  return {
    application: 'overlap',
    request: {
      application: 'overlap',
      people: mine.name,
      partner: { table: theirs.name },
      ...(segment === undefined ? {} : { segment }),
    },
    fields: (request) => {
      const { people: list, partner } = request as { people: string; partner: { table: string } };
      const segments = segmentsOf(own, list);
      const identifiers = segmentsOf(others, partner.table);
      const fields: (Field | undefined)[] = [
        own.length < 2 ? undefined : { path: ['people'], word: 'ownList', kind: 'one', options: namesOf(own) },
        { path: ['partner', 'table'], word: 'partnerTable', kind: 'one', options: namesOf(others) },
        segments.length === 0
          ? undefined
          : { path: ['segment'], word: 'segment', kind: 'one', options: segments, isOptional: true },
        identifiers.length === 0
          ? undefined
          : {
              path: ['partner', 'identifier'],
              word: 'identifier',
              kind: 'one',
              options: identifiers,
              isOptional: true,
              isFurther: true,
            },
      ];
      return fields.filter((field) => field !== undefined);
    },
    settled: (request) => {
      const { people: list, partner, segment: chosen, ...rest } = request as Request & Settled;
      const isSegment = chosen !== undefined && segmentsOf(own, list).includes(chosen);
      const { table, identifier } = partner;
      const isIdentifier = identifier !== undefined && segmentsOf(others, table).includes(identifier);
      return {
        ...{ ...rest, people: list, partner: { table, ...(isIdentifier ? { identifier } : {}) } },
        ...(isSegment ? { segment: chosen } : {}),
      };
    },
  };
}

interface Settled {
  readonly people: string;
  readonly segment?: string;
  readonly partner: { readonly table: string; readonly identifier?: string };
}

function segmentsOf(tables: readonly TableRules[], name: string): readonly string[] {
  const table = tables.find((one) => one.name === name);
  return table === undefined ? [] : categoriesOf(table, 'group').map((column) => column.name);
}

function namesOf(tables: readonly TableRules[]): readonly string[] {
  return tables.map(({ name }) => name);
}
