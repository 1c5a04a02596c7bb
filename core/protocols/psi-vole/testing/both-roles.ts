/**
 * Both roles in one process, over channels in memory: what tests and measurements run. Work of both sides is under way at the same time, and
 * a passed-in choice can make it end in any order.
 */
import type { Ending, Step } from '../run.ts';

/** One side: its state machine, and what does its work. */
export interface Player<Work, Result> {
  readonly role: { receive(bytes: Uint8Array): Step<Work>; complete(result: Result): Step<Work> };
  perform(work: Work): Promise<Result>;
}

export interface Played {
  readonly endings: { readonly receiver: Ending | undefined; readonly sender: Ending | undefined };
  /** All that each side was sent, in order; empty where it was not to be kept. */
  readonly received: { readonly receiver: readonly Uint8Array[]; readonly sender: readonly Uint8Array[] };
}

export interface PlayOptions {
  /** Picks which of `count` things that could happen next does. By default the oldest. */
  readonly choose?: (count: number) => number;
  /** What comes of a message on its way: itself, unless a test plays with it. Nothing at all ends the play there. */
  readonly carry?: (message: Uint8Array, to: 'receiver' | 'sender') => readonly Uint8Array[] | undefined;
  /** Whether all messages are kept for the caller to look at; they are by default. */
  readonly keep?: 'all' | 'none';
}

/**
 * Plays a run until both have ended, one of them throws, or nothing can happen any more.
 * @param first the two first steps.
 */
export async function playBoth<RW, RR, SW, SR>(
  players: { readonly receiver: Player<RW, RR>; readonly sender: Player<SW, SR> },
  first: { readonly receiver: Step<RW>; readonly sender: Step<SW> },
  { choose = () => 0, carry = (message) => [message], keep = 'all' }: PlayOptions = {},
): Promise<Played> {
  const received = { receiver: [] as Uint8Array[], sender: [] as Uint8Array[] };
  const endings: { receiver: Ending | undefined; sender: Ending | undefined } = {
    receiver: undefined,
    sender: undefined,
  };
  const queues = { receiver: [] as Uint8Array[], sender: [] as Uint8Array[] };
  let results: (() => void)[] = [];
  let underWay = 0;
  let failed: { readonly error: unknown } | undefined;
  let stopped = false;
  let wake: () => void = () => {};

  const apply = <W, R>(name: 'receiver' | 'sender', player: Player<W, R>, step: Step<W>) => {
    const to = name === 'receiver' ? 'sender' : 'receiver';
    for (const message of step.send) {
      const carried = carry(message, to);
      if (!carried) stopped = true;
      else queues[to].push(...carried);
    }
    if (step.ended) endings[name] = step.ended;
    for (const work of step.work) {
      underWay += 1;
      player.perform(work).then(
        (result) => {
          results.push(() => apply(name, player, player.role.complete(result)));
          wake();
        },
        (error: unknown) => {
          failed = { error };
          wake();
        },
      );
    }
  };

  apply('sender', players.sender, first.sender);
  apply('receiver', players.receiver, first.receiver);
  while (!stopped && !(endings.receiver && endings.sender)) {
    await undefined;
    if (failed) throw failed.error;
    const possible: (() => void)[] = [...results];
    for (const name of ['receiver', 'sender'] as const) {
      const [message] = queues[name];
      if (!message || endings[name]) continue;
      possible.push(() => {
        queues[name].shift();
        if (keep === 'all') received[name].push(message);
        if (name === 'receiver') apply(name, players.receiver, players.receiver.role.receive(message));
        else apply(name, players.sender, players.sender.role.receive(message));
      });
    }
    const next = possible[choose(possible.length)];
    if (next) {
      if (results.includes(next)) {
        results = results.filter((each) => each !== next);
        underWay -= 1;
      }
      next();
    } else if (underWay > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    } else break;
  }
  return { endings, received };
}
