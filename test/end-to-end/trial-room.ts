/** A room of the trial network: the operator keeps it, the brand and the media house contribute and ask. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestOf } from '@causeway/core/api';
import { found, publish, type TrialNetwork, until } from './trial-network.ts';

type Proposal = RequestOf<'agreement.proposeRoom'>;
export type TrialRules = Proposal['rules'];

export const cities = ['north', 'south', 'east'] as const;

export interface TrialRows {
  /** Rows of each contributor; those of the media house begin `shift` persons later. */
  readonly people: number;
  readonly shift: number;
  /** Of row 5 of the media house: a number that can be looked for in files. */
  readonly canary: number;
}

export const mobileOf = (i: number) => `138${String(10_000_000 + i * 3_001)}`;

/** Publishes `crm` of the brand (mobile, town) and `users` of the media house (phone, paid). */
export async function publishRows(network: TrialNetwork, { people, shift, canary }: TrialRows): Promise<void> {
  const crm = join(network.folder, 'crm.csv');
  const users = join(network.folder, 'users.csv');
  const brandRows = Array.from({ length: people }, (_, i) => `${mobileOf(i)},${cities[i % 3]}`);
  const mediaRows = Array.from({ length: people }, (_, i) => `${mobileOf(i + shift)},${i === 5 ? canary : 100}`);
  await writeFile(crm, `mobile,town\n${brandRows.join('\n')}\n`);
  await writeFile(users, `phone,paid\n${mediaRows.join('\n')}\n`);
  const internal = (column: string) => [{ column, grade: 'internal' as const }];
  const ids = (column: string) => [{ column, profile: 'phone' }];
  await publish(network.brand, { path: crm, name: 'crm', ids: ids('mobile'), attributes: internal('town') });
  await publish(network.media, { path: users, name: 'users', ids: ids('phone'), attributes: internal('paid') });
}

/** @param kind how every figure is protected. */
export function trialRules(kind: 'noise' | 'exact' = 'noise'): TrialRules {
  const protection = kind === 'exact' ? ({ kind } as const) : ({ kind, rho: 5000, sigmaFloor: 0 } as const);
  const rights = { k: 50, protection, purposes: ['reach'], receivers: ['brand', 'media'] };
  const key = { name: 'person', type: 'key', join: true, aggregates: ['count' as const], ...rights } as const;
  const asked = { isNullable: true, perPerson: { rows: 1, groups: 1 }, ...rights };
  return {
    zone: 'Asia/Shanghai',
    tables: [
      {
        name: 'crm',
        owner: 'brand',
        subjects: 'customers',
        kind: 'person',
        person: 'person',
        columns: [
          key,
          {
            name: 'city',
            type: 'category',
            group: true,
            filter: 'declared',
            values: [...cities],
            ...asked,
            isNullable: false,
          },
        ],
      },
      {
        name: 'users',
        owner: 'media',
        subjects: 'audience',
        kind: 'person',
        person: 'person',
        columns: [
          key,
          {
            name: 'spent',
            type: 'integer',
            group: false,
            filter: 'range',
            min: 0,
            max: 100_000_000,
            grid: 1000,
            aggregates: ['sum', 'mean'],
            clip: { low: 0, high: 500 },
            ...asked,
          },
        ],
      },
    ],
  };
}

/** What the brand proposes: both tables, kept by the operator's node. */
export function roomProposal(changes: Partial<Proposal> = {}): Proposal {
  return {
    room: 'operator',
    contributors: [
      { organisation: 'brand', dataset: 'crm', table: 'crm', columns: [{ column: 'town', name: 'city' }] },
      { organisation: 'media', dataset: 'users', table: 'users', columns: [{ column: 'paid', name: 'spent' }] },
    ],
    keys: ['phone'],
    receivers: ['brand', 'media'],
    questionPurpose: 'reach',
    rules: trialRules(),
    purpose: 'a trial',
    ...changes,
  };
}

/** Proposes as the brand; the others approve. @returns the agreement's id. */
export async function agreeOnRoom(network: TrialNetwork, changes: Partial<Proposal> = {}): Promise<string> {
  const { brand, media, operator } = network;
  await until(async () => (await brand.api.catalogue.list()).items.some(({ name }) => name === 'users'));
  const { agreement } = await brand.api.agreement.proposeRoom(roomProposal(changes));
  for (const node of [media, operator]) {
    const shown = await found(() => node.api.agreement.show({ agreement }));
    await node.api.agreement.approve({ agreement, disclosure: shown.disclosure.digest });
  }
  await until(async () => (await brand.api.agreement.show({ agreement })).status === 'active');
  return agreement;
}
