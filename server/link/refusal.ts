/** A refusal on its way through gRPC: the code and the sentence travel as metadata, and come out as the same error. */

import { Code, ConnectError } from '@connectrpc/connect';
import { LinkError, type LinkErrorCode } from './error.ts';
import { boundedFailure } from './frame.ts';

const CODE_KEY = 'causeway-code';

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
  if (!(error instanceof LinkError)) return new ConnectError('internal error', Code.Internal);
  const { code, detail } = boundedFailure({ code: error.code, detail: error.message });
  return new ConnectError(detail, Code.FailedPrecondition, { [CODE_KEY]: code });
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
  if (contentType !== undefined && !contentType.startsWith('application/grpc')) {
    const what = /^[\w.+-]+\/[\w.+-]+/.exec(contentType)?.[0] ?? 'no content type';
    return new LinkError(
      'not-causeway',
      `the reply at ${peer} is not from Causeway (${what}): is a proxy in between?`,
      { cause },
    );
  }
  const error = ConnectError.from(cause);
  const code = refusals.find((known) => known === error.metadata.get(CODE_KEY));
  if (code !== undefined) {
    const detail = error.rawMessage.slice(0, 1000);
    return new LinkError(code, `${peer} refused: ${detail}`, { peer: { code, detail }, cause });
  }
  switch (error.code) {
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
