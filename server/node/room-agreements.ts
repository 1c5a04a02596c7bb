/** Agreements on rooms: terms made of what all contributors have published, and this organisation's own rules on them. */
import { randomBytes } from 'node:crypto';
import type { InputOf } from '@causeway/core/api';
import {
  contributionsOf,
  contributorsOf,
  planRoom,
  type RoomTerms,
  roomParties,
} from '@causeway/core/applications/room';
import { compareProfiles, formatProfile, parseProfile } from '@causeway/core/identifiers';
import type { DatasetDescription } from '@causeway/core/ledger';
import {
  defaultPolicy,
  evaluateKeeper,
  evaluatePrivacyBudget,
  evaluateRoomPolicy,
  type Finding,
} from '@causeway/core/policy';
import { NodeError } from '../home/index.ts';
import type { AgreementKind, Plan } from './agreements.ts';
import type { PrivacyAccount } from './privacy-account.ts';
import { daysLeft, expiryOf, groupFactsOf, partnersDataset, rowsMaxOf } from './proposal.ts';
import type { Services } from './services.ts';

export type RoomProposal = Omit<InputOf<'agreement.proposeRoom'>['body'], 'dryRun'>;

/** A room's key is good for as long as the agreement: no longer than this. */
const roomDaysMax = 30;
const defaultDays = 7;

export class RoomAgreements implements AgreementKind<RoomTerms> {
  readonly #services: Services;
  readonly #account: PrivacyAccount;

  constructor(services: Services, account: PrivacyAccount) {
    this.#services = services;
    this.#account = account;
  }

  /** Makes the terms of a proposal; nothing is said to anyone. @throws {NodeError} with what does not fit. */
  async terms(proposal: RoomProposal): Promise<RoomTerms> {
    const { network, home } = this.#services;
    const settings = await this.#services.settings();
    const named = proposal.contributors.map((one) => ({
      ...one,
      found: partnersDataset(this.#services, one.organisation, one.dataset),
    }));
    for (const one of named) requireColumns(one);
    const terms: RoomTerms = {
      version: 1,
      operation: 'room',
      network: network.ledger.log.network,
      purpose: proposal.purpose,
      proposer: home.config.organisation,
      room: proposal.room,
      contributors: named.map(({ organisation, table, columns, found }) => ({
        organisation,
        dataset: found.dataset,
        rowsAbout: found.description.rowsAbout,
        rowsMax: rowsMaxOf(found.description.rowsAbout),
        table,
        columns: columns.map(({ longitude, ...column }) => ({
          ...column,
          ...(longitude === undefined ? {} : { longitude }),
        })),
      })),
      rounds: proposal.keys.map((key) => roundOf(key, named)),
      keyHolders: [...(proposal.keyHolders ?? contributorsOf(proposal))],
      receivers: [...proposal.receivers],
      questionPurpose: proposal.questionPurpose,
      rules: proposal.rules as unknown as RoomTerms['rules'],
      ...(proposal.activation === undefined ? {} : { activation: { ...proposal.activation } }),
      budgetRho: proposal.budgetRho,
      exactGuard: proposal.exactGuard,
      limits: {
        minimumListRows: proposal.minimumListRows ?? settings.minimumListRows,
        usesMax: proposal.uses,
        expiresAt: expiryOf(this.#services, proposal.expiresAt, defaultDays),
      },
      nonce: randomBytes(16).toString('hex'),
    };
    return terms;
  }

  /** Pseudonyms need no more than every kernel has. */
  requireRunnable(): void {}

  async evaluate(terms: RoomTerms): Promise<Finding[]> {
    const { home, store } = this.#services;
    const settings = await this.#services.settings();
    const own = contributionsOf(terms, home.config.organisation);
    const rows = await Promise.all(own.map(async ({ dataset }) => (await store.datasets.find(dataset))?.rows ?? 0));
    const findings = evaluateRoomPolicy(
      home.config.organisation,
      {
        ...defaultPolicy,
        minimumListRows: settings.minimumListRows,
        minimumGroupRows: settings.minimumGroupRows,
        daysMax: roomDaysMax,
      },
      {
        minimumListRows: terms.limits.minimumListRows,
        usesMax: terms.limits.usesMax,
        daysLeft: daysLeft(this.#services, terms.limits),
        // Of the shortest.
        ownRows: own.length > 0 ? Math.min(...rows) : undefined,
        parties: roomParties(terms),
        audiencePersonsMin: terms.activation?.minimumPersons,
      },
    );
    if (own.length === 0) return findings;
    const datasets = own.map(({ dataset }) => dataset);
    return [...findings, ...(await this.#budgetFindings(terms, datasets))];
  }

  /** What the room would be granted, beside all that each receiver has been told or may be told already. */
  async #budgetFindings(terms: RoomTerms, datasets: readonly string[]): Promise<Finding[]> {
    const { organisation } = this.#services.home.config;
    const other = await this.#account.otherKeeper(terms);
    if (other !== undefined) return [evaluateKeeper(organisation, { keeper: terms.room, other })];
    const added = this.#account.added(terms);
    const partners = terms.receivers.filter((receiver) => receiver !== organisation);
    return Promise.all(
      partners.map(async (partner) => {
        // The grants of the room are for all of them: what was told most of any one of them stands beside.
        const each = await Promise.all(datasets.map((dataset) => this.#account.committed({ partner, dataset })));
        const committed = Math.max(...each);
        return evaluatePrivacyBudget(organisation, { partner, rho: { committed, added } });
      }),
    );
  }

  async plan(terms: RoomTerms): Promise<Plan> {
    const { organisation } = this.#services.home.config;
    const plan = planRoom(terms, organisation, await groupFactsOf(this.#services, roomParties(terms)));
    return { ...plan, rounds: [...plan.rounds], alternatives: [] };
  }
}

/** What a contributor is to bring is in its catalogue. */
function requireColumns(of: {
  readonly organisation: string;
  readonly columns: readonly { readonly column: string; readonly longitude?: string | undefined }[];
  readonly found: { readonly description: DatasetDescription };
}): void {
  const published = of.found.description.attributes.map(({ column }) => column);
  const wanted = of.columns.flatMap(({ column, longitude }) =>
    longitude === undefined ? [column] : [column, longitude],
  );
  const missing = wanted.find((column) => !published.includes(column));
  if (missing === undefined) return;
  throw new NodeError('terms-refused', `the dataset of ${of.organisation} has no attribute ${missing}`, {
    remedy: `choose among ${published.join(', ') || 'none'}`,
    partner: of.organisation,
  });
}

/** The column of every table that a key names, and the form in which all of them can hash it. */
function roundOf(
  key: string,
  contributors: readonly {
    readonly organisation: string;
    readonly table: string;
    readonly found: { readonly description: DatasetDescription };
  }[],
): RoomTerms['rounds'][number] {
  const columns = contributors.map(({ organisation, table, found }) => {
    const id = found.description.ids.find(
      ({ column, profile }) => parseProfile(profile).type === key || column === key || profile === key,
    );
    if (!id)
      throw new NodeError('profiles-differ', `the dataset of ${organisation} has no identifier ${key}`, {
        partner: organisation,
      });
    return { organisation, table, column: id.column, profile: id.profile };
  });
  const form = columns.slice(1).reduce((common, { organisation, profile }) => {
    const compared = compareProfiles(parseProfile(common), parseProfile(profile));
    if (compared.ok) return formatProfile(compared.common);
    throw new NodeError('profiles-differ', compared.sentence.en, { partner: organisation });
  }, columns[0]!.profile);
  return { form: formatProfile(parseProfile(form)), columns };
}
