/** Server-sent events (WHATWG HTML §9.2): one event a change, its `sequence` as id, a heartbeat, a named end. */
import type { ServerResponse } from 'node:http';
import type { Problem } from '@causeway/core/api';

export interface EventStreamOptions {
  readonly heartbeatMs: number;
  /** Asked at every heartbeat; a stream whose reader may no longer read ends. */
  readonly stillAllowed: () => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly problemFrom: (error: unknown) => Problem;
}

/**
 * Writes events until the source ends (then an event `end`), fails (then an event `problem`), or the reader has gone.
 * A slow reader holds the source back; nothing piles up.
 */
export async function writeEvents(
  response: ServerResponse,
  events: AsyncIterable<{ readonly sequence: number }>,
  options: EventStreamOptions,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const heartbeat = setInterval(async () => {
    if (await options.stillAllowed().catch(() => false)) response.write(': \n\n');
    else stop.abort();
  }, options.heartbeatMs);
  const iterator = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      if (next === undefined) break;
      if (next.done === true) {
        response.write('event: end\ndata: {}\n\n');
        break;
      }
      // JSON has no line ends outside of its escapes, so one data line is the whole of it.
      const free = response.write(`id: ${next.value.sequence}\ndata: ${JSON.stringify(next.value)}\n\n`);
      if (!free) await untilAborted(drained(response), signal);
    }
  } catch (error) {
    response.write(`event: problem\ndata: ${JSON.stringify(options.problemFrom(error))}\n\n`);
  } finally {
    clearInterval(heartbeat);
    // A source that never yields again is left to its own signal: it is not waited for.
    void iterator.return?.(undefined)?.catch?.(() => {});
    response.end();
  }
}

/** @returns nothing when the signal came first. */
function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve(undefined);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
