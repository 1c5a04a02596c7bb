/** The Attach call of link.proto on an HTTP/2 stream, from both ends: what carries a session over TLS. */

import type {
  ClientHttp2Session,
  Http2ServerRequest,
  Http2ServerResponse,
  Http2Stream,
  IncomingHttpHeaders,
  ServerHttp2Stream,
} from 'node:http2';
import type { Carried, Connection, FrameReceiver } from './carried.ts';
import { LinkError } from './error.ts';
import type { Frame } from './frame.ts';
import { FrameReader, sendFrames } from './frame-stream.ts';
import type { LiveLink } from './live-link.ts';
import { fromGrpcMetadata, isGrpc, type Metadata, notCauseway, refusalHeaders } from './refusal.ts';
import { ATTACH_PATH, GRPC_CONTENT_TYPE, type Wire } from './transport.ts';

/** Attaches to the server of a connection, and carries the link's session. */
export function attachToServer(session: ClientHttp2Session, link: LiveLink, wire: Wire): Carried {
  const stream = session.request({
    ':method': 'POST',
    ':path': ATTACH_PATH,
    'content-type': GRPC_CONTENT_TYPE,
    te: 'trailers',
  });
  let failure: LinkError | undefined;
  stream.once('response', (headers) => {
    const contentType = String(headers['content-type'] ?? '');
    if (headers[':status'] !== 200 || !isGrpc(contentType)) failure = notCauseway(link.peer, contentType);
    else failure = fromGrpcMetadata(metadataOf(headers), { peer: link.peer });
    if (failure !== undefined) wire.destroy();
  });
  stream.once('trailers', (trailers) => {
    failure ??= fromGrpcMetadata(metadataOf(trailers), { peer: link.peer });
  });
  const carried = link.carry(streamConnection(stream, { peer: link.peer, wire, failure: () => failure }));
  void sendFrames(stream, carried.outgoing).then(() => stream.end());
  stream.once('close', () => session.close());
  return carried;
}

/**
 * Answers an Attach.
 * @param accept gives the frames for the peer, or throws the refusal that it is told.
 */
export function answerAttach(
  { stream, headers }: Http2ServerRequest,
  response: Http2ServerResponse,
  { peer, wire, accept }: { peer: string; wire: Wire; accept: (connection: Connection) => AsyncIterable<Frame> },
): void {
  if (headers[':method'] !== 'POST' || !isGrpc(String(headers['content-type'] ?? ''))) {
    stream.respond({ ':status': 415 }, { endStream: true });
    return;
  }
  let outgoing: AsyncIterable<Frame>;
  try {
    outgoing = accept(streamConnection(stream, { peer, wire, failure: () => undefined }));
  } catch (error) {
    refuseAttach(stream, error);
    return;
  }
  stream.respond({ ':status': 200, 'content-type': GRPC_CONTENT_TYPE }, { waitForTrailers: true });
  // The response object answers `wantTrailers` on its stream.
  response.addTrailers({ 'grpc-status': '0' });
  void sendFrames(stream, outgoing).then(() => stream.end());
  stream.once('close', () => stream.session?.close());
}

export function refuseAttach(stream: ServerHttp2Stream, error: unknown): void {
  const headers = { ':status': 200, 'content-type': GRPC_CONTENT_TYPE, ...refusalHeaders(error) };
  if (!stream.destroyed) stream.respond(headers, { endStream: true });
}

function streamConnection(
  stream: Http2Stream & NodeJS.ReadableStream,
  { peer, wire, failure }: { peer: string; wire: Wire; failure: () => LinkError | undefined },
): Connection {
  return {
    start(receiver) {
      const end = onceEnded(receiver);
      const reader = new FrameReader();
      stream.on('data', (chunk: Uint8Array) => {
        try {
          for (const frame of reader.read(chunk)) receiver.frame(frame);
        } catch (error) {
          if (!(error instanceof LinkError)) throw error;
          end(error);
        }
      });
      const lost = () => end(failure() ?? new LinkError('unreachable', `the connection to ${peer} was lost`));
      stream.once('end', lost);
      stream.on('error', lost);
      stream.once('close', lost);
    },
    abort: wire.destroy,
  };
}

function onceEnded(receiver: FrameReceiver): (error: LinkError) => void {
  let ended = false;
  return (error) => {
    if (!ended) receiver.ended(error);
    ended = true;
  };
}

function metadataOf(headers: IncomingHttpHeaders): Metadata {
  return (name) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}
