/** What proposals of every kind find out before they become terms: datasets on both sides, a common kind of identifier, runs so far. */
import { randomBytes } from 'node:crypto';
import type { GroupFacts, PlanFacts } from '@causeway/core/applications/match';
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import { type DatasetDescription, formatTime } from '@causeway/core/ledger';
import { NodeError } from '../home/index.ts';
import { isLoopback } from '../link/index.ts';
import type { Services } from './services.ts';

export const dayMs: number = 24 * 3600_000;

type IdColumn = DatasetDescription['ids'][number];

/** A kind of identifier that both sides have, in the form that both can bring it to. */
export interface CommonKey {
  readonly form: string;
  readonly proposer: IdColumn;
  readonly partner: IdColumn;
}

/** When an agreement ends: as it is asked for, or so many days from now. */
export function expiryOf({ clock }: Services, asked: string | undefined, defaultDays: number): string {
  return formatTime(asked ? Date.parse(asked) : clock.wallMs() + defaultDays * dayMs);
}

export function daysLeft({ clock }: Services, { expiresAt }: { readonly expiresAt: string }): number {
  return (Date.parse(expiresAt) - clock.wallMs()) / dayMs;
}

/** Runs with a partner in the last day, of all agreements. @param except a job that does not count. */
function runsToday({ network, home, clock }: Services, partner: string, except: string | undefined): number {
  const sinceMs = clock.wallMs() - dayMs;
  const { state } = network.ledger;
  const shared = new Set(
    state
      .agreements({ party: home.config.organisation })
      .filter(({ parties }) => parties.includes(partner))
      .map(({ agreement }) => agreement),
  );
  return state
    .jobs()
    .filter(({ job, agreement, startedAtMs }) => job !== except && shared.has(agreement) && startedAtMs >= sinceMs)
    .length;
}

/** What the own rules look at in an agreement of two. @param of.job a run of it that does not count. */
export async function factsOfPair(
  services: Services,
  of: {
    readonly own: { readonly dataset: string };
    readonly other: { readonly organisation: string; readonly rowsMax: number };
    readonly limits: { readonly expiresAt: string };
    readonly job: string | undefined;
  },
) {
  const { own, other, limits, job } = of;
  return {
    partner: other.organisation,
    daysLeft: daysLeft(services, limits),
    ownRows: (await services.store.datasets.find(own.dataset))?.rows ?? 0,
    partnerRows: other.rowsMax,
    runsToday: runsToday(services, other.organisation, job),
  };
}

/** What a plan of a run between this node and one partner reckons with, measured. @param parties both, by their organisations. */
export async function planFactsOf(services: Services, parties: readonly [string, string]): Promise<PlanFacts> {
  const { others, ...facts } = await groupFactsOf(services, parties);
  return { ...facts, partner: others[0]?.capacity, link: others[0]?.link };
}

/** The same of a run of several. @param parties all of them, this node's organisation too. */
export async function groupFactsOf(
  { capacities, home, network }: Services,
  parties: readonly string[],
): Promise<GroupFacts> {
  const others = parties.filter((party) => party !== home.config.organisation);
  const members = network.members().filter(({ organisation }) => parties.includes(organisation));
  return {
    own: await capacities.own(),
    others: await Promise.all(
      others.map(async (organisation) => ({ organisation, ...(await capacities.of(organisation)) })),
    ),
    // Whoever reaches a loopback address is on its machine.
    sharesMachine: members.some(({ endpoint }) => endpoint !== undefined && isLoopback(endpoint)),
    between: 'nodes',
  };
}

/** An own dataset by id or name, as it is published. @throws {NodeError} */
export async function ownDataset(
  { store, network, home }: Services,
  reference: string,
): Promise<{ dataset: string; description: DatasetDescription }> {
  const row = await store.datasets.find(reference);
  const published = row && network.ledger.state.dataset(home.config.organisation, row.id);
  if (row && published?.status === 'published') return { dataset: row.id, description: published.description };
  throw new NodeError(
    'conflict',
    row ? `the dataset ${row.name} is not published` : `there is no dataset of that name here`,
    {
      remedy: row
        ? `publish it first: causeway dataset publish ${row.name}`
        : 'see what there is with `causeway dataset list`',
    },
  );
}

/** A dataset that a partner has published. @throws {NodeError} */
export function partnersDataset(
  { network }: Services,
  owner: string,
  reference: string,
): { dataset: string; description: DatasetDescription } {
  const { state } = network.ledger;
  if (state.member(owner)?.status !== 'active') {
    throw new NodeError('conflict', `${owner} is not a member of this network`, {
      remedy: 'see who is with `causeway network members`',
      partner: owner,
    });
  }
  const found = state.datasets({ owner }).find(({ dataset, name }) => dataset === reference || name === reference);
  if (found) return found;
  throw new NodeError('conflict', `${owner} has published no dataset ${reference}`, {
    remedy: 'see what is offered with `causeway catalogue`',
    partner: owner,
  });
}

/** What a proposal to one partner asks for, whatever is to run. */
export interface PairProposal {
  readonly with: string;
  readonly mine: string;
  readonly theirs: string;
  readonly purpose: string;
  readonly minimumListRows?: number | undefined;
  readonly minimumGroupRows?: number | undefined;
  readonly uses?: number | undefined;
  readonly expiresAt?: string | undefined;
}

/**
 * What all terms of two lists have: the lists as they are published, and limits, which are this node's own where nothing is asked for.
 * @param defaultDays from now to the end of the agreement, where no end is asked for.
 * @throws {NodeError} for a dataset that is not published.
 */
export async function pairOf(services: Services, proposal: PairProposal, defaultDays: number) {
  const { network, home } = services;
  const own = await ownDataset(services, proposal.mine);
  const theirs = partnersDataset(services, proposal.with, proposal.theirs);
  const settings = await services.settings();
  const list = (organisation: string, dataset: string, { rowsAbout }: DatasetDescription) => ({
    organisation,
    dataset,
    rowsAbout,
    rowsMax: rowsMaxOf(rowsAbout),
  });
  return {
    descriptions: [own.description, theirs.description] as const,
    common: {
      network: network.ledger.log.network,
      purpose: proposal.purpose,
      proposer: list(home.config.organisation, own.dataset, own.description),
      partner: list(proposal.with, theirs.dataset, theirs.description),
      limits: {
        minimumListRows: proposal.minimumListRows ?? settings.minimumListRows,
        minimumGroupRows: proposal.minimumGroupRows ?? settings.minimumGroupRows,
        usesMax: proposal.uses ?? 1,
        expiresAt: expiryOf(services, proposal.expiresAt, defaultDays),
      },
      nonce: randomBytes(16).toString('hex'),
    },
  };
}

/** How many distinct identifiers a list may bring, when about so many rows were published: a tenth more, and never below 1,000. */
export function rowsMaxOf(rowsAbout: number): number {
  return Math.max(1000, Math.ceil(rowsAbout * 1.1));
}

/** Finds the two columns that a key names, and their common form. */
export function roundOf(key: string, own: DatasetDescription, theirs: DatasetDescription, partner: string): CommonKey {
  const named = (ids: DatasetDescription['ids']) =>
    ids.find(({ profile }) => parseProfile(profile).type === key) ??
    ids.find(({ column, profile }) => column === key || profile === key);
  const mine = named(own.ids);
  if (!mine) {
    throw new NodeError('profiles-differ', `our dataset has no identifier ${key}`, {
      remedy: `choose among ${kinds(own)}`,
    });
  }
  const type = parseProfile(mine.profile).type;
  const other = theirs.ids.find(({ profile }) => parseProfile(profile).type === type);
  if (!other) {
    throw new NodeError('profiles-differ', `the dataset of ${partner} has no ${type}`, {
      remedy: `choose among ${kinds(theirs)}`,
      partner,
    });
  }
  const compared = compareProfiles(parseProfile(mine.profile), parseProfile(other.profile));
  if (!compared.ok) throw new NodeError('profiles-differ', compared.sentence.en, { partner });
  return { form: formatProfile(compared.common), proposer: mine, partner: other };
}

function kinds({ ids }: DatasetDescription): string {
  return ids.map(({ profile }) => profile).join(', ') || 'none';
}
