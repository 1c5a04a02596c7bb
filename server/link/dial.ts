/** Opens a connection to a partner: address, TCP, TLS 1.3, the pinned certificate, HTTP/2, each failure with its name. */

import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionRequestOptions,
  connect as connectHttp2,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { type AddressRules, type ResolvedEndpoint, resolveEndpoint } from './address.ts';
import { attachToServer } from './attach.ts';
import type { Carried } from './carried.ts';
import { checkPeerCertificate, type PeerCertificate } from './certificate-check.ts';
import type { LinkClock } from './clock.ts';
import { LinkError } from './error.ts';
import type { LiveLink } from './live-link.ts';
import { Link as LinkService } from './proto/causeway/link/v1/link_pb.ts';
import { fromConnectError } from './refusal.ts';
import {
  http2Settings,
  messageBytesMax,
  type NodeIdentity,
  secureContext,
  type Wire,
  widenWindow,
  wireOf,
} from './transport.ts';

export interface DialTarget {
  /** Whom the messages name. */
  readonly peer: string;
  /** `host:port`. */
  readonly endpoint: string;
  /** The certificate that the peer must show. */
  readonly tlsFingerprint: string;
}

export interface DialOptions extends AddressRules {
  readonly identity: NodeIdentity;
  readonly clock: LinkClock;
  /** For each of: the name, TCP, TLS. */
  readonly stepTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

const STEP_TIMEOUT_MS = 5_000;

/** A connection whose certificate is the pinned one. */
export interface DialledConnection {
  readonly wire: Wire;
  readonly rpc: Client<typeof LinkService>;
  /** Carries a link's session from here on. */
  attach(link: LiveLink): Carried;
  /** What an RPC on this connection failed with. */
  failure(cause: unknown): LinkError;
}

/**
 * Dials, and checks everything before a byte of content is sent.
 * @throws {LinkError} `dns`, `address-not-allowed`, `unreachable`, `tls`, `not-causeway`, `wrong-certificate`, `weak-certificate`,
 *   `certificate-expired`, `certificate-not-yet-valid`, `cancelled`.
 */
export async function dial(target: DialTarget, options: DialOptions): Promise<DialledConnection> {
  const resolved = await within(resolveEndpoint(target.endpoint, options), options, () => {
    return new LinkError('dns', `the name in ${target.endpoint} was not resolved in time: check this node's DNS`);
  });
  const tcp = await openTcp(target, resolved, options);
  const tls = await openTls(target, resolved, tcp, options);
  try {
    const certificate = checkPeerCertificate(tls, { peer: target.peer, nowMs: options.clock.wallMs() });
    if (certificate.fingerprint !== target.tlsFingerprint) {
      throw new LinkError(
        'wrong-certificate',
        `${target.endpoint} shows another certificate (${short(certificate.fingerprint)}) than ${target.peer} published ` +
          `(${short(target.tlsFingerprint)}): another server, or an intercepting proxy, is at this address`,
      );
    }
    if (tls.alpnProtocol !== 'h2') {
      throw new LinkError('not-causeway', `the reply at ${target.endpoint} is not from Causeway (no HTTP/2)`);
    }
    return openHttp2(target, tls, { certificate, clock: options.clock });
  } catch (error) {
    tls.destroy();
    throw error;
  }
}

async function openTcp(target: DialTarget, resolved: ResolvedEndpoint, options: DialOptions): Promise<Socket> {
  let last: unknown;
  for (const address of resolved.addresses) {
    const socket = connectTcp({ host: address, port: resolved.port, noDelay: true });
    const opened = new Promise<Socket>((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('error', reject);
    });
    try {
      return await within(opened, options, () => new LinkError('unreachable', 'no answer in time'));
    } catch (error) {
      socket.destroy();
      if (error instanceof LinkError && error.code === 'cancelled') throw error;
      last = error;
    }
  }
  const reason = (last as NodeJS.ErrnoException | undefined)?.code ?? 'no answer in time';
  throw new LinkError(
    'unreachable',
    `${target.peer} is not reachable at ${target.endpoint} (${reason}): check that its node runs and that no firewall blocks the port`,
    { cause: last },
  );
}

async function openTls(
  target: DialTarget,
  resolved: ResolvedEndpoint,
  tcp: Socket,
  options: DialOptions,
): Promise<TLSSocket> {
  const socket = connectTls({
    ...secureContext(options.identity),
    socket: tcp,
    ALPNProtocols: ['h2'],
    // Every check is made by this node itself, against the fingerprint on the ledger.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(isIP(resolved.host) === 0 && { servername: resolved.host }),
  });
  const opened = new Promise<TLSSocket>((resolve, reject) => {
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed during the handshake')));
  });
  try {
    return await within(
      opened,
      options,
      () => new LinkError('tls', `no TLS handshake with ${target.endpoint} in time`),
    );
  } catch (cause) {
    socket.destroy();
    if (cause instanceof LinkError) throw cause;
    throw tlsFailure(target, cause);
  } finally {
    // What comes later is HTTP/2's; a socket without any listener would end the process.
    socket.on('error', () => {});
  }
}

function tlsFailure(target: DialTarget, cause: unknown): LinkError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const notTls = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'];
  if (notTls.includes(code)) {
    return new LinkError('not-causeway', `the reply at ${target.endpoint} is not from Causeway (not TLS)`, { cause });
  }
  return new LinkError('tls', `no TLS 1.3 with ${target.endpoint} (${code || 'the connection was closed'})`, { cause });
}

function openHttp2(
  target: DialTarget,
  tls: TLSSocket,
  { certificate, clock }: { certificate: PeerCertificate; clock: LinkClock },
): DialledConnection {
  const authority = `https://${target.endpoint}`;
  const session = connectHttp2(authority, { createConnection: () => tls, settings: http2Settings });
  session.on('error', () => {});
  session.once('connect', () => widenWindow(session));
  const manager = new SessionOfOneConnection(session, authority);
  const rpc = createClient(
    LinkService,
    createGrpcTransport({ baseUrl: authority, sessionManager: manager, acceptCompression: [], ...messageBytesMax }),
  );
  const wire = wireOf(session, tls, { certificate, clock });
  return {
    wire,
    rpc,
    failure: (cause) => fromConnectError(cause, { peer: target.peer, contentType: manager.contentType }),
    attach: (link) => attachToServer(session, link, wire),
  };
}

/** Connect's view of the connection that we opened and checked: it never opens another. */
class SessionOfOneConnection {
  readonly authority: string;
  /** Of the last answer. */
  contentType: string | undefined;
  readonly #session: ClientHttp2Session;

  constructor(session: ClientHttp2Session, authority: string) {
    this.#session = session;
    this.authority = new URL(authority).origin;
  }

  async request(
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    options: ClientSessionRequestOptions,
  ): Promise<ClientHttp2Stream> {
    const stream = this.#session.request({ ...headers, ':method': method, ':path': path }, options);
    stream.once('response', (answer) => {
      this.contentType = String(answer['content-type'] ?? '');
    });
    return stream;
  }

  notifyResponseByteRead(): void {}

  abort(): void {
    this.#session.destroy();
  }
}

/** Limits one step in time, and by the caller's signal. */
async function within<T>(step: Promise<T>, options: DialOptions, late: () => LinkError): Promise<T> {
  const { signal, clock } = options;
  const ended = Promise.withResolvers<never>();
  const cancel = clock.after(options.stepTimeoutMs ?? STEP_TIMEOUT_MS, () => ended.reject(late()));
  const abort = () => ended.reject(new LinkError('cancelled', 'dialling was cancelled'));
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([step, ended.promise]);
  } finally {
    cancel();
    signal?.removeEventListener('abort', abort);
    step.catch(() => {});
  }
}

function short(fingerprint: string): string {
  return `${fingerprint.slice(0, 16)}…`;
}
