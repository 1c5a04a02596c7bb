/** The port itself: TCP, TLS 1.3, HTTP/2, each with its limits. Who may do what is decided above (listen.ts). */

import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { LinkError } from './error.ts';
import { http2Settings, type NodeIdentity, secureContext } from './transport.ts';

export interface PortOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly identity: NodeIdentity;
  /** For the TLS handshake, from the first byte on. */
  readonly handshakeMs: number;
}

export interface PortUser {
  /** A client has shaken hands; its certificate is not checked. */
  session(session: ServerHttp2Session, socket: TLSSocket): void;
  request(request: Http2ServerRequest, response: Http2ServerResponse): void;
  /** The handshake failed. */
  refused(address: string, error: LinkError): void;
}

export interface Port {
  readonly port: number;
  /** Shows another certificate from the next connection on. */
  present(identity: NodeIdentity): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

const CONNECTION_COUNT_MAX = 512;

/** @throws {LinkError} `unreachable` where the port cannot be opened. */
export async function openPort(options: PortOptions, user: PortUser): Promise<Port> {
  const server = createSecureServer({
    ...secureContext(options.identity),
    requestCert: true,
    // Refused by name once HTTP/2 can carry the reason, in place of a bare TLS alert.
    rejectUnauthorized: false,
    handshakeTimeout: options.handshakeMs,
    settings: http2Settings,
    maxHeaderListPairs: 64,
    maxSessionMemory: 32,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 20,
    streamResetBurst: 100,
    streamResetRate: 10,
    unknownProtocolTimeout: 1_000,
    noDelay: true,
  });
  server.maxConnections = CONNECTION_COUNT_MAX;

  // `session.socket` is a proxy that throws once the session is gone. HTTP/2 makes the session of a socket within this event.
  let handshaken: TLSSocket | undefined;
  server.prependListener('secureConnection', (socket) => {
    handshaken = socket;
  });
  server.on('session', (session) => user.session(session, handshaken!));
  server.on('sessionError', () => {});
  server.on('request', (request, response) => user.request(request, response));
  server.on('tlsClientError', (cause: NodeJS.ErrnoException, socket) => {
    socket.destroy();
    const message = `no TLS 1.3 with a client (${cause.code ?? 'handshake'})`;
    user.refused(socket.remoteAddress ?? '', new LinkError('tls', message, { cause }));
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const opened = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => {
    const where = `${options.host}:${options.port}`;
    const reason = cause.code ?? cause.message;
    opened.reject(new LinkError('unreachable', `the port ${where} cannot be opened (${reason})`, { cause }));
  });
  server.listen(options.port, options.host, () => opened.resolve());
  await opened.promise;

  return {
    port: (server.address() as AddressInfo).port,
    present: (identity) => server.setSecureContext(secureContext(identity)),
    async close() {
      const done = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await done;
    },
  };
}
