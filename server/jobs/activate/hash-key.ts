/** The publisher's hash key on its way to the advertiser's node, before anything of either list is sent. */
import { type ActivateMessage, decodeActivate, encodeActivate } from '@causeway/core/applications/activate';
import { ProtocolError } from '@causeway/core/protocols';
import type { Channel } from '../../link/index.ts';

export interface Talk {
  readonly channel: Channel;
  readonly signal: AbortSignal;
  readonly silenceMs: number;
}

/** The advertiser's side. @returns the key, 32 bytes. @throws {ProtocolError} {LinkError} */
export async function askHashKey({ channel, signal, silenceMs }: Talk): Promise<Uint8Array> {
  await channel.send(encodeActivate({ type: 'ask' }));
  const answer = decodeActivate(await channel.receive({ signal, timeoutMs: silenceMs }));
  return expected(answer, 'hash-key').hashKey;
}

/** The publisher's side: waits for the question, which comes again after a restart of the other side. @throws {ProtocolError} {LinkError} */
export async function tellHashKey({ channel, signal }: Omit<Talk, 'silenceMs'>, hashKey: Uint8Array): Promise<void> {
  expected(decodeActivate(await channel.receive({ signal })), 'ask');
  await channel.send(encodeActivate({ type: 'hash-key', hashKey }));
}

/** @throws {ProtocolError} `wrong-order`. */
export function expected<Type extends ActivateMessage['type']>(
  message: ActivateMessage,
  type: Type,
): Extract<ActivateMessage, { readonly type: Type }> {
  if (message.type === type) return message as Extract<ActivateMessage, { readonly type: Type }>;
  throw new ProtocolError('wrong-order', `expected ${type} of the activation, got ${message.type}`);
}
