import { X509Certificate } from 'node:crypto';
import { certificateFingerprint } from '../keys/certificate.ts';
import type { Resolver } from './address.ts';
import { type LinkClock, systemClock } from './clock.ts';
import { dial } from './dial.ts';
import { type Invite, proveInvite } from './invite.ts';
import type { NodeIdentity } from './transport.ts';

const JOIN_TIMEOUT_MS = 30_000;

/**
 * Uses an invite: dials its address, checks the certificate that it names, proves the secret, and hands over the application.
 * @param options.body for the inviting node's host, at most 64 KiB.
 * @returns the host's answer.
 * @throws {LinkError} what `dial` throws; `invite` where the invite is used, expired or unknown there; `peer` for the host's own refusal.
 */
export async function joinByInvite(options: {
  readonly invite: Invite;
  readonly identity: NodeIdentity;
  readonly body: Uint8Array;
  readonly allowPrivateAddresses?: boolean;
  readonly clock?: LinkClock;
  readonly resolver?: Resolver;
  readonly signal?: AbortSignal;
}): Promise<Uint8Array> {
  const { invite, identity, body, signal, resolver } = options;
  const invited = certificateFingerprint(new X509Certificate(identity.certificate));
  const connection = await dial(
    { peer: 'the inviting node', endpoint: invite.address, tlsFingerprint: invite.tlsFingerprint },
    {
      identity,
      clock: options.clock ?? systemClock,
      allowPrivate: options.allowPrivateAddresses ?? false,
      ...(resolver && { resolver }),
      ...(signal && { signal }),
    },
  );
  try {
    const proof = proveInvite({ secret: invite.secret, inviter: connection.wire.fingerprint, invited, body });
    const answer = await connection.rpc.join(
      { proof, body },
      { timeoutMs: JOIN_TIMEOUT_MS, ...(signal && { signal }) },
    );
    return answer.body;
  } catch (error) {
    throw connection.failure(error);
  } finally {
    connection.wire.destroy();
  }
}
