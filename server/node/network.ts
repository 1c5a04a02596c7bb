/** Which network this node belongs to: founding one, inviting, joining; and the ledger that holds it together. */
import { createHash, randomBytes } from 'node:crypto';
import { base64ToBytes, bytesToBase64 } from '@causeway/core/bytes';
import { type LedgerError, type LogIdentity, type Member, signConsent } from '@causeway/core/ledger';
import { z } from 'zod';
import type { Home } from '../home/index.ts';
import { NodeError } from '../home/index.ts';
import { encodeBody } from '../ledger/calls.ts';
import { NetworkLedger } from '../ledger/index.ts';
import type { LinkClock, Links } from '../link/index.ts';
import type { Log } from '../observe/index.ts';
import type { Store } from '../store/index.ts';
import { PgLedgerStore } from './pg-ledger-store.ts';

export interface NetworkParts {
  readonly home: Home;
  readonly store: Store;
  readonly clock: LinkClock;
  readonly log: Log;
}

/** What is kept of the network between two starts. */
const membership = z.strictObject({
  network: z.string(),
  name: z.string(),
  operator: z.string(),
  operatorKey: z.base64(),
});
type Membership = z.infer<typeof membership>;

const settingsKey = 'network';
const unconfirmedKey = 'ledger-unconfirmed';

export class Network {
  readonly #parts: NetworkParts;
  readonly #openListeners = new Set<(ledger: NetworkLedger) => void>();
  #links: Links | undefined;
  #ledger: NetworkLedger | undefined;
  #membership: Membership | undefined;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** Takes up the network that this node is in, if it is in one. */
  async open(links: Links): Promise<void> {
    this.#links = links;
    const kept = await this.#parts.store.settings.get(settingsKey);
    if (kept !== undefined) await this.#openLedger(membership.parse(kept));
  }

  /** Before the network is opened in a home that was restored: its copy of the ledger may be an older one. */
  async distrustOwnCopy(): Promise<void> {
    await this.#setUnconfirmed(true);
  }

  async close(): Promise<void> {
    await this.#ledger?.close();
  }

  /** The ledger, where this node is in a network. */
  get ledgerIfAny(): NetworkLedger | undefined {
    return this.#ledger;
  }

  /** @throws {NodeError} `no-network`. */
  get ledger(): NetworkLedger {
    if (this.#ledger) return this.#ledger;
    throw new NodeError('no-network', 'this node is in no network yet', {
      remedy: 'found one with `causeway network create NAME`, or join one with `causeway network join INVITE`',
    });
  }

  /** Name and id of the network. */
  get summary(): { id: string; name: string; operator: string } | undefined {
    if (!this.#membership) return undefined;
    const { network, name, operator } = this.#membership;
    return { id: network, name, operator };
  }

  /** Calls the listener with the ledger, now or as soon as there is one. */
  whenOpen(listener: (ledger: NetworkLedger) => void): void {
    if (this.#ledger) listener(this.#ledger);
    else this.#openListeners.add(listener);
  }

  /** Members that this node links with: what the ledger says now. */
  members(): { organisation: string; tlsFingerprint: string; endpoint?: string }[] {
    const members = this.#ledger?.state.members() ?? [];
    const known = members.map(({ organisation, tlsFingerprint, endpoint }) => ({
      organisation,
      tlsFingerprint,
      ...(endpoint === undefined ? {} : { endpoint }),
    }));
    const missing =
      this.#invitedBy && !known.some(({ organisation }) => organisation === this.#invitedBy!.organisation);
    return missing ? [...known, this.#invitedBy!] : known;
  }
  /** The operator as the invite names it, until the ledger does. */
  #invitedBy: { organisation: string; tlsFingerprint: string; endpoint?: string } | undefined;

  /** Founds a network with this node as its operator. */
  async create(name: string): Promise<void> {
    this.#checkFree();
    const { config, keys } = this.#parts.home;
    const slug = name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40);
    const made: Membership = {
      network: `${slug || 'network'}-${randomBytes(4).toString('hex')}`,
      name,
      operator: config.organisation,
      operatorKey: bytesToBase64(keys.identity.publicKey),
    };
    await this.#keep(made);
    const ledger = await this.#openLedger(made);
    await ledger.append('network.created', { name, operator: this.self() });
    this.#links?.refresh();
  }

  /** What this organisation is called: as the ledger has it, or as its home says where there is none. */
  get ownName(): string {
    const { organisation, name } = this.#parts.home.config;
    return this.#ledger?.state.member(organisation)?.name ?? name;
  }

  /** Calls this organisation otherwise. @throws {NodeError} `no-network`. @throws {LedgerError} `name-in-use`. */
  async rename(name: string): Promise<void> {
    await this.ledger.append('member.updated', { name });
  }

  /** This organisation as a member. */
  self(): Member {
    const { config, keys } = this.#parts.home;
    const endpoint = config.endpoint ?? config.listen;
    return {
      organisation: config.organisation,
      name: config.name,
      identityKey: bytesToBase64(keys.identity.publicKey),
      tlsFingerprint: keys.certificate.fingerprint,
      ...(endpoint === undefined ? {} : { endpoint }),
    };
  }

  /** At the operator: admits an organisation that came with an invite. @returns what it needs to take part. */
  async admit(body: Uint8Array): Promise<Uint8Array> {
    const request = joinRequest.parse(JSON.parse(Buffer.from(body).toString()));
    const { ledger } = this;
    const known = ledger.state.member(request.member.organisation);
    if (!(known?.status === 'active' && known.identityKey === request.member.identityKey)) {
      await ledger.append('member.joined', request as unknown as { member: Member; consent: string });
    }
    this.#links?.refresh();
    return encodeBody(this.#membership);
  }

  /** What a joining node sends: itself, with its consent to be a member of that network. */
  joinRequest(network: string): Uint8Array {
    const member = this.self();
    return encodeBody({ member, consent: signConsent({ network, member }, this.#parts.home.keys.identity) });
  }

  /** At the new member: takes up the network that let it in. */
  async joined(answer: Uint8Array, operator: { tlsFingerprint: string; endpoint?: string }): Promise<void> {
    const made = membership.parse(JSON.parse(Buffer.from(answer).toString()));
    this.#invitedBy = { organisation: made.operator, ...operator };
    await this.#keep(made);
    const ledger = await this.#openLedger(made);
    this.#links?.refresh();
    await ledger.sync();
    this.#links?.refresh();
  }

  /** @throws {NodeError} `already-in-network`. */
  checkFree(): void {
    this.#checkFree();
  }

  #checkFree(): void {
    if (!this.#membership) return;
    throw new NodeError('already-in-network', `this node is in the network ${this.#membership.name} already`, {
      remedy: 'a node belongs to one network; make another home for another one',
    });
  }

  async #keep(made: Membership): Promise<void> {
    await this.#parts.store.settings.put({
      key: settingsKey,
      value: made,
      atMs: this.#parts.clock.wallMs(),
      by: 'node',
    });
  }

  async #setUnconfirmed(value: boolean): Promise<void> {
    const { store, clock } = this.#parts;
    await store.settings.put({ key: unconfirmedKey, value, atMs: clock.wallMs(), by: 'node' });
  }

  async #openLedger(made: Membership): Promise<NetworkLedger> {
    const { home, store, clock, log } = this.#parts;
    const identity: LogIdentity = {
      network: made.network,
      operator: made.operator,
      operatorKey: base64ToBytes(made.operatorKey),
    };
    this.#membership = made;
    const ledger = await NetworkLedger.open({
      log: identity,
      organisation: home.config.organisation,
      keyPair: home.keys.identity,
      store: new PgLedgerStore(store),
      links: this.#links!,
      clock,
      unconfirmed: (await store.settings.get(unconfirmedKey)) === true,
      onConfirmed: () => this.#setUnconfirmed(false),
      onAlarm: (alarm: LedgerError) => {
        log.error('the operator contradicts itself: the ledger is not trusted any more', {
          code: alarm.code,
          peer: made.operator,
        });
        void store.settings.put({
          key: 'ledger-alarm',
          value: { code: alarm.code, detail: alarm.message, evidence: alarm.evidence ?? null },
          atMs: clock.wallMs(),
          by: 'node',
        });
      },
    });
    this.#ledger = ledger;
    ledger.onRecord(({ entry }) => {
      if (entry.type.startsWith('member.')) this.#links?.refresh();
    });
    for (const listener of this.#openListeners) listener(ledger);
    this.#openListeners.clear();
    return ledger;
  }
}

const joinRequest = z.strictObject({
  member: z.looseObject({ organisation: z.string(), identityKey: z.string() }),
  consent: z.string(),
});

/** Digest of the network's founding, for people to compare by voice. */
export function shortFingerprint(operatorKey: Uint8Array): string {
  return createHash('sha256').update(operatorKey).digest('hex').slice(0, 16);
}
