/**
 * A link of two processes that know each other by one invite: no network, no ledger, certificates for this run alone. The invite names
 * the listener's certificate; the connector's is accepted because it proves the invite's secret. The first that does is the partner.
 */

import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { makeCertificate } from '../keys/certificate.ts';
import { isLoopback } from './address.ts';
import { type LinkClock, systemClock } from './clock.ts';
import { LinkError } from './error.ts';
import { decodeInvite, encodeInvite, INVITE_SECRET_BYTES, isInviteProven } from './invite.ts';
import { joinByInvite } from './join.ts';
import type { CallHandler, Link, LinkEvent } from './link.ts';
import { type NodeLinks, openLinks } from './node-links.ts';
import type { Member } from './partner.ts';
import type { NodeIdentity } from './transport.ts';
import { Waiter } from './waiter.ts';

export interface DirectOptions {
  /** For messages to a person: the connection came, was lost, comes back. No payload. */
  readonly onEvent?: (event: LinkEvent) => void;
  readonly clock?: LinkClock;
}

/** A link that survives cuts until one side closes it. */
export interface DirectLink extends Link {
  /** On the wire until now, TLS included. */
  readonly bytes: { readonly sent: number; readonly received: number };
  /** Whether the partner is on this machine, by the invite's address. */
  readonly isLocal: boolean;
  /** Registers the one handler of a method. @throws {RangeError} for a second one. */
  onCall(method: string, handler: CallHandler): void;
  /** Ends it: what was sent is delivered first, and the partner is told that this is the end. */
  close(): Promise<void>;
}

export interface DirectListener {
  /** One line for the partner; a secret, good for one partner. */
  readonly invite: string;
  readonly address: { readonly host: string; readonly port: number };
  /** Resolves when the partner has connected. @throws {LinkError} `timeout`, `cancelled`, `closed`. */
  accept(limits?: { timeoutMs?: number; signal?: AbortSignal }): Promise<DirectLink>;
  /** Stops listening, where no partner is wanted any more. */
  close(): Promise<void>;
}

const LISTENER = 'listener';
const CONNECTOR = 'connector';
const CERTIFICATE_DAYS = 30;
const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Listens for one partner.
 * @param options.host where to listen; with `0.0.0.0` or `::` the invite names this machine's first public or private address.
 * @param options.advertise `host:port` for the invite, where the partner reaches this machine by another address.
 * @throws {LinkError} `unreachable` where the port cannot be opened.
 */
export async function listenDirect(
  options: DirectOptions & { host: string; port: number; advertise?: string },
): Promise<DirectListener> {
  const clock = options.clock ?? systemClock;
  const { identity, fingerprint } = await ephemeralIdentity(LISTENER, clock);
  const secret = randomBytes(INVITE_SECRET_BYTES);
  const arrived = Promise.withResolvers<void>();
  let partner: Member | undefined;

  const links = await openLinks({
    identity,
    members: () => (partner === undefined ? [] : [partner]),
    listen: { host: options.host, port: options.port },
    clock,
    ...(options.onEvent && { onEvent: options.onEvent }),
    onJoin: async ({ tlsFingerprint, proof, body }) => {
      if (!isInviteProven({ secret, inviter: fingerprint, invited: tlsFingerprint, body }, proof)) {
        throw new LinkError('invite', 'this invite is not the one that the listener printed: ask for a new line');
      }
      if (partner !== undefined && partner.tlsFingerprint !== tlsFingerprint) {
        throw new LinkError('invite', 'this invite has been used: ask the partner for a new one');
      }
      partner = { organisation: CONNECTOR, tlsFingerprint };
      links.refresh();
      arrived.resolve();
      return new Uint8Array(0);
    },
  });

  const port = links.address!.port;
  const address = options.advertise ?? `${reachableHost(options.host)}:${port}`;
  return {
    invite: encodeInvite({ address, tlsFingerprint: fingerprint, secret }),
    address: { host: options.host, port },
    async accept(limits = {}) {
      await untilSettled(arrived.promise, limits, clock);
      const link = await links.to(CONNECTOR, { timeoutMs: CONNECT_TIMEOUT_MS, ...limits });
      return directLink(links, link, address);
    },
    close: () => links.close(),
  };
}

/**
 * Connects to the listener of an invite.
 * @param invite the line that the partner sent.
 * @throws {LinkError} `invite`, and what `dial` throws.
 */
export async function connectDirect(
  invite: string,
  options: DirectOptions & { signal?: AbortSignal } = {},
): Promise<DirectLink> {
  const clock = options.clock ?? systemClock;
  const decoded = decodeInvite(invite);
  if (decoded.network !== undefined) {
    throw new LinkError(
      'invite',
      `this invite is for the network ${decoded.network}, not for a direct match: use it with network join`,
    );
  }
  const { identity } = await ephemeralIdentity(CONNECTOR, clock);
  // Whoever pastes an invite chooses its address: a partner in the same network or on the same machine is meant.
  const reach = { clock, allowPrivateAddresses: true, ...(options.signal && { signal: options.signal }) };
  await joinByInvite({ invite: decoded, identity, body: new Uint8Array(0), ...reach });
  const listener: Member = {
    organisation: LISTENER,
    tlsFingerprint: decoded.tlsFingerprint,
    endpoint: decoded.address,
  };
  const links = await openLinks({
    identity,
    members: () => [listener],
    clock,
    allowPrivateAddresses: true,
    ...(options.onEvent && { onEvent: options.onEvent }),
  });
  try {
    const limits = { timeoutMs: CONNECT_TIMEOUT_MS, ...(options.signal && { signal: options.signal }) };
    return directLink(links, await links.to(LISTENER, limits), decoded.address);
  } catch (error) {
    await links.close();
    throw error;
  }
}

function directLink(links: NodeLinks, link: Link, address: string): DirectLink {
  return {
    isLocal: isLoopback(address),
    onCall: (method, handler) => links.onCall(method, handler),
    peer: link.peer,
    get state() {
      return link.state;
    },
    get bytes() {
      const [status] = links.status();
      return { sent: status?.sentBytes ?? 0, received: status?.receivedBytes ?? 0 };
    },
    call: (method, body, options) => link.call(method, body, options),
    channel: (name) => link.channel(name),
    close: () => links.leave({ code: 'done', detail: 'the partner has finished' }),
  };
}

async function ephemeralIdentity(
  organisation: string,
  clock: LinkClock,
): Promise<{ identity: NodeIdentity; fingerprint: string }> {
  const made = await makeCertificate({ organisation, nowMs: clock.wallMs(), validDays: CERTIFICATE_DAYS });
  const { certificate, privateKey, fingerprint } = made;
  return { identity: { organisation, certificate, privateKey }, fingerprint };
}

/** What a partner can dial, for a host that means every address of this machine. */
function reachableHost(host: string): string {
  const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address);
  if (host !== '0.0.0.0' && host !== '::') return bracketed(host);
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80:') && !address.startsWith('169.254.'));
  const found = own.find(({ family }) => family === 'IPv4') ?? own[0];
  return found === undefined ? '127.0.0.1' : bracketed(found.address);
}

/** Waits for the partner. */
async function untilSettled(
  promise: Promise<void>,
  limits: { timeoutMs?: number; signal?: AbortSignal },
  clock: LinkClock,
): Promise<void> {
  const waiter = new Waiter<void>();
  void promise.then(() => waiter.resolve());
  waiter.limit(limits, clock, 'the port: nobody has used the invite');
  await waiter.promise;
}
