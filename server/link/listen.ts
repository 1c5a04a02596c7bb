/**
 * The one port of a node: HTTP/2 over TLS 1.3, for members by their pinned certificates. Strangers are told why they are refused, may
 * greet, and may join with an invite; they hold little memory here, and not for long.
 */

import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type ConnectRouter, createContextKey, createContextValues, type HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { answerAttach, refuseAttach } from './attach.ts';
import { checkPeerCertificate, type PeerCertificate } from './certificate-check.ts';
import type { LinkClock } from './clock.ts';
import { LinkError, type PeerFailure } from './error.ts';
import { boundedFailure, type Frame } from './frame.ts';
import { VERSION_MAX, VERSION_MIN } from './limits.ts';
import type { Connection } from './live-link.ts';
import { Link as LinkService } from './proto/causeway/link/v1/link_pb.ts';
import { toConnectError } from './refusal.ts';
import {
  ATTACH_PATH,
  http2Settings,
  messageBytesMax,
  type NodeIdentity,
  secureContext,
  type Wire,
  widenWindow,
} from './transport.ts';

/** The node behind the port. */
export interface ListeningHost {
  /** The member with this certificate, if there is one. */
  memberOf(fingerprint: string): string | undefined;
  /**
   * Takes a member's connection.
   * @returns the frames for it.
   * @throws {LinkError} `superseded` and other refusals, told to the peer.
   */
  accept(organisation: string, connection: Connection, wire: Wire): AsyncIterable<Frame>;
  /** Dials the member's endpoint. @returns what failed there. */
  dialBack(organisation: string): Promise<PeerFailure | undefined>;
  /** Answers a stranger that proves an invite. @throws {LinkError} `invite`, or the host's refusal. */
  join(request: { fingerprint: string; proof: Uint8Array; body: Uint8Array }): Promise<Uint8Array>;
  /** Someone was turned away. */
  refused(failure: { organisation: string | undefined; address: string; error: LinkError }): void;
}

export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly identity: NodeIdentity;
  readonly clock: LinkClock;
}

export interface Listener {
  readonly address: { readonly host: string; readonly port: number };
  /** Shows another certificate from the next connection on. */
  present(identity: NodeIdentity): void;
  close(): Promise<void>;
}

const CONNECTION_COUNT_MAX = 512;
/** A connection that carries no link ends after this, whatever it sends. */
const STRANGER_MS_MAX = 30_000;
const HANDSHAKE_MS_MAX = 10_000;
/** Of a stranger: an invite's secret is not guessed, but a mistake is not repeated for ever either. */
const JOIN_COUNT_MAX = 3;
const JOIN_BODY_BYTES_MAX = 64 * 1024;

/** Who is at the other end, found once per connection. */
interface Caller {
  readonly session: ServerHttp2Session;
  readonly address: string;
  readonly certificate: PeerCertificate | undefined;
  /** Why the certificate itself was refused. */
  readonly refusal: LinkError | undefined;
  readonly wire: Wire | undefined;
  joinCount: number;
  attached: boolean;
}

const callerKey = createContextKey<Caller | undefined>(undefined);

/** @throws {LinkError} `unreachable` where the port cannot be opened. */
export async function listen(options: ListenOptions, host: ListeningHost): Promise<Listener> {
  const callers = new WeakMap<ServerHttp2Session, Caller>();
  const sessions = new Set<ServerHttp2Session>();
  const server = createSecureServer({
    ...secureContext(options.identity),
    requestCert: true,
    // Refused by name once HTTP/2 can carry the reason, in place of a bare TLS alert.
    rejectUnauthorized: false,
    handshakeTimeout: HANDSHAKE_MS_MAX,
    settings: http2Settings,
    maxHeaderListPairs: 64,
    maxSessionMemory: 32,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 20,
    streamResetBurst: 100,
    streamResetRate: 10,
    unknownProtocolTimeout: 1_000,
  });
  server.maxConnections = CONNECTION_COUNT_MAX;

  // `session.socket` is a proxy that throws once the session is gone. HTTP/2 makes the session of a socket within this event.
  let handshaken: TLSSocket | undefined;
  server.prependListener('secureConnection', (socket) => {
    handshaken = socket;
  });
  server.on('session', (session) => {
    sessions.add(session);
    const caller = callerOf(session, handshaken!, options.clock);
    callers.set(session, caller);
    session.on('error', () => {});
    const cancel = options.clock.after(STRANGER_MS_MAX, () => {
      if (!caller.attached) session.destroy();
    });
    session.once('close', () => {
      cancel();
      sessions.delete(session);
    });
  });
  server.on('sessionError', () => {});
  server.on('tlsClientError', (error, socket) => {
    socket.destroy();
    const reason = new LinkError(
      'tls',
      `no TLS 1.3 with a client (${(error as NodeJS.ErrnoException).code ?? 'handshake'})`,
    );
    host.refused({ organisation: undefined, address: socket.remoteAddress ?? '', error: reason });
  });

  const answer = connectNodeAdapter({
    routes: (router) => routes(router, host, options.clock),
    contextValues: (request) => {
      const { session } = (request as Http2ServerRequest).stream;
      return createContextValues().set(callerKey, session && callers.get(session as ServerHttp2Session));
    },
    grpc: true,
    grpcWeb: false,
    connect: false,
    acceptCompression: [],
    maxTimeoutMs: 3_600_000,
    ...messageBytesMax,
  });
  server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
    request.on('error', () => {});
    response.on('error', () => {});
    try {
      const caller = callers.get(request.stream.session as ServerHttp2Session);
      if (request.url === ATTACH_PATH) attach(request, response, { caller, host });
      else answer(request, response);
    } catch {
      // An authority or a path that is no URL.
      if (!response.headersSent) response.writeHead(400).end();
    }
  });

  await opened(server, options);
  const address = server.address() as AddressInfo;
  return {
    address: { host: options.host, port: address.port },
    present: (identity) => server.setSecureContext(secureContext(identity)),
    async close() {
      const done = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.destroy();
      await done;
    },
  };
}

function routes(router: ConnectRouter, host: ListeningHost, clock: LinkClock): void {
  router.service(LinkService, {
    greet(request, context) {
      const refusal = refusalOf(callerOfContext(context), host);
      return {
        versionMin: VERSION_MIN,
        versionMax: VERSION_MAX,
        timeMs: BigInt(Math.trunc(clock.wallMs())),
        paddingBytes: request.padding.length,
        ...(refusal && { refusal: boundedFailure({ code: refusal.code, detail: refusal.message }) }),
      };
    },
    async dialBack(_, context) {
      const { organisation } = requireMember(context, host);
      const failure = await host.dialBack(organisation);
      return failure === undefined ? {} : { failure: boundedFailure(failure) };
    },
    async join({ proof, body }, context) {
      const caller = callerOfContext(context);
      caller.joinCount += 1;
      try {
        if (caller.refusal !== undefined) throw caller.refusal;
        if (caller.joinCount > JOIN_COUNT_MAX)
          throw new LinkError('limit', 'too many attempts to join on one connection');
        if (body.length > JOIN_BODY_BYTES_MAX) {
          throw new LinkError('limit', `an application has at most ${JOIN_BODY_BYTES_MAX} bytes`);
        }
        return { body: await host.join({ fingerprint: caller.certificate!.fingerprint, proof, body }) };
      } catch (error) {
        if (error instanceof LinkError) host.refused({ organisation: undefined, address: caller.address, error });
        throw toConnectError(error);
      }
    },
  });
}

function attach(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { caller, host }: { caller: Caller | undefined; host: ListeningHost },
): void {
  if (caller === undefined) return;
  const organisation = caller.certificate && host.memberOf(caller.certificate.fingerprint);
  if (organisation === undefined) {
    const error = refusalOf(caller, host)!;
    host.refused({ organisation: undefined, address: caller.address, error });
    refuseAttach(request.stream, error);
    return;
  }
  answerAttach(request, response, {
    peer: organisation,
    accept(connection) {
      try {
        const outgoing = host.accept(organisation, connection, caller.wire!);
        caller.attached = true;
        widenWindow(caller.session);
        return outgoing;
      } catch (error) {
        if (error instanceof LinkError) host.refused({ organisation, address: caller.address, error });
        throw error;
      }
    },
  });
}

function callerOf(session: ServerHttp2Session, socket: TLSSocket, clock: LinkClock): Caller {
  const address = socket.remoteAddress ?? '';
  try {
    const certificate = checkPeerCertificate(socket, { peer: 'the client', nowMs: clock.wallMs() });
    const closed = new Promise<void>((resolve) => session.once('close', resolve));
    const wire: Wire = {
      fingerprint: certificate.fingerprint,
      certificateExpiresAtMs: certificate.expiresAtMs,
      bytes: () => ({ sent: socket.bytesWritten, received: socket.bytesRead }),
      destroy: () => session.destroy(),
      closed,
    };
    return { session, address, certificate, refusal: undefined, wire, joinCount: 0, attached: false };
  } catch (error) {
    const refusal =
      error instanceof LinkError ? error : new LinkError('tls', 'the certificate cannot be read', { cause: error });
    return { session, address, certificate: undefined, refusal, wire: undefined, joinCount: 0, attached: false };
  }
}

function callerOfContext(context: HandlerContext): Caller {
  const caller = context.values.get(callerKey);
  if (caller === undefined) throw toConnectError(new LinkError('closed', 'the connection is gone'));
  return caller;
}

function refusalOf(caller: Caller, host: ListeningHost): LinkError | undefined {
  if (caller.certificate === undefined) return caller.refusal;
  if (host.memberOf(caller.certificate.fingerprint) !== undefined) return undefined;
  return new LinkError(
    'not-a-member',
    `the certificate ${caller.certificate.fingerprint.slice(0, 16)}… belongs to no member of this network: ` +
      'the member may have left, or its new certificate is not on the ledger yet',
  );
}

function requireMember(context: HandlerContext, host: ListeningHost): { caller: Caller; organisation: string } {
  const caller = callerOfContext(context);
  const organisation = caller.certificate && host.memberOf(caller.certificate.fingerprint);
  if (organisation !== undefined) return { caller, organisation };
  const error = refusalOf(caller, host)!;
  host.refused({ organisation: undefined, address: caller.address, error });
  throw toConnectError(error);
}

async function opened(server: Http2SecureServer, { host, port }: ListenOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => {
    reject(
      new LinkError('unreachable', `the port ${host}:${port} cannot be opened (${cause.code ?? cause.message})`, {
        cause,
      }),
    );
  });
  server.listen(port, host, () => resolve());
  await promise;
}
