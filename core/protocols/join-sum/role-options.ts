/** What both roles are given, and what carries their messages. */
import type { RowSorter } from '../../bytes/index.ts';
import type { Kernel } from '../../group/index.ts';
import type { Side } from '../party.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { NewSha256 } from '../streaming-hash.ts';
import type { SumKernel } from './kernel.ts';
import type { Message } from './messages.ts';
import type { SumPlan } from './plan.ts';

export interface RoleOptions {
  /** Id of this exchange, 32 bytes: `runId`. */
  readonly run: Uint8Array;
  /** What stands before each match key in the hash input: `hashPrefix`. */
  readonly prefix: Uint8Array;
  readonly side: Side;
  readonly plan: SumPlan;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly planDigest: Uint8Array;
  /** Secret, 32 bytes, fresh for each attempt at a run and the same when it is resumed. */
  readonly seed: Uint8Array;
  /** Rows that the peer may bring, both inclusive. */
  readonly peerRows: { readonly min: number; readonly max: number };
  readonly kernel: Kernel;
  readonly sums: SumKernel;
  readonly sorter: RowSorter;
  readonly sha256: NewSha256;
  /** Rows in a message of points, the same on both sides. */
  readonly batchRows: number;
  /** Keeps what was computed, so that a resumed role finds it: the same bytes for the same name. */
  readonly keep: (name: string, compute: () => Promise<Uint8Array>) => Promise<Uint8Array>;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * The two logs of a run, one for each direction. What was heard is kept by the host, and heard again from the beginning when a role is
 * resumed; what is said is the same again, and travels only where the peer does not hold it.
 */
export interface Conversation {
  /** Says hello and hears the peer's. @param hello is told how many messages of the peer's are held. */
  meet(hello: (held: number) => Uint8Array): Promise<Uint8Array>;
  /** Leaves out the first messages that are said: the peer holds them. */
  resume(heldByPeer: number): void;
  say(message: Uint8Array): Promise<void>;
  hear(): Promise<Uint8Array>;
  /** Ends the conversation, so that nothing waits for it any more. */
  close(): void;
}

/** Lets two parts of a role speak and hear at the same time; the first failure ends both. */
export async function atOnce(conversation: Conversation, ...parts: readonly Promise<void>[]): Promise<void> {
  const failures: unknown[] = [];
  await Promise.all(
    parts.map((part) =>
      part.catch((error: unknown) => {
        failures.push(error);
        conversation.close();
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}

/** @throws {ProtocolError} `wrong-order` for a message of another kind. */
export function expectType<Type extends Message['type']>(
  message: Message,
  type: Type,
): Extract<Message, { readonly type: Type }> {
  if (message.type === type) return message as Extract<Message, { readonly type: Type }>;
  throw new ProtocolError('wrong-order', `expected ${type}, the partner sent ${message.type}`);
}
