/** A role's conversation over one channel: what was heard before comes from the journal, and what the partner holds is not sent again. */
import type { Conversation } from '@causeway/core/protocols/join-sum';
import type { Channel } from '../../link/index.ts';
import type { Journal } from './journal.ts';

export function converse(
  channel: Channel,
  journal: Journal,
  of: {
    readonly signal: AbortSignal;
    readonly silenceMs: number;
    readonly onHeard: () => void;
    /** The partner's first message, where it was waited for. */
    readonly first: Uint8Array | undefined;
  },
): Conversation {
  const { signal, silenceMs, onHeard, first } = of;
  let [said, skipped, next] = [0, 0, 0];
  const receive = async () => {
    const message = await channel.receive({ signal, timeoutMs: silenceMs });
    onHeard();
    return message;
  };
  return {
    async meet(hello) {
      await channel.send(hello(journal.count));
      return first ?? receive();
    },
    resume(heldByPeer) {
      skipped = heldByPeer;
    },
    async say(message) {
      if (said++ >= skipped) await channel.send(message);
    },
    async hear() {
      if (next === journal.count) await journal.append(await receive());
      return journal.read(next++);
    },
    close: () => channel.close(),
  };
}
