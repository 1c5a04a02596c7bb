/** Public data sets as the rows of a room of two owners, with the same rows beside them for plain loops. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { PlainEvent, PlainRows } from '../../server/engine/report/testing/plain.ts';
import { type RoomFiles, type RoomShape, writeRoom } from '../../server/engine/report/testing/room.ts';
import { testFolder } from '../../server/engine/testing/context.ts';
import { testDatabase } from '../../server/engine/testing/database.ts';
import { sharedPath } from '../shared.ts';

export const bankFile = 'data/uci_bank_marketing/bank-full.csv.gz';
export const censusFile = 'data/uci_adult/adult.data.gz';

export interface RealRoom {
  readonly rows: PlainRows;
  readonly files: RoomFiles;
  readonly shape: Omit<RoomShape, 'protection'>;
}

function linesOf(file: string): string[] {
  return gunzipSync(readFileSync(sharedPath(file)))
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

const daySeconds = 86_400;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Customers of a bank. The media house has those that are not ≡ 1 mod 5 as its users, by marital state and age, and every contact of the campaign as an exposure,
 * the last one as a click too, and that of an earlier campaign as a visit. The bank has those that are not ≡ 0 mod 3 as its customers, by education, and an order
 * of whoever subscribed, worth the balance, of which a tenth goes back where there is a loan.
 */
export async function bankRoom(customerCount: number): Promise<RealRoom> {
  const [header, ...lines] = linesOf(bankFile);
  const names = header!.split(',');
  const people = lines.slice(0, customerCount).map((line, person) => {
    const cells = line.split(',');
    const of = (name: string) => cells[names.indexOf(name)]!;
    return { person, of, last: Date.UTC(2026, months.indexOf(of('month')), Number(of('day')), 2) / 1000 };
  });
  const events = people.flatMap(({ person, of, last }): PlainEvent[] => {
    const touch = { person, channel: of('contact'), campaign: 'now', value: 0, ref: '' };
    const contacts = Array.from(
      { length: Math.min(Number(of('campaign')), 12) },
      (_, back): PlainEvent => ({
        ...touch,
        kind: 'exposure',
        at: last - back * daySeconds,
        id: `contact ${person} ${back}`,
      }),
    );
    const before = Number(of('pdays'));
    const earlier: PlainEvent[] =
      before < 0
        ? []
        : [{ ...touch, kind: 'visit', campaign: 'before', at: last - before * daySeconds, id: `before ${person}` }];
    const talk: PlainEvent = { ...touch, kind: 'click', at: last, id: `talk ${person}` };
    if (of('y') !== 'yes') return [...contacts, ...earlier, talk];
    const value = 100 * Math.max(0, Number(of('balance')));
    const sale = { person, channel: '', campaign: '', ref: `order ${person}` };
    const order: PlainEvent = { ...sale, kind: 'order', at: last + 3600, value, id: `sale ${person}` };
    const refund: PlainEvent = { ...sale, kind: 'refund', at: last + 7200, value: value / 10, id: `back ${person}` };
    return [...contacts, ...earlier, talk, order, ...(of('loan') === 'yes' ? [refund] : [])];
  });
  const customers = people.filter(({ person }) => person % 3 !== 0);
  const rows: PlainRows = {
    events,
    users: new Map(
      people
        .filter(({ person }) => person % 5 !== 1)
        .map(({ person, of }) => [person, { grp: of('marital'), age: Number(of('age')) }]),
    ),
    customers: new Map(customers.map(({ person, of }) => [person, { tier: of('education') }])),
    vip: new Set(customers.filter(({ of }) => of('housing') === 'no').map(({ person }) => person)),
    staff: new Set(customers.filter(({ of }) => of('loan') === 'yes').map(({ person }) => person)),
  };
  return {
    rows,
    files: await filesOf(rows),
    shape: {
      channels: ['cellular', 'telephone', 'unknown'],
      campaigns: ['before', 'now'],
      groups: ['divorced', 'married', 'single'],
      tiers: ['primary', 'secondary', 'tertiary'],
      ...{ from: '2023-01-01', to: '2027-02-01' },
    },
  };
}

/** A census: everybody is a user by education and age, and whoever earns more than 50,000 a customer, by sex, and in the audience. */
export async function censusRoom(personCount: number): Promise<RealRoom> {
  const people = linesOf(censusFile)
    .slice(0, personCount)
    .map((line) => line.split(',').map((cell) => cell.trim()));
  const rich = [...people.entries()].filter(([, cells]) => cells[14] === '>50K');
  const rows: PlainRows = {
    events: [],
    users: new Map(people.map((cells, person) => [person, { grp: cells[3]!, age: Number(cells[0]) }])),
    customers: new Map(rich.map(([person, cells]) => [person, { tier: cells[9]! }])),
    vip: new Set(rich.map(([person]) => person)),
    staff: new Set(),
  };
  const groups = [...new Set(people.map((cells) => cells[3]!))].sort();
  return {
    rows,
    files: await filesOf(rows),
    shape: {
      ...{ channels: ['none'], campaigns: ['none'], groups, tiers: ['Female', 'Male'] },
      ...{ from: '2026-01-01', to: '2026-02-01' },
    },
  };
}

async function filesOf({ events, users, customers, vip, staff }: PlainRows): Promise<RoomFiles> {
  const folder = testFolder();
  const { load, run } = await testDatabase([folder]);
  const isSale = ({ kind }: PlainEvent) => kind === 'order' || kind === 'refund';
  const event = { person: 'UINTEGER', at: 'BIGINT', kind: 'VARCHAR' };
  await load(
    'touches',
    { ...event, channel: 'VARCHAR', campaign: 'VARCHAR', cost: 'BIGINT', event_id: 'VARCHAR' },
    events
      .filter((each) => !isSale(each))
      .map(({ person, at, kind, channel, campaign, id }) => [person, at, kind, channel, campaign, 0, id]),
  );
  await load(
    'orders',
    { ...event, value: 'BIGINT', order_ref: 'VARCHAR', event_id: 'VARCHAR' },
    events.filter(isSale).map(({ person, at, kind, value, ref, id }) => [person, at, kind, value, ref, id]),
  );
  await load(
    'users',
    { person: 'UINTEGER', grp: 'VARCHAR', age: 'BIGINT' },
    [...users].map(([person, { grp, age }]) => [person, grp, age]),
  );
  await load(
    'customers',
    { person: 'UINTEGER', tier: 'VARCHAR' },
    [...customers].map(([person, { tier }]) => [person, tier]),
  );
  for (const [name, people] of [
    ['vip', vip],
    ['staff', staff],
  ] as const)
    await load(
      name,
      { person: 'UINTEGER' },
      [...people].map((person) => [person]),
    );
  return writeRoom({ run }, folder);
}
