/** Channels in memory, for tests of what runs over one. */
import { type Channel, LinkError } from '../../../link/index.ts';

/**
 * Two ends of a channel in memory.
 * @param cutAfter ends it at the n-th message.
 * @param carry what becomes of a message that an end sends.
 */
export function channelPair(
  cutAfter = Number.POSITIVE_INFINITY,
  carry: (message: Uint8Array, from: 0 | 1) => Uint8Array = (message) => message,
): [Channel, Channel] {
  let sent = 0;
  let cut = false;
  const queues: Uint8Array[][] = [[], []];
  const waiting: (() => void)[][] = [[], []];
  const wake = () => {
    for (const list of waiting) for (const resolve of list.splice(0)) resolve();
  };
  const end = (own: 0 | 1): Channel => ({
    name: 'test',
    async send(message) {
      if (cut || ++sent > cutAfter) {
        cut = true;
        wake();
        throw new LinkError('peer-restarted', 'cut');
      }
      queues[1 - own]!.push(carry(message.slice(), own));
      wake();
    },
    async receive(options) {
      for (;;) {
        const next = queues[own]!.shift();
        if (next) return next;
        options?.signal?.throwIfAborted();
        if (cut) throw new LinkError('peer-restarted', 'cut');
        await new Promise<void>((resolve) => {
          waiting[own]!.push(resolve);
          options?.signal?.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
    close() {
      cut = true;
      wake();
    },
  });
  return [end(0), end(1)];
}
