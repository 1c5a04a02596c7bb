/** One agreement of every operation, protocol and form that there is, with the same parties and sizes: what `docs/who-learns-what.md` is drawn from. */

import type { ActivateTerms } from '@causeway/core/applications/activate';
import type { AgreementTerms } from '@causeway/core/applications/agreement';
import type { DeliverTerms } from '@causeway/core/applications/deliver';
import { type GuestReceiver, type GuestTerms, guestLearning, guestReceivers } from '@causeway/core/applications/guest';
import type { InsightTerms } from '@causeway/core/applications/insight/agreement';
import { checkTerms, learningOf, type MatchTerms, type Receiver, receivers } from '@causeway/core/applications/match';
import type { RoomTerms } from '@causeway/core/applications/room';
import { matchProtocols } from '@causeway/core/protocols';
import { opjaDerivation } from '@causeway/core/protocols/opja';
import { pairCipher } from '@causeway/core/protocols/pair';

export interface Case {
  /** Of the section. */
  readonly group: string;
  readonly title: string;
  readonly terms: AgreementTerms;
}

const limits = { minimumListRows: 1000, minimumGroupRows: 50, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' } as const;
const nonce = '0'.repeat(32);
const brand = { organisation: 'brand', dataset: 'customers', rowsAbout: 1_000_000, rowsMax: 1_100_000 };
const media = { organisation: 'media', dataset: 'users', rowsAbout: 3_000_000, rowsMax: 3_300_000 };
const mobilePlain = { column: 'mobile', profile: 'phone' } as const;
const mobile = { ...mobilePlain, density: 3 } as const;

function match(protocol: MatchTerms['protocol'], receiver: Receiver, more: Partial<MatchTerms> = {}): MatchTerms {
  const { proposer, partner } = learningOf(receiver);
  return {
    ...{ version: 1, operation: 'match', network: 'fair', protocol, purpose: 'a campaign' },
    proposer: { ...brand, learns: proposer },
    partner: { ...media, learns: partner },
    rounds: [{ form: 'phone', proposer: mobile, partner: mobile }],
    ...{ limits, nonce },
    ...more,
  };
}

const receiverWords: Readonly<Record<Receiver, string>> = {
  me: 'the proposer learns rows',
  them: 'the partner learns rows',
  both: 'both learn rows',
  none: 'both learn a count',
};

const guestWords: Readonly<Record<GuestReceiver, string>> = {
  guest: 'the guest learns rows',
  host: 'the host learns rows',
  both: 'both learn rows',
  count: 'both learn a count',
};

/** Every protocol with everybody who may receive by it. */
function matches(): readonly Case[] {
  return matchProtocols.flatMap((protocol) =>
    receivers
      .map((receiver) => ({
        group: `A match by ${protocol}`,
        title: receiverWords[receiver],
        terms: match(protocol, receiver),
      }))
      .filter(({ terms }) => isRun(terms)),
  );
}

function isRun(terms: MatchTerms): boolean {
  try {
    checkTerms(terms);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const kinds = [
  { form: 'phone', proposer: mobile, partner: mobile },
  { form: 'email', proposer: { column: 'mail', profile: 'email' }, partner: { column: 'mail', profile: 'email' } },
];

function insight(protection: InsightTerms['protection']): InsightTerms {
  return {
    ...{ version: 1, operation: 'insight', network: 'fair', protocol: 'join/sum', purpose: 'a campaign' },
    ...{ proposer: brand, partner: media, receiver: 'proposer' },
    key: { form: 'phone', proposer: mobilePlain, partner: mobilePlain },
    tables: [{ segments: [{ column: 'city', values: ['Beijing', 'Shanghai'] }] }],
    columns: [{ column: 'spend', unit: 'CNY', decimals: 2, min: 0, max: 1000, squares: false }],
    ...{ protection, limits, nonce },
  };
}

function room(more: Partial<RoomTerms> = {}): RoomTerms {
  const rights = {
    k: 50,
    protection: { kind: 'noise', rho: 5000, sigmaFloor: 0 },
    ...{ purposes: ['reach'], receivers: ['brand'] },
  } as const;
  const person = { name: 'person', type: 'key', join: true, aggregates: ['count'], ...rights } as const;
  const category = (name: string) =>
    ({
      ...{ name, type: 'category', group: true, filter: 'declared', isNullable: false },
      ...{ values: ['north', 'south'], select: true },
      ...rights,
    }) as const;
  const table = (name: string, owner: string, column: string) =>
    ({
      name,
      owner,
      subjects: 'people',
      kind: 'person',
      person: 'person',
      columns: [person, category(column)],
    }) as const;
  const side = ({ organisation }: typeof brand, own: string) => ({
    ...{ organisation, table: own },
    ...{ column: 'mobile', profile: 'phone' },
  });
  return {
    ...{ version: 1, operation: 'room', network: 'fair', purpose: 'a campaign', proposer: 'brand', room: 'house' },
    contributors: [
      { ...brand, table: 'crm', columns: [{ column: 'city', name: 'city' }] },
      { ...media, table: 'users', columns: [{ column: 'tier', name: 'tier' }] },
    ],
    rounds: [{ form: 'phone', columns: [side(brand, 'crm'), side(media, 'users')] }],
    keyHolders: ['brand', 'media'],
    receivers: ['brand'],
    questionPurpose: 'reach',
    rules: { zone: 'Asia/Shanghai', tables: [table('crm', 'brand', 'city'), table('users', 'media', 'tier')] },
    ...{ budgetRho: 250_000, exactGuard: 'strict' },
    limits: { minimumListRows: 1000, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
    nonce,
    ...more,
  } as RoomTerms;
}

const delivery: DeliverTerms = {
  ...{ version: 1, operation: 'deliver', network: 'fair', purpose: 'a campaign', proposer: brand, partner: media },
  provider: 'partner',
  match: { job: 'the-match', agreement: '0'.repeat(64) },
  keys: [{ form: 'phone', proposer: mobilePlain, partner: mobilePlain }],
  columns: ['city', 'tier'],
  limits: { minimumGroupRows: 50, usesMax: 1, expiresAt: '2030-01-01T00:00:00Z' },
  nonce,
};

function activation(form: ActivateTerms['form']): ActivateTerms {
  return {
    ...{ version: 1, operation: 'activate', network: 'fair', purpose: 'a campaign', proposer: brand, partner: media },
    ...{ advertiser: 'proposer', form, limits, nonce },
    key: { form: 'phone', proposer: mobile, partner: mobile },
  };
}

/** A match with a guest, for everybody who may receive. */
function guests(): readonly Case[] {
  return guestReceivers.map((receiver) => {
    const learns = guestLearning(receiver);
    const terms: GuestTerms = {
      ...{ version: 1, operation: 'guest', network: 'fair', invite: '0a1b', purpose: 'shared customers' },
      host: { ...brand, learns: learns.host },
      guest: { key: `${'A'.repeat(43)}=`, rowsAbout: 20_000, rowsMax: 200_000, learns: learns.guest },
      round: { form: 'phone', host: mobile, guest: { profile: 'phone', density: 2 } },
      limits: { ...limits, usesMax: 1 },
      nonce,
    };
    return { group: 'A match with a guest', title: guestWords[receiver], terms };
  });
}

export const cases: readonly Case[] = [
  ...matches(),
  ...guests(),
  {
    group: 'A match by psi/vole with less traffic',
    title: 'both learn rows',
    terms: match('psi/vole', 'both', { traffic: 'low' }),
  },
  {
    group: 'A match by several kinds of identifiers',
    title: 'both learn rows, by psi/ecdh',
    terms: match('psi/ecdh', 'both', { rounds: kinds }),
  },
  { group: 'An insight by join/sum', title: 'with noise', terms: insight({ kind: 'noise', rho: 5000, gate: true }) },
  {
    group: 'An insight by join/sum',
    title: 'with noise alone, without the gate',
    terms: insight({ kind: 'noise', rho: 5000, gate: false }),
  },
  { group: 'An insight by join/sum', title: 'exactly, as both have signed', terms: insight({ kind: 'exact' }) },
  {
    group: 'An activation in bid requests',
    title: 'by ids of PAIR',
    terms: activation({ kind: 'pair', cipher: pairCipher }),
  },
  {
    group: 'An activation in bid requests',
    title: 'by labels of OPJA',
    terms: activation({
      ...{ kind: 'opja', derivation: opjaDerivation },
      ...{ system: 'match.brand.example', receiver: 'dsp.example' },
    }),
  },
  { group: 'A delivery', title: 'of two columns, after a match', terms: delivery },
  { group: 'A room', title: 'which answers questions and reports', terms: room() },
  {
    group: 'A room',
    title: 'which gives audiences too',
    terms: room({
      receivers: ['brand', 'media'],
      activation: { receiver: 'media', purpose: 'a-campaign', minimumPersons: 1000, audiencesMax: 5 },
    }),
  },
];
