/** A refusal on its way through gRPC: the code and the sentence travel as metadata, and come out as the same error. */

import { Code, ConnectError } from '@connectrpc/connect';
import { LinkError, type LinkErrorCode } from './error.ts';
import { boundedFailure } from './frame.ts';
import { CallRefused } from './link.ts';

/** Headers or trailers: the value of a name in lower case. */
export type Metadata = (name: string) => string | undefined;

const CODE_KEY = 'causeway-code';
/** The code of the host's own refusal, percent-encoded: metadata is ASCII. */
const HOST_CODE_KEY = 'causeway-host-code';

/** What a peer may answer a connection with. */
const refusals: readonly LinkErrorCode[] = [
  'address-not-allowed',
  'certificate-expired',
  'certificate-not-yet-valid',
  'invite',
  'limit',
  'not-a-member',
  'superseded',
  'tls',
  'version',
  'weak-certificate',
  'closed',
];

export function toConnectError(error: unknown): ConnectError {
  const { detail, metadata } = refusalMetadata(error);
  return new ConnectError(detail, metadata[CODE_KEY] === undefined ? Code.Internal : Code.FailedPrecondition, metadata);
}

/** The headers of a gRPC answer that holds nothing but a refusal ("Trailers-Only"). */
export function refusalHeaders(error: unknown): Record<string, string> {
  const { detail, metadata } = refusalMetadata(error);
  const status = metadata[CODE_KEY] === undefined ? Code.Internal : Code.FailedPrecondition;
  return { 'grpc-status': String(status), 'grpc-message': encodeURIComponent(detail), ...metadata };
}

/**
 * What an RPC failed with, as a link's error.
 * @param context.peer whom the message names.
 * @param context.contentType what the answer was, where it was not gRPC.
 */
export function fromConnectError(
  cause: unknown,
  context: { peer: string; contentType?: string | undefined },
): LinkError {
  if (cause instanceof LinkError) return cause;
  const { peer, contentType } = context;
  if (contentType !== undefined && !isGrpc(contentType)) return notCauseway(peer, contentType, cause);
  const { code, metadata, rawMessage } = ConnectError.from(cause);
  const refusal = readRefusal((name) => metadata.get(name) ?? undefined, { peer, detail: rawMessage });
  return refusal ?? failureOf(code, peer, cause);
}

/** The failure in the headers or trailers of a gRPC answer; `undefined` for success. */
export function fromGrpcMetadata(metadata: Metadata, { peer }: { peer: string }): LinkError | undefined {
  const status = metadata('grpc-status');
  if (status === undefined || status === '0') return undefined;
  let detail = '';
  try {
    detail = decodeURIComponent(metadata('grpc-message') ?? '');
  } catch {
    // A message that is not percent-encoded says nothing that the code does not.
  }
  return readRefusal(metadata, { peer, detail }) ?? failureOf(Number(status), peer, undefined);
}

export function isGrpc(contentType: string): boolean {
  return /^application\/grpc(?:\+proto)?(?:;|$)/.test(contentType);
}

/** Something else than a node answers at the address [F45]. */
export function notCauseway(peer: string, contentType: string, cause?: unknown): LinkError {
  const what = /^[\w.+-]+\/[\w.+-]+/.exec(contentType)?.[0] ?? 'no content type';
  const message = `the reply at ${peer} is not from Causeway (${what}): is a proxy in between?`;
  return new LinkError('not-causeway', message, { cause });
}

function refusalMetadata(error: unknown): { detail: string; metadata: Record<string, string> } {
  if (error instanceof CallRefused) {
    const { code, detail } = boundedFailure(error);
    return { detail, metadata: { [CODE_KEY]: 'peer', [HOST_CODE_KEY]: encodeURIComponent(code) } };
  }
  if (!(error instanceof LinkError)) return { detail: 'internal error', metadata: {} };
  const { code, detail } = boundedFailure({ code: error.code, detail: error.message });
  return { detail, metadata: { [CODE_KEY]: code } };
}

function readRefusal(metadata: Metadata, { peer, detail }: { peer: string; detail: string }): LinkError | undefined {
  const code = metadata(CODE_KEY);
  const hostCode = metadata(HOST_CODE_KEY);
  if (code === 'peer' && hostCode !== undefined) {
    const failure = boundedFailure({ code: hostCode, detail });
    return new LinkError('peer', `${peer} refused: ${failure.detail} (${failure.code})`, { peer: failure });
  }
  const known = refusals.find((refusal) => refusal === code);
  if (known === undefined) return undefined;
  const failure = boundedFailure({ code: known, detail });
  return new LinkError(known, `${peer} refused: ${failure.detail}`, { peer: failure });
}

function failureOf(code: Code, peer: string, cause: unknown): LinkError {
  switch (code) {
    case Code.ResourceExhausted:
      return new LinkError('frame-too-large', `${peer} sent a frame that is too large (limit 256 KiB)`, { cause });
    case Code.InvalidArgument:
      return new LinkError('protocol', `${peer} sent bytes that are not a frame`, { cause });
    case Code.Unimplemented:
      return new LinkError('not-causeway', `the reply at ${peer} is not from Causeway (no such service)`, { cause });
    case Code.DeadlineExceeded:
      return new LinkError('timeout', `${peer} did not answer in time`, { cause });
    default:
      return new LinkError('unreachable', `the connection to ${peer} was lost`, { cause });
  }
}
