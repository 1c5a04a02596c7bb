/** Both roles in one process, over two logs in memory: what tests and measurements run. */
import { sha256 } from '@noble/hashes/sha2.js';
import { plainRowSorter } from '../../../bytes/index.ts';
import { keyPairFromSeed, sign } from '../../../crypto/index.ts';
import { BatchKernel } from '../../../group/index.ts';
import { SeededRandom } from '../../../random/index.ts';
import type { Lie } from '../gate.ts';
import type { Role } from '../messages.ts';
import { hashPrefix, runId } from '../parameters.ts';
import type { SumPlan } from '../plan.ts';
import { type ReceiverOptions, type ReceiverResult, runReceiver } from '../receiver.ts';
import { ReferenceSumKernel } from '../reference-kernel.ts';
import type { Conversation, RoleOptions } from '../role-options.ts';
import { runSender, type SenderOptions, type SenderResult } from '../sender.ts';
import type { SenderRows } from '../sums.ts';

export const binding = { network: 'n', agreement: 'a', job: 'j', profile: 'phone/sha256' };
export const run: Uint8Array = runId(binding);
export const receiverKeys = keyPairFromSeed(new Uint8Array(32).fill(7));
const sums = new ReferenceSumKernel();
const kernel = new BatchKernel();

/** What may be done to a message on its way: itself, others in its place, or undefined for a line that is cut there. A hello has index −1. */
export type Carry = (message: Uint8Array, to: Role, index: number) => readonly Uint8Array[] | undefined;

/** The line was cut, or the other side has ended. */
export class Cut extends Error {}

export interface Logs {
  /** Whole messages that each role has heard, its peer's hello left out. */
  readonly heard: Record<Role, Uint8Array[]>;
  /** What each role keeps. */
  readonly kept: Record<Role, Map<string, Uint8Array>>;
}

export function newLogs(): Logs {
  return { heard: { receiver: [], sender: [] }, kept: { receiver: new Map(), sender: new Map() } };
}

/** Two conversations that end in each other. */
export function conversations(logs: Logs, carry: Carry = (message) => [message]): Record<Role, Conversation> {
  const hellos: Record<Role, PromiseWithResolvers<Uint8Array>> = {
    receiver: Promise.withResolvers(),
    sender: Promise.withResolvers(),
  };
  for (const { promise } of Object.values(hellos)) promise.catch(() => {});
  const queues: Record<Role, Uint8Array[]> = { receiver: [], sender: [] };
  let wake: (() => void)[] = [];
  let closed = false;
  const change = () => {
    const waiting = wake;
    wake = [];
    for (const each of waiting) each();
  };
  const close = () => {
    closed = true;
    for (const { reject } of Object.values(hellos)) reject(new Cut('the conversation has ended'));
    change();
  };
  const make = (role: Role, to: Role): Conversation => {
    let said = 0;
    let skipped = 0;
    let next = 0;
    return {
      async meet(hello) {
        const said = hello(logs.heard[role].length);
        hellos[to].resolve(carry(said, to, -1)?.[0] ?? said);
        return hellos[role].promise;
      },
      resume(held) {
        skipped = held;
      },
      async say(message) {
        const index = said++;
        if (index < skipped) return;
        if (closed) throw new Cut('the conversation has ended');
        const carried = carry(message.slice(), to, index);
        if (!carried) {
          close();
          throw new Cut('the line was cut');
        }
        queues[to].push(...carried);
        change();
      },
      async hear() {
        while (next >= logs.heard[role].length) {
          const message = queues[role].shift();
          if (message) logs.heard[role].push(message);
          else if (closed) throw new Cut('the conversation has ended');
          else await new Promise<void>((resolve) => wake.push(resolve));
        }
        return logs.heard[role][next++]!;
      },
      close,
    };
  };
  return { receiver: make('receiver', 'sender'), sender: make('sender', 'receiver') };
}

export interface Sides {
  readonly plan: SumPlan;
  /** Match keys of each of the receiver's groups. */
  readonly groups: readonly Uint8Array[];
  readonly rows: SenderRows;
  readonly seed?: string;
  readonly batchRows?: number;
  readonly changes?: { readonly receiver?: Partial<ReceiverOptions>; readonly sender?: Partial<SenderOptions> };
}

export interface Played {
  readonly receiver: PromiseSettledResult<ReceiverResult>;
  readonly sender: PromiseSettledResult<SenderResult>;
  readonly lies: readonly Lie[];
}

/** Plays a run to its end on both sides. */
export async function play(sides: Sides, logs: Logs = newLogs(), carry?: Carry): Promise<Played> {
  const { plan, groups, rows, seed = 'seed', batchRows = 64, changes } = sides;
  const lies: Lie[] = [];
  const common = (role: Role): RoleOptions => ({
    run,
    prefix: hashPrefix(binding),
    side: role === 'receiver' ? 'proposer' : 'partner',
    plan,
    planDigest: new Uint8Array(32).fill(1),
    seed: new SeededRandom(`${seed}/${role}`).bytes(32),
    peerRows: { min: 1, max: 1000 },
    kernel,
    sums,
    sorter: plainRowSorter,
    sha256: () => sha256.create(),
    batchRows,
    keep: async (name, compute) => {
      const kept = logs.kept[role].get(name) ?? (await compute());
      logs.kept[role].set(name, kept);
      return kept;
    },
  });
  const talks = conversations(logs, carry);
  const ended = async <Result>(role: Role, result: Promise<Result>) => {
    try {
      return await result;
    } catch (error) {
      talks[role].close();
      throw error;
    }
  };
  const signing = (message: Uint8Array) => sign(message, receiverKeys);
  const [receiver, sender] = await Promise.allSettled([
    ended(
      'receiver',
      runReceiver({ ...common('receiver'), groups, sign: signing, ...changes?.receiver }, talks.receiver),
    ),
    ended(
      'sender',
      runSender(
        {
          ...common('sender'),
          rows,
          edgeSecret: new Uint8Array(32).fill(3),
          receiverKey: receiverKeys.publicKey,
          onLie: (lie) => {
            lies.push(lie);
          },
          ...changes?.sender,
        },
        talks.sender,
      ),
    ),
  ]);
  return { receiver, sender, lies };
}

/** The results of a run that ended well on both sides. @throws what ended it, and not that the other side noticed. */
export function resultsOf({ receiver, sender }: Played): {
  readonly receiver: ReceiverResult;
  readonly sender: SenderResult;
} {
  if (receiver.status === 'fulfilled' && sender.status === 'fulfilled') {
    return { receiver: receiver.value, sender: sender.value };
  }
  throw failureOf({ receiver, sender });
}

/** What ended a run, and not that the other side noticed. */
export function failureOf({ receiver, sender }: Pick<Played, 'receiver' | 'sender'>): unknown {
  const reasons = [receiver, sender].flatMap((side) => (side.status === 'rejected' ? [side.reason as unknown] : []));
  return reasons.find((reason) => !(reason instanceof Cut)) ?? reasons[0];
}
