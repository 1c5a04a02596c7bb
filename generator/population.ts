import { RowOrder } from './files/row-order.ts';
import type { Plan } from './options.ts';
import { Devices } from './people/device.ts';
import { Emails } from './people/email.ts';
import { Mobiles } from './people/mobile.ts';
import { Permutation } from './random/permutation.ts';
import { rates } from './rates.ts';

/** What every file is made from. Nothing in it grows with the number of people. */
export interface Population {
  readonly plan: Plan;
  readonly mobiles: Mobiles;
  readonly emails: Emails;
  readonly devices: Devices;
  /** Members are people 0 … customers − 1. */
  readonly crm: RowOrder;
  /** Members are people firstUser … people − 1, less `firstUser`. */
  readonly users: RowOrder;
  /** Numbers in customer ids, by CRM slot. */
  readonly customerNumbers: Permutation;
  /** Numbers in user ids, by users slot, and after those the bots'. */
  readonly userNumbers: Permutation;
}

export function populationOf(plan: Plan): Population {
  const { seed } = plan;
  const mobiles = new Mobiles(seed);
  const crm = new RowOrder(
    {
      members: plan.customers,
      repeated: share(plan.customers, rates.crm.repeatedRows),
      second: share(plan.customers, rates.crm.secondRegistrations),
    },
    seed,
    'crm',
  );
  const users = new RowOrder(
    {
      members: plan.users,
      repeated: share(plan.users, rates.users.repeatedRows),
      second: share(plan.users, rates.users.secondAccounts),
    },
    seed,
    'users',
  );
  return {
    plan,
    mobiles,
    emails: new Emails(plan.people, seed, mobiles),
    devices: new Devices(seed),
    crm,
    users,
    customerNumbers: new Permutation(crm.rows, seed, 'customer number'),
    userNumbers: new Permutation(users.rows + plan.bots, seed, 'user number'),
  };
}

/** The mobile and its forerunner: two numbers for each person. */
export function mobileIndex(plan: Plan, person: number, which: 'current' | 'former'): number {
  return which === 'current' ? person : plan.people + person;
}

function share(of: number, basisPoints: number): number {
  return Math.floor((of * basisPoints) / 10_000);
}
