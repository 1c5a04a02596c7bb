/** A channel between two threads. */
import type { MessagePort } from 'node:worker_threads';
import { type Channel, LinkError } from '../server/link/index.ts';

export function portChannel(port: MessagePort): Channel & { readonly sentBytes: number } {
  const waiting: ((message: Uint8Array) => void)[] = [];
  const arrived: Uint8Array[] = [];
  port.on('message', (message: Uint8Array) => {
    const next = waiting.shift();
    if (next) next(message);
    else arrived.push(message);
  });
  let sentBytes = 0;
  return {
    name: 'bench',
    get sentBytes() {
      return sentBytes;
    },
    async send(message) {
      sentBytes += message.length;
      const copy = message.slice();
      port.postMessage(copy, [copy.buffer]);
    },
    receive({ signal } = {}) {
      const message = arrived.shift();
      if (message) return Promise.resolve(message);
      return new Promise((resolve, reject) => {
        waiting.push(resolve);
        signal?.addEventListener('abort', () => reject(new LinkError('cancelled', 'the run ended')), { once: true });
      });
    },
    close() {
      port.close();
    },
  };
}
