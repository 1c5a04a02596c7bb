/** What both ends of a connection have in common: TLS and HTTP/2 settings, and who is at the other end. */

import { constants } from 'node:crypto';
import type { Http2Session, Settings } from 'node:http2';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { PeerCertificate } from './certificate-check.ts';
import type { LinkClock } from './clock.ts';
import { sessionLimits } from './limits.ts';
import { Link as LinkService } from './proto/causeway/link/v1/link_pb.ts';
import { watchForStall } from './stall.ts';

/** What a node shows to its partners. */
export interface NodeIdentity {
  readonly organisation: string;
  /** PEM. */
  readonly certificate: string;
  /** PEM. A secret. */
  readonly privateKey: string;
}

/** Who is at the other end of a connection, by its certificate, and how to end it. */
export interface Wire {
  readonly fingerprint: string;
  readonly certificateExpiresAtMs: number;
  /** Bytes on the socket so far. */
  readonly bytes: () => { readonly sent: number; readonly received: number };
  /** Ends it at once. */
  readonly destroy: () => void;
  /** Resolves when it is gone. */
  readonly closed: Promise<void>;
}

/** The connection of a session whose peer's certificate is checked. */
export function wireOf(
  session: Http2Session,
  socket: TLSSocket,
  { certificate, clock }: { certificate: PeerCertificate; clock: LinkClock },
): Wire {
  const closed = new Promise<void>((resolve) => session.once('close', resolve));
  session.once('close', watchForStall(socket, clock));
  return {
    fingerprint: certificate.fingerprint,
    certificateExpiresAtMs: certificate.expiresAtMs,
    bytes: () => ({ sent: socket.bytesWritten, received: socket.bytesRead }),
    // The session alone would wait for a write that a dead line never finishes.
    destroy: () => {
      session.destroy();
      socket.destroy();
    },
    closed,
  };
}

export function secureContext(identity: NodeIdentity): SecureContextOptions {
  return {
    cert: identity.certificate,
    key: identity.privateKey,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    // A resumed session would skip the certificate: every connection shows it.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/** How much the peer may have on its way to us before we read it. */
const WINDOW_BYTES = 8 * 1024 * 1024;

/** Frames are 256 KiB: fewer and larger HTTP/2 frames cost less. */
export const http2Settings: Settings = {
  initialWindowSize: WINDOW_BYTES,
  maxFrameSize: 1024 * 1024 - 1,
  maxHeaderListSize: 16 * 1024,
  maxConcurrentStreams: 16,
  enablePush: false,
};

/** The same for the connection as a whole, which starts at 64 KiB (RFC 9113 §6.9.2) and stays there for strangers. */
export function widenWindow(session: Http2Session): void {
  if (!session.destroyed) session.setLocalWindowSize(WINDOW_BYTES);
}

export const messageBytesMax = {
  readMaxBytes: sessionLimits.frameBytesMax,
  writeMaxBytes: sessionLimits.frameBytesMax,
};

/** Where a session attaches, in gRPC's form. */
export const ATTACH_PATH = `/${LinkService.typeName}/${LinkService.method.attach.name}`;
export const GRPC_CONTENT_TYPE = 'application/grpc+proto';
