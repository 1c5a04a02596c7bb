/**
 * Invites of guests: people with a list and a browser, whom a person of this organisation invites to match it with one dataset. What an
 * invite says is fixed when it is made; whether it still stands is asked again at each step of a visit.
 */
import { randomBytes } from 'node:crypto';
import type { ResponseOf } from '@causeway/core/api';
import { type GuestOffer, type GuestReceiver, guestFragment, secretDigest } from '@causeway/core/applications/guest';
import { parseProfile } from '@causeway/core/identifiers';
import { type DatasetDescription, formatTime } from '@causeway/core/ledger';
import { NodeError } from '../home/index.ts';
import type { GuestInviteRow } from '../store/index.ts';
import { dayMs, expiryOf, ownDataset } from './proposal.ts';
import { type Services, timeText } from './services.ts';

export type GuestInvite = ResponseOf<'guest.list'>['items'][number];

export interface GuestInvitation {
  readonly label: string;
  readonly dataset: string;
  readonly key: string;
  readonly receiver: GuestReceiver;
  readonly purpose: string;
  readonly uses: number;
  readonly expiresAt?: string | undefined;
  readonly rowsMax: number;
  readonly minimumListRows?: number | undefined;
  readonly minimumGroupRows?: number | undefined;
}

/** What an invite has fixed, as the store keeps it. */
type InviteRules = Omit<GuestInvitation, 'label' | 'dataset' | 'uses' | 'expiresAt'> & {
  /** The identifier's column. */
  readonly key: string;
  readonly minimumListRows: number;
  readonly minimumGroupRows: number;
};

const defaultDays = 7;
const daysMax = 30;

export class GuestInvites {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** @throws {NodeError} with what does not fit. @returns the path of the link, whose secret is not kept. */
  async make(asked: GuestInvitation, user: string): Promise<{ invite: GuestInvite; path: string }> {
    const { store, clock } = this.#services;
    const settings = await this.#services.settings();
    const { dataset, description } = await ownDataset(this.#services, asked.dataset);
    const column = idColumn(description, asked.key);
    const expiresAtMs = Date.parse(expiryOf(this.#services, asked.expiresAt, defaultDays));
    if (expiresAtMs <= clock.wallMs() || expiresAtMs > clock.wallMs() + daysMax * dayMs) {
      throw new NodeError('conflict', `an invite ends in the future, within ${daysMax} days`);
    }
    const { minimumListRows = settings.minimumListRows, minimumGroupRows = settings.minimumGroupRows } = asked;
    if (minimumListRows < settings.minimumListRows || minimumGroupRows < settings.minimumGroupRows) {
      throw new NodeError(
        'conflict',
        `this node's minimum is ${settings.minimumListRows} identifiers in a list and ${settings.minimumGroupRows} behind a figure`,
        {
          remedy: 'leave the minimum out, or lower the settings on purpose',
        },
      );
    }
    const { receiver, purpose, rowsMax } = asked;
    const rules: InviteRules = { key: column.column, receiver, purpose, rowsMax, minimumListRows, minimumGroupRows };
    const secret = randomBytes(32).toString('base64url');
    const id = randomBytes(8).toString('hex');
    await store.guests.create({
      id,
      secretDigest: secretDigest(secret),
      label: asked.label,
      dataset,
      rules,
      usesMax: asked.uses,
      // As it is set now: an invite of two people does not become one person's word, nor the other way, when the setting changes.
      needsConfirmation: settings.fourEyes,
      by: user,
      atMs: clock.wallMs(),
      expiresAtMs,
    });
    return { invite: await this.#view((await store.guests.find({ id }))!), path: `/guest#${guestFragment(secret)}` };
  }

  async list(): Promise<GuestInvite[]> {
    return Promise.all((await this.#services.store.guests.list()).map((row) => this.#view(row)));
  }

  /**
   * A second person's yes, where the node asked for four eyes when the invite was made. The link is the one that was shown then.
   * @throws {NodeError} `four-eyes` for whoever made it; `conflict` where nothing waits.
   * @returns undefined where there is no such invite.
   */
  async confirm(id: string, user: string): Promise<GuestInvite | undefined> {
    const { store, clock } = this.#services;
    const row = await store.guests.find({ id });
    if (!row) return undefined;
    if (row.createdBy === user) {
      throw new NodeError('four-eyes', 'who made an invite may not confirm it', {
        remedy: 'ask another user who is an approver',
      });
    }
    if ((await this.#stateOf(row)) !== 'waiting')
      throw new NodeError('conflict', 'this invite does not wait for anybody');
    await store.guests.confirm(id, { atMs: clock.wallMs(), by: user });
    return this.#view((await store.guests.find({ id }))!);
  }

  /** Ends an invite. @returns undefined where there is none. */
  async revoke(id: string, user: string): Promise<GuestInvite | undefined> {
    const { store, clock } = this.#services;
    await store.guests.revoke(id, { atMs: clock.wallMs(), by: user });
    const row = await store.guests.find({ id });
    return row && this.#view(row);
  }

  /** The invite that a secret or an id is of. @throws {NodeError} `guest-invite` where it stands no more, the same for every reason. */
  async open(by: { readonly id: string } | { readonly secretDigest: string }): Promise<GuestInviteRow> {
    const row = await this.#services.store.guests.find(by);
    if (row && (await this.#stateOf(row)) === 'open') return row;
    throw inviteOver();
  }

  /** What a guest is told of an invite. */
  async offer(row: GuestInviteRow): Promise<GuestOffer> {
    const { home, network } = this.#services;
    const { description } = await ownDataset(this.#services, row.dataset);
    const { purpose, receiver, key, rowsMax, minimumListRows, minimumGroupRows } = row.rules as InviteRules;
    return {
      network: network.ledger.log.network,
      host: { organisation: home.config.organisation, name: network.ownName },
      label: row.label,
      purpose,
      receiver,
      column: idColumn(description, key),
      rowsAbout: description.rowsAbout,
      limits: {
        minimumListRows,
        minimumGroupRows,
        rowsMax,
        expiresAt: formatTime(row.expiresAtMs),
        usesLeft: row.usesMax - this.#usesTaken(await this.#services.store.guests.runs({ invite: row.id })),
      },
    };
  }

  async #stateOf(row: GuestInviteRow): Promise<GuestInvite['status']> {
    if (row.revokedAtMs !== null) return 'revoked';
    const runs = await this.#services.store.guests.runs({ invite: row.id });
    if (this.#usesTaken(runs) >= row.usesMax) return 'used';
    if (row.expiresAtMs <= this.#services.clock.wallMs()) return 'expired';
    return row.needsConfirmation && row.confirmedAtMs === null ? 'waiting' : 'open';
  }

  /** As the ledger counts: a run in which nothing was exchanged takes no use. One that is about to start does. */
  #usesTaken(runs: readonly { readonly agreement: string; readonly job: string }[]): number {
    const { state } = this.#services.network.ledger;
    return runs.filter(({ agreement, job }) => !state.job(job) || state.agreement(agreement)!.usesTaken > 0).length;
  }

  async #view(row: GuestInviteRow): Promise<GuestInvite> {
    const { store, network } = this.#services;
    const rules = row.rules as InviteRules;
    const runs = await store.guests.runs({ invite: row.id });
    return {
      id: row.id,
      label: row.label,
      dataset: (await store.datasets.find(row.dataset))?.name ?? row.dataset,
      ...rules,
      status: await this.#stateOf(row),
      usesMax: row.usesMax,
      usesTaken: this.#usesTaken(runs),
      createdAt: timeText(row.createdAtMs),
      createdBy: row.createdBy,
      expiresAt: timeText(row.expiresAtMs),
      ...(row.confirmedAtMs === null
        ? {}
        : { confirmedAt: timeText(row.confirmedAtMs), confirmedBy: row.confirmedBy! }),
      ...(row.revokedAtMs === null ? {} : { revokedAt: timeText(row.revokedAtMs), revokedBy: row.revokedBy! }),
      runs: runs.map(({ agreement, job, atMs }) => {
        const state = network.ledger.state.job(job);
        const failure = state?.failures[0];
        return {
          agreement,
          job,
          guest: network.ledger.state.agreement(agreement)?.guest?.name ?? '',
          status: state?.status ?? 'running',
          ...(failure ? { code: failure.code } : {}),
          at: timeText(atMs),
        };
      }),
    };
  }
}

function idColumn({ ids }: DatasetDescription, key: string): DatasetDescription['ids'][number] {
  const column =
    ids.find(({ column }) => column === key) ?? ids.find(({ profile }) => parseProfile(profile).type === key);
  if (column) return column;
  throw new NodeError('profiles-differ', `the dataset has no identifier ${key}`, {
    remedy: `choose among ${ids.map(({ profile }) => profile).join(', ')}`,
  });
}

function inviteOver(): NodeError {
  return new NodeError('guest-invite', 'this invite is unknown, not confirmed yet, used, revoked, or too old', {
    remedy: 'ask whoever sent the link for a new one',
  });
}
