/**
 * The one port of a node: HTTP/2 over TLS 1.3, for members by their pinned certificates. Strangers are told why they are refused, may
 * greet, and may join with an invite; they hold little memory here, and not for long.
 */

import type { Http2ServerRequest, Http2ServerResponse, Http2Session, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { type ConnectRouter, createContextKey, createContextValues, type HandlerContext } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { answerAttach, refuseAttach } from './attach.ts';
import type { Connection } from './carried.ts';
import { checkPeerCertificate, type PeerCertificate } from './certificate-check.ts';
import type { LinkClock } from './clock.ts';
import { LinkError, type PeerFailure } from './error.ts';
import { boundedFailure, type Frame } from './frame.ts';
import { VERSION_MAX, VERSION_MIN } from './limits.ts';
import { openPort } from './port.ts';
import { Link as LinkService } from './proto/causeway/link/v1/link_pb.ts';
import { toConnectError } from './refusal.ts';
import { ATTACH_PATH, messageBytesMax, type NodeIdentity, type Wire, widenWindow, wireOf } from './transport.ts';

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
  readonly patience?: Partial<ListenPatience> | undefined;
}

/** How long a client may take that is nobody yet. */
export interface ListenPatience {
  /** For the TLS handshake, from the first byte on. */
  readonly handshakeMs: number;
  /** For a connection that carries no link, whatever it sends. */
  readonly strangerMs: number;
}

export interface Listener {
  readonly address: { readonly host: string; readonly port: number };
  /** Shows another certificate from the next connection on. */
  present(identity: NodeIdentity): void;
  close(): Promise<void>;
}

const listenPatience: ListenPatience = { handshakeMs: 10_000, strangerMs: 30_000 };
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
  readonly destroy: () => void;
  joinCount: number;
  attached: boolean;
}

const callerKey = createContextKey<Caller | undefined>(undefined);

/** @throws {LinkError} `unreachable` where the port cannot be opened. */
export async function listen(options: ListenOptions, host: ListeningHost): Promise<Listener> {
  const { clock, identity } = options;
  const { handshakeMs, strangerMs } = { ...listenPatience, ...options.patience };
  const callers = new WeakMap<Http2Session, Caller>();
  const callerOfRequest = ({ stream }: Http2ServerRequest) => stream.session && callers.get(stream.session);

  const answer = connectNodeAdapter({
    routes: (router) => routes(router, host, clock),
    contextValues: (request) => {
      return createContextValues().set(callerKey, callerOfRequest(request as Http2ServerRequest));
    },
    grpc: true,
    grpcWeb: false,
    connect: false,
    acceptCompression: [],
    maxTimeoutMs: 3_600_000,
    ...messageBytesMax,
  });

  const port = await openPort(
    { host: options.host, port: options.port, identity, handshakeMs },
    {
      session(session, socket) {
        const caller = callerOf(session, socket, clock);
        callers.set(session, caller);
        session.on('error', () => {});
        const cancel = clock.after(strangerMs, () => {
          if (!caller.attached) caller.destroy();
        });
        session.once('close', cancel);
      },
      request(request, response) {
        request.on('error', () => {});
        response.on('error', () => {});
        try {
          if (request.url === ATTACH_PATH) attach(request, response, { caller: callerOfRequest(request), host });
          else answer(request, response);
        } catch {
          // An authority or a path that is no URL.
          if (!response.headersSent) response.writeHead(400).end();
        }
      },
      refused: (address, error) => host.refused({ organisation: undefined, address, error }),
    },
  );
  return {
    address: { host: options.host, port: port.port },
    present: port.present,
    close: port.close,
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
    wire: caller.wire!,
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
  const caller = { session, address: socket.remoteAddress ?? '', joinCount: 0, attached: false };
  const destroy = () => socket.destroy();
  try {
    const certificate = checkPeerCertificate(socket, { peer: 'the client', nowMs: clock.wallMs() });
    const wire = wireOf(session, socket, { certificate, clock });
    return { ...caller, certificate, wire, refusal: undefined, destroy };
  } catch (error) {
    const refusal =
      error instanceof LinkError ? error : new LinkError('tls', 'the certificate cannot be read', { cause: error });
    return { ...caller, certificate: undefined, wire: undefined, refusal, destroy };
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
