/** One attempt at an exchange over one channel, whatever the protocol: what ends it, and what its failures are called. */
import { GroupError } from '@causeway/core/group';
import { ProtocolError } from '@causeway/core/protocols';
import type { Channel } from '../../link/index.ts';

export interface AttemptOptions {
  readonly signal: AbortSignal;
  /** `wait` says nothing before the peer does: for a side that has ended and serves a peer that may have lost the end. */
  readonly opening: 'speak' | 'wait';
}

/**
 * @param exchange is given the peer's first message, where it was waited for.
 * @throws {ProtocolError} for a peer that leaves the protocol, a bad group element included; {LinkError} for a channel that ended.
 */
export async function attempt<Result>(
  channel: Channel,
  { signal, opening }: AttemptOptions,
  exchange: (heard: Uint8Array | undefined) => Promise<Result>,
): Promise<Result> {
  // A message that waits for room hears of no signal, but of the channel's end.
  const close = () => channel.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    // A side that waits for the peer to come back does so without holding files open.
    return await exchange(opening === 'wait' ? await channel.receive({ signal }) : undefined);
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    throw new ProtocolError('malformed-point', `the partner sent an invalid element (#${error.index + 1} of a batch)`, {
      cause: error,
    });
  } finally {
    signal.removeEventListener('abort', close);
  }
}

/** What the loops of an exchange wait for between each other: one of them makes progress, the others look again. */
export class Progress {
  #changed = Promise.withResolvers<void>();

  /** Something has moved, or will not any more. */
  note(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Waits until `holds` does. @throws the signal's reason. */
  async until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (holds()) return;
      await this.#changed.promise;
    }
  }
}

/**
 * Runs the loops of an exchange until all have ended; the first failure ends the others, and the channel. None is left behind: its files would
 * be closed under it, and its last checkpoint would meet the next attempt's.
 */
export async function inParallel(
  loops: readonly ((signal: AbortSignal) => Promise<void>)[],
  of: { readonly channel: Channel; readonly progress: Progress; readonly signal: AbortSignal },
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, of.signal]);
  signal.addEventListener('abort', () => {
    of.channel.close();
    of.progress.note();
  });
  await Promise.all(loops.map((loop) => loop(signal).catch((error: unknown) => failed.abort(error))));
  if (failed.signal.aborted) throw failed.signal.reason;
}
