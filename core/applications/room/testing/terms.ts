/** Terms of a room for tests: the brand and the media house contribute, the clean house keeps. */
import type { RoomTerms } from '../index.ts';

const rights = {
  k: 50,
  protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
  purposes: ['reach'],
  receivers: ['brand', 'media'],
};
const key = { name: 'person', type: 'key', join: true, aggregates: ['count'], ...rights };

/** A column that tells events or orders apart. */
export const eventKey = (name: string) => ({ name, type: 'key', join: false, aggregates: [], ...rights });

export const eventKind = (values: readonly string[]) => ({
  ...{ name: 'kind', type: 'category', group: true, filter: 'declared', values, isNullable: false },
  ...rights,
});

function table(name: string, owner: string, columns: readonly object[]) {
  return { name, owner, subjects: 'people', kind: 'person', person: 'person', columns: [key, ...columns] };
}

export const city = {
  name: 'city',
  type: 'category',
  group: true,
  filter: 'declared',
  values: ['north', 'south'],
  isNullable: false,
  ...rights,
};
const spent = {
  name: 'spent',
  type: 'integer',
  group: false,
  filter: 'range',
  isNullable: true,
  min: 0,
  max: 5000,
  grid: 100,
  aggregates: ['sum'],
  clip: { low: 0, high: 500 },
  ...rights,
};

/** The brand brings events of its people beside: visits, whose identifiers are hashed as those of its customers. */
export function withVisits(): Partial<RoomTerms> {
  const { contributors, rounds, rules } = roomTermsOf();
  const [crm] = contributors;
  const columns = [{ column: 'own kind', name: 'kind' }];
  const visits = { ...crm!, dataset: 'ds-visits', rowsAbout: 9000, rowsMax: 9900, table: 'visits', columns };
  const identifier = { ...rounds[0]!.columns[0]!, table: 'visits' };
  const rule = { ...table('visits', 'brand', [eventKind(['visit'])]), kind: 'event' };
  return {
    contributors: [...contributors, visits],
    rounds: rounds.map((round) => ({ ...round, columns: [...round.columns, identifier] })),
    rules: { ...rules, tables: [...rules.tables, rule] } as RoomTerms['rules'],
  };
}

export function roomTermsOf(changes: Partial<RoomTerms> = {}): RoomTerms {
  const column = (organisation: string, own: string) => ({
    organisation,
    table: own,
    column: 'mobile',
    profile: 'phone',
  });
  const contributor = (organisation: string, name: string, own: string) => ({
    organisation,
    dataset: `ds-${organisation}`,
    rowsAbout: 5000,
    rowsMax: 5500,
    table: name,
    columns: [{ column: `own ${own}`, name: own }],
  });
  return {
    version: 1,
    operation: 'room',
    network: 'spring-fair',
    purpose: 'reach of the spring campaign',
    proposer: 'brand',
    room: 'clean',
    contributors: [contributor('brand', 'crm', 'city'), contributor('media', 'users', 'spent')],
    rounds: [{ form: 'phone', columns: [column('brand', 'crm'), column('media', 'users')] }],
    keyHolders: ['brand', 'media'],
    receivers: ['brand', 'media'],
    questionPurpose: 'reach',
    rules: { zone: 'Asia/Shanghai', tables: [table('crm', 'brand', [city]), table('users', 'media', [spent])] },
    budgetRho: 250_000,
    exactGuard: 'strict',
    limits: { minimumListRows: 1000, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
    nonce: '0'.repeat(32),
    ...changes,
  } as RoomTerms;
}
