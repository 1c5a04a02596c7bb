/** What a brand and a media house bring to a campaign: made of generated files, one clean row for each person or event, with the truth kept beside. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Position, toGcj02 } from '@causeway/core/geo';
import { generate, type Truth } from '@causeway/generator';
import { readCsv } from '../../generator/testing/read-csv.ts';

/** A person as the truth knows it; the columns of an organisation are there where it knows the person. */
export interface LoopPerson {
  readonly mobile: string;
  readonly customer?: { readonly tier: string; readonly age: number };
  readonly member?: { readonly interest: string; readonly holdout: string; readonly home: Position };
  readonly touches: readonly { readonly at: number; readonly channel: string }[];
  /** Paid ones, in fen. */
  readonly orders: readonly { readonly at: number; readonly value: number }[];
}

export interface LoopData {
  readonly truth: Truth;
  readonly people: readonly LoopPerson[];
  /** Raw files, as messy as real ones. */
  readonly crm: string;
  readonly users: string;
  /** Clean files: `customers`, `members`, `orders`, `touches`. */
  readonly files: Readonly<Record<'customers' | 'members' | 'orders' | 'touches', string>>;
}

type Row = Readonly<Record<string, string>>;

const tiers = ['basic', 'silver', 'gold', 'platinum'];

export async function makeLoopData(folder: string, options: { people: number; seed: number }): Promise<LoopData> {
  const out = join(folder, 'generated');
  const { truth } = await generate({ ...options, out });
  const read = (name: string) => readCsv(join(out, `${name}.csv`));
  const [crm, users, exposures, orders, rows] = await Promise.all(
    ['crm', 'users', 'exposures', 'orders', 'truth'].map(read),
  );
  const ofUser = byKey(exposures!, 'user_id');
  const ofCustomer = byKey(orders!, 'customer_id');
  const people = rows!.map((row, i): LoopPerson => {
    const [mine] = rowsAt(row.crm_rows!, crm!);
    const [theirs] = rowsAt(row.users_rows!, users!);
    return {
      mobile: row.mobile!,
      ...(mine === undefined ? {} : { customer: customerOf(mine) }),
      ...(theirs === undefined ? {} : { member: memberOf(theirs, i) }),
      touches: (theirs === undefined ? [] : (ofUser.get(theirs.user_id!) ?? [])).map(({ time, campaign }) => ({
        at: Number(time),
        channel: campaign!,
      })),
      orders: unique(mine === undefined ? [] : (ofCustomer.get(mine.customer_id!) ?? []), 'order_id')
        .filter(({ status }) => status === 'paid')
        .map(({ time, amount_cents }) => ({
          at: Date.parse(`${time!.replace(' ', 'T')}+08:00`) / 1000,
          value: Number(amount_cents),
        })),
    };
  });
  const files = {
    customers: await write(folder, 'customers', 'mobile,tier,age', people, ({ mobile, customer }) =>
      customer === undefined ? [] : [`${mobile},${customer.tier},${customer.age}`],
    ),
    // As maps of China give them.
    members: await write(folder, 'members', 'mobile,interest,holdout,lat,lng', people, ({ mobile, member }) => {
      if (member === undefined) return [];
      const { latitude, longitude } = toGcj02(member.home);
      return [`${mobile},${member.interest},${member.holdout},${latitude.toFixed(6)},${longitude.toFixed(6)}`];
    }),
    orders: await write(folder, 'orders', 'mobile,at,kind,value', people, ({ mobile, orders: own }) =>
      own.map(({ at, value }) => `${mobile},${at},order,${value}`),
    ),
    touches: await write(folder, 'touches', 'mobile,at,kind,channel', people, ({ mobile, touches }) =>
      touches.map(({ at, channel }) => `${mobile},${at},exposure,${channel}`),
    ),
  };
  return { truth, people, files, crm: join(out, 'crm.csv'), users: join(out, 'users.csv') };
}

function customerOf({ tier, age }: Row): NonNullable<LoopPerson['customer']> {
  const number = Number(age);
  return {
    tier: tiers.includes(tier!) ? tier! : 'basic',
    age: Number.isInteger(number) && number >= 1 && number <= 99 ? number : 0,
  };
}

/** The first interest; beyond the best known ones they are told as one. */
function memberOf({ interests, holdout }: Row, i: number): NonNullable<LoopPerson['member']> {
  const [first = ''] = interests!.split('|');
  return {
    interest: loopInterests.includes(first) ? first : 'other',
    holdout: holdout === '1' ? 'yes' : 'no',
    home: homeOf(i),
  };
}

export const loopTowns: readonly Position[] = [
  { latitude: 31.2304, longitude: 121.4737 },
  { latitude: 30.2741, longitude: 120.1551 },
  { latitude: 39.9042, longitude: 116.4074 },
];

/** Around one of the towns: up to some 20 km away, spread evenly by distance. */
function homeOf(i: number): Position {
  const { latitude, longitude } = loopTowns[i % loopTowns.length]!;
  const [part, angle] = [(i * 7919) % 1000, i];
  return {
    latitude: latitude + 0.00018 * part * Math.sin(angle),
    longitude: longitude + 0.00018 * part * Math.cos(angle),
  };
}

export const loopInterests = ['autos', 'food', 'games', 'digital', 'sports', 'travel', 'fashion', 'other'];
export const loopTiers = tiers;

/** Rows are numbered from 0 and joined by `;`. */
function rowsAt(numbers: string, rows: readonly Row[]): readonly Row[] {
  return numbers === '' ? [] : numbers.split(';').map((at) => rows[Number(at)]!);
}

function byKey(rows: readonly Row[], column: string): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(row[column]!, [...(found.get(row[column]!) ?? []), row]);
  return found;
}

function unique(rows: readonly Row[], column: string): readonly Row[] {
  return [...new Map(rows.map((row) => [row[column]!, row])).values()];
}

async function write(
  folder: string,
  name: string,
  header: string,
  people: readonly LoopPerson[],
  linesOf: (person: LoopPerson) => readonly string[],
): Promise<string> {
  const path = join(folder, `${name}.csv`);
  await writeFile(path, `${header}\n${people.flatMap(linesOf).join('\n')}\n`);
  return path;
}
