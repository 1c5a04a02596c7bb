/** All links of a node over TLS: one port, one partner per member, whoever of the two dials. */

import { X509Certificate } from 'node:crypto';
import type { Resolver } from './address.ts';
import { type Reconnect, reconnectTiming } from './backoff.ts';
import { checkCertificate, expiryWarning } from './certificate-check.ts';
import { type LinkClock, systemClock } from './clock.ts';
import { type DialledConnection, dial } from './dial.ts';
import { type Check, diagnose } from './doctor.ts';
import { LinkError, type PeerFailure } from './error.ts';
import { Handlers } from './handlers.ts';
import type { SessionTiming } from './limits.ts';
import type { CallHandler, Link, LinkEvent, LinkStatus, Links } from './link.ts';
import { type Listener, type ListenPatience, listen } from './listen.ts';
import { type Member, Partner, type PartnerHost } from './partner.ts';
import type { NodeIdentity } from './transport.ts';

export interface LinksOptions {
  readonly identity: NodeIdentity;
  /** The network's members as the ledger has them now; this node's own entry may be among them. */
  readonly members: () => readonly Member[];
  /** Where this node listens; absent for a node that only dials. Port 0 takes any free one. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Dials loopback and private addresses too. Off unless the partners share a machine or a network. */
  readonly allowPrivateAddresses?: boolean;
  /**
   * Answers someone who is no member yet and proves an invite. The host decides what the proof opens, once.
   * @throws {LinkError} `invite`, or {@link CallRefused}.
   */
  readonly onJoin?: (request: JoinApplication) => Promise<Uint8Array>;
  /** For the node's log and audit: names, codes and sentences; never payload. */
  readonly onEvent?: (event: LinkEvent) => void;
  readonly clock?: LinkClock;
  readonly resolver?: Resolver;
  /** How soon silence is noticed, and the rest of a session's times. */
  readonly timing?: Partial<SessionTiming>;
  readonly patience?: Partial<ListenPatience>;
  readonly reconnect?: Partial<Reconnect>;
}

export interface JoinApplication {
  /** Of the certificate that the applicant showed: the one that it will be known by. */
  readonly tlsFingerprint: string;
  /** See `proveInvite`. */
  readonly proof: Uint8Array;
  readonly body: Uint8Array;
}

export interface NodeLinks extends Links {
  /** Where this node listens. */
  readonly address: { readonly host: string; readonly port: number } | undefined;
  /**
   * Tests everything between this node and a member, both directions.
   * @throws {LinkError} `not-a-member`.
   */
  diagnose(organisation: string): Promise<readonly Check[]>;
  /** Shows another certificate from now on: first publish its fingerprint. */
  present(identity: NodeIdentity): void;
  /** Sentences for a person about this node itself, such as its own certificate's expiry. */
  warnings(): readonly string[];
  /** Ends every session with a word to the partner, for a node that will not come back. */
  leave(reason: PeerFailure): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** The members are looked at this often, beside every dial, every connection and every `refresh`. */
const REFRESH_MS = 2_000;
/** What was sent has this long to arrive when the node closes. */
const FAREWELL_MS = 2_000;

/**
 * Opens the port, if there is one, and begins to dial the members.
 * @throws {LinkError} `unreachable` where the port cannot be opened, or what is wrong with this node's own certificate.
 */
export async function openLinks(options: LinksOptions): Promise<NodeLinks> {
  const clock = options.clock ?? systemClock;
  const own = new X509Certificate(options.identity.certificate);
  checkCertificate(own, { peer: 'this node', nowMs: clock.wallMs() });
  const links = new TlsLinks(options, clock);
  await links.open();
  return links;
}

class TlsLinks implements NodeLinks {
  readonly #options: LinksOptions;
  readonly #clock: LinkClock;
  readonly #handlers = new Handlers();
  readonly #partners = new Map<string, Partner>();
  readonly #dialsBack = new Set<string>();
  #identity: NodeIdentity;
  #listener: Listener | undefined;
  #cancelRefresh: (() => void) | undefined;
  #closed = false;

  constructor(options: LinksOptions, clock: LinkClock) {
    this.#options = options;
    this.#identity = options.identity;
    this.#clock = clock;
  }

  get address(): { readonly host: string; readonly port: number } | undefined {
    return this.#listener?.address;
  }

  async open(): Promise<void> {
    if (this.#options.listen !== undefined) {
      const listening = {
        ...this.#options.listen,
        identity: this.#identity,
        clock: this.#clock,
        patience: this.#options.patience,
      };
      this.#listener = await listen(listening, {
        memberOf: (fingerprint) =>
          this.#members().find((member) => member.tlsFingerprint === fingerprint)?.organisation,
        accept: (organisation, connection, wire) => this.#partner(organisation).accept(connection, wire),
        dialBack: (organisation) => this.#dialBack(organisation),
        join: async ({ fingerprint, proof, body }) => {
          const { onJoin } = this.#options;
          if (onJoin === undefined) throw new LinkError('invite', 'this node has given out no invite');
          return await onJoin({ tlsFingerprint: fingerprint, proof, body });
        },
        refused: ({ organisation, address, error }) =>
          this.#report({
            kind: 'refused',
            peer: organisation,
            detail: `${address}: ${error.message}`,
            code: error.code,
          }),
      });
    }
    this.refresh();
  }

  async to(organisation: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Link> {
    this.#requireOpen();
    const member = this.#member(organisation);
    if (member === undefined) throw notAMember(organisation);
    const partner = this.#partner(organisation);
    const { link } = partner;
    if (link.state === 'connected') return link;
    partner.dialNow();
    const startedMs = this.#clock.wallMs();
    const hopeless = Promise.withResolvers<never>();
    const unwatch = partner.watchFailures((error) => {
      if (!isPassing(error)) hopeless.reject(error);
    });
    const timeoutMs = options.timeoutMs ?? CONNECT_TIMEOUT_MS;
    const connected = link.connected({ timeoutMs, ...(options.signal && { signal: options.signal }) });
    try {
      await Promise.race([connected, hopeless.promise]);
    } catch (error) {
      connected.catch(() => {});
      throw this.#whyNot(partner, member, error, startedMs);
    } finally {
      unwatch();
    }
    return link;
  }

  onCall(method: string, handler: CallHandler): void {
    this.#handlers.add(method, handler);
  }

  status(): readonly LinkStatus[] {
    return [...this.#partners.values()].map((partner) => partner.status());
  }

  refresh(): void {
    if (this.#closed) return;
    this.#cancelRefresh?.();
    const members = new Map(this.#members().map((member) => [member.organisation, member]));
    for (const [organisation, partner] of this.#partners) {
      const member = members.get(organisation);
      if (member === undefined) {
        this.#partners.delete(organisation);
        void partner.end(new LinkError('not-a-member', `${organisation} is not a member of the network any more`));
      } else if (![undefined, member.tlsFingerprint].includes(partner.connectedFingerprint)) {
        partner.disconnect(new LinkError('wrong-certificate', `${organisation} has published another certificate`));
      }
    }
    for (const { organisation, endpoint } of members.values()) {
      const partner = this.#partner(organisation);
      if (endpoint !== undefined) partner.dialSoon();
    }
    this.#cancelRefresh = this.#clock.after(REFRESH_MS, () => this.refresh());
  }

  async diagnose(organisation: string): Promise<readonly Check[]> {
    this.#requireOpen();
    const peer = this.#member(organisation);
    if (peer === undefined) throw notAMember(organisation);
    return await diagnose({
      peer,
      self: this.#options.members().find((member) => member.organisation === this.#identity.organisation),
      clock: this.#clock,
      connected: this.#partners.get(organisation)?.status().state === 'connected',
      dial: () => this.#dialMember(organisation),
    });
  }

  present(identity: NodeIdentity): void {
    checkCertificate(new X509Certificate(identity.certificate), { peer: 'this node', nowMs: this.#clock.wallMs() });
    this.#identity = identity;
    this.#listener?.present(identity);
  }

  warnings(): readonly string[] {
    const own = new X509Certificate(this.#identity.certificate);
    const warning = expiryWarning('this node', own.validToDate.getTime(), this.#clock.wallMs());
    return warning === undefined ? [] : [warning];
  }

  async close(): Promise<void> {
    await this.#finish(async (partner) => {
      if (partner.link.state === 'connected') await partner.link.delivered({ timeoutMs: FAREWELL_MS });
      partner.stop(stopping());
    });
  }

  async leave({ code, detail }: PeerFailure): Promise<void> {
    await this.#finish(async (partner) => {
      if (partner.link.state === 'connected') await partner.link.delivered({ timeoutMs: FAREWELL_MS });
      await partner.end(new LinkError('closed', `${detail} (${code})`));
    });
  }

  async #finish(part: (partner: Partner) => Promise<void>): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelRefresh?.();
    await Promise.all([...this.#partners.values()].map(part));
    await this.#listener?.close();
  }

  #members(): readonly Member[] {
    return this.#options.members().filter(({ organisation }) => organisation !== this.#identity.organisation);
  }

  #member(organisation: string): Member | undefined {
    return this.#members().find((member) => member.organisation === organisation);
  }

  #partner(organisation: string): Partner {
    const known = this.#partners.get(organisation);
    if (known !== undefined) return known;
    const host: PartnerHost = {
      organisation: this.#identity.organisation,
      clock: this.#clock,
      listens: this.#listener !== undefined,
      member: (name) => this.#member(name),
      dial: (member, signal) => this.#dial(member, signal),
      timing: this.#options.timing,
      reconnect: { ...reconnectTiming, ...this.#options.reconnect },
      link: {
        handler: (method) => this.#handlers.of(method),
        onHandlerError: ({ peer, method, error }) =>
          this.#report({ kind: 'handler-failed', peer, detail: `the handler of ${method} failed`, error }),
      },
      report: (event) => this.#report(event),
    };
    const partner = new Partner(organisation, host);
    this.#partners.set(organisation, partner);
    return partner;
  }

  async #dialMember(organisation: string): Promise<DialledConnection> {
    const member = this.#member(organisation);
    if (member?.endpoint === undefined)
      throw member === undefined ? notAMember(organisation) : noEndpoint(organisation);
    return await this.#dial({ ...member, endpoint: member.endpoint });
  }

  async #dial(member: Member & { endpoint: string }, signal?: AbortSignal): Promise<DialledConnection> {
    const { organisation, endpoint, tlsFingerprint } = member;
    const { allowPrivateAddresses, resolver } = this.#options;
    return await dial(
      { peer: organisation, endpoint, tlsFingerprint },
      {
        identity: this.#identity,
        clock: this.#clock,
        allowPrivate: allowPrivateAddresses ?? false,
        ...(resolver && { resolver }),
        ...(signal && { signal }),
      },
    );
  }

  /** One at a time for each partner: a stranger's port is not scanned through this node. */
  async #dialBack(organisation: string): Promise<PeerFailure | undefined> {
    if (this.#dialsBack.has(organisation)) return { code: 'limit', detail: 'a test of your endpoint is under way' };
    this.#dialsBack.add(organisation);
    try {
      const connection = await this.#dialMember(organisation);
      connection.wire.destroy();
      return undefined;
    } catch (error) {
      if (error instanceof LinkError) return { code: error.code, detail: error.message };
      throw error;
    } finally {
      this.#dialsBack.delete(organisation);
    }
  }

  /** The named failure behind a link that did not come up. */
  #whyNot(partner: Partner, member: Member, error: unknown, startedMs: number): unknown {
    if (!(error instanceof LinkError) || error.code !== 'timeout') return error;
    const { lastFailure } = partner;
    if (lastFailure !== undefined && (lastFailure.atMs >= startedMs || member.endpoint !== undefined)) {
      return new LinkError(lastFailure.code as LinkError['code'], lastFailure.detail, { cause: error });
    }
    return member.endpoint === undefined ? noEndpoint(member.organisation) : error;
  }

  #report(event: LinkEvent): void {
    this.#options.onEvent?.(event);
  }

  #requireOpen(): void {
    if (this.#closed) throw stopping();
  }
}

/** Whether another attempt may succeed without anyone doing anything. */
function isPassing({ code }: LinkError): boolean {
  return ['unreachable', 'timeout', 'superseded', 'dns', 'closed', 'peer-restarted'].includes(code);
}

function notAMember(organisation: string): LinkError {
  return new LinkError('not-a-member', `${organisation} is not a member of this network`);
}

function noEndpoint(organisation: string): LinkError {
  return new LinkError(
    'no-endpoint',
    `${organisation} has published no endpoint and has not dialled this node: start its node`,
  );
}

function stopping(): LinkError {
  return new LinkError('closed', 'this node is stopping');
}
