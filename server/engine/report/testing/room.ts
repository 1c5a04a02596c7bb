/** Tables of two owners with their rules, as a room has them: a media's touches and users, a brand's orders and customers. */
import { join } from 'node:path';
import { type Catalogue, parseCatalogue } from '@causeway/core/policy/query';
import type { TableFiles } from '../../query/tables.ts';
import type { TestDatabase } from '../../testing/database.ts';

export const kinds = { touches: ['exposure', 'click', 'visit'], orders: ['order', 'refund'] } as const;

export interface RoomShape {
  readonly channels: readonly string[];
  readonly campaigns: readonly string[];
  readonly groups: readonly string[];
  readonly tiers: readonly string[];
  /** The organisations whose the touches and users, and the orders and customers, are. */
  readonly owners?: { readonly media: string; readonly brand: string };
  readonly k?: number;
  readonly protection?:
    | { readonly kind: 'noise'; readonly rho: number; readonly sigmaFloor: number }
    | { readonly kind: 'exact' };
  /** Days of the events. */
  readonly from: string;
  readonly to: string;
}

export const asker = { receivers: ['brand'], group: 'brand', purpose: 'measurement' };

export function roomCatalogue(shape: RoomShape): Catalogue {
  const owners = shape.owners ?? { media: 'media', brand: 'brand' };
  const rights = {
    k: shape.k ?? 50,
    protection: shape.protection ?? { kind: 'noise', rho: 5000, sigmaFloor: 0 },
    purposes: ['measurement'],
    receivers: ['brand', 'agency'],
  };
  const person = { name: 'person', type: 'key', join: true, aggregates: ['count'], ...rights };
  const id = (name: string) => ({ name, type: 'key', join: false, aggregates: [], ...rights });
  const category = (name: string, values: readonly string[]) => ({
    ...{ name, type: 'category', values, isNullable: true, group: true, filter: 'declared' },
    ...rights,
  });
  const at = {
    ...{ name: 'at', type: 'time', from: shape.from, to: shape.to, grid: 'day', isNullable: false },
    ...{ group: true, filter: 'range' },
    ...rights,
  };
  const money = (name: string, aggregates: readonly string[]) => ({
    ...{ name, type: 'money', currency: 'CNY', min: 0, max: 10 ** 12, grid: 1, isNullable: false, group: false },
    ...{ filter: 'no', aggregates, clip: { low: 0, high: 10 ** 6 } },
    ...rights,
  });
  const age = {
    ...{ name: 'age', type: 'integer', min: 0, max: 99, grid: 5, isNullable: true, group: true, filter: 'range' },
    aggregates: [],
    ...rights,
  };
  const table = (name: string, owner: 'media' | 'brand', kind: 'person' | 'event', columns: readonly object[]) => ({
    ...{ name, owner: owners[owner], subjects: owner === 'media' ? 'users' : 'customers', kind, person: 'person' },
    columns: [person, ...columns],
  });
  return parseCatalogue({
    network: 'fair',
    zone: '+08:00',
    epoch: 'e'.repeat(64),
    tables: [
      table('touches', 'media', 'event', [
        at,
        category('kind', kinds.touches),
        category('channel', shape.channels),
        category('campaign', shape.campaigns),
        money('cost', []),
        id('event_id'),
      ]),
      table('orders', 'brand', 'event', [
        at,
        category('kind', kinds.orders),
        money('value', ['sum', 'variance']),
        id('event_id'),
        id('order_ref'),
      ]),
      table('users', 'media', 'person', [category('grp', shape.groups), age]),
      table('customers', 'brand', 'person', [category('tier', shape.tiers)]),
    ],
    audiences: [
      { name: 'vip', table: 'customers', group: true, filter: 'declared', ...rights },
      { name: 'staff', table: 'customers', group: true, filter: 'declared', ...rights },
    ],
  });
}

const tables = ['touches', 'orders', 'users', 'customers'] as const;
const audiences = ['vip', 'staff'] as const;

export interface RoomFiles {
  readonly tables: readonly TableFiles[];
  readonly audiences: readonly TableFiles[];
}

/**
 * Writes the tables of those names in a test's database as files.
 * @param folder that the database may write to.
 * @param without a person whose rows are left out of some tables.
 */
export async function writeRoom(
  { run }: Pick<TestDatabase, 'run'>,
  folder: string,
  without?: { readonly person: number; readonly tables: readonly string[] },
): Promise<RoomFiles> {
  const write = async (name: string) => {
    const file = join(folder, `${name}${without === undefined ? '' : '-without'}.parquet`);
    const where = without?.tables.includes(name) ? ` WHERE person <> ${without.person}` : '';
    await run(`COPY (SELECT * FROM ${name}${where}) TO '${file}' (FORMAT parquet)`);
    return { name, files: [file] };
  };
  const written: TableFiles[] = [];
  for (const name of [...tables, ...audiences]) written.push(await write(name));
  return { tables: written.slice(0, tables.length), audiences: written.slice(tables.length) };
}
