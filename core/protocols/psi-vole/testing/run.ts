/** Both sides of a run over the dealer of dealer.ts, ready to be played, for the tests of this folder. */
import { sha256 as digest } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../../../bytes/index.ts';
import { SeededRandom } from '../../../random/index.ts';
import type { NewSha256 } from '../../streaming-hash.ts';
import { exchangeId } from '../binding.ts';
import type { Mode, Role } from '../messages.ts';
import { ReceiverWorker, SenderWorker } from '../perform.ts';
import { VoleReceiver } from '../receiver.ts';
import type { Held, RunOptions } from '../run.ts';
import { VoleSender } from '../sender.ts';
import { type PlayOptions, playBoth } from './both-roles.ts';
import { DealerKernel, type DealerOptions } from './dealer.ts';
import { MemoryList } from './memory-list.ts';

export const exchange = exchangeId({ network: 'n', agreement: 'a', job: 'j', profile: 'phone' });
const plan = new Uint8Array(32).fill(1);

/** A key for each number; numbers stand in random places of the key space. */
export function key(n: number): Uint8Array {
  return digest(utf8ToBytes(String(n))).slice(0, 16);
}
export const keys = (numbers: readonly number[]) => concatBytes(...numbers.map(key));

export interface Setting {
  /** Node's, which is faster than what runs in a browser too. */
  readonly sha256: NewSha256;
  readonly receiver: readonly number[];
  readonly sender: readonly number[];
  /** Sizes to declare; the receiver's makes the buckets. */
  readonly declared?: { readonly receiver: number; readonly sender: number };
  readonly mode?: Mode;
  readonly seed?: string;
  readonly bucketsInFlight?: number;
  readonly held?: { readonly receiver?: Held | undefined; readonly sender?: Held | undefined };
  readonly dealer?: Partial<DealerOptions>;
  readonly change?: (options: RunOptions, role: Role) => RunOptions;
}

/** Both sides of a run over a dealer, ready to be played. */
export function prepare(setting: Setting) {
  const {
    sha256,
    mode = 'receiver-learns',
    seed = 'seed',
    bucketsInFlight = 3,
    held = {},
    change = (options) => options,
  } = setting;
  const declared = setting.declared ?? {
    receiver: new Set(setting.receiver).size,
    sender: new Set(setting.sender).size,
  };
  const random = new SeededRandom(seed);
  const kernel = new DealerKernel({ secret: random.bytes(32), random, ...setting.dealer });
  const options = (role: Role): RunOptions => {
    const kept = held[role];
    const own = {
      count: declared[role],
      commitment: new Uint8Array(32).fill(role === 'receiver' ? 2 : 3),
      kernel: 'portable',
    };
    const peerCount = { min: 0, max: 1_000_000 };
    const base = { exchange, plan, form: 'fast', mode, own, peerCount, random, sha256 } as const;
    return change(kept ? { ...base, held: kept } : base, role);
  };
  const lists = {
    receiver: new MemoryList('receiver', kernel, keys(setting.receiver)),
    sender: new MemoryList('sender', kernel, keys(setting.sender)),
  };
  const roles = {
    receiver: new VoleReceiver({ ...options('receiver'), bucketsInFlight }),
    sender: new VoleSender(options('sender')),
  };
  const receiverWorker = new ReceiverWorker({ kernel, list: lists.receiver, random });
  const senderWorker = new SenderWorker({ kernel, list: lists.sender, random });
  const players = {
    receiver: { role: roles.receiver, perform: receiverWorker.perform.bind(receiverWorker) },
    sender: { role: roles.sender, perform: senderWorker.perform.bind(senderWorker) },
  };
  return {
    ...roles,
    lists,
    play: (how?: PlayOptions) =>
      playBoth(players, { receiver: roles.receiver.start(), sender: roles.sender.start() }, how),
  };
}

/** Six buckets and one bin more, for lists that are short. */
export const manyBuckets = { receiver: 6 * 6 * 15_256 + 1, sender: 40 };
