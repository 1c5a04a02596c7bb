/** Server-sent events as an async iterator (WHATWG HTML §9.2.6), with reconnection from the last event that came. */
import { ApiError, errorFrom, mediaType, notCauseway, unreachable } from './error.ts';

export interface EventSourceOptions {
  /** Sends the request; `lastEventId` is absent the first time. */
  readonly open: (lastEventId: string | undefined) => Promise<Response>;
  readonly signal: AbortSignal | undefined;
  readonly reconnectsMax: number;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Yields each event's data until the node says `end`. A connection that breaks is opened again, and goes on after the last event.
 * @throws {ApiError} what the node answered, at the start or in the middle; `unreachable` when it stays away.
 */
export async function* readEvents(options: EventSourceOptions): AsyncGenerator<unknown> {
  const left = () => options.signal?.aborted === true;
  let lastEventId: string | undefined;
  for (let failures = 0; !left(); ) {
    try {
      const response = await options.open(lastEventId);
      if (!response.ok) throw await errorFrom(response);
      if (mediaType(response) !== 'text/event-stream' || response.body === null) throw notCauseway(response);
      for await (const event of parseEvents(response.body)) {
        if (event.name === 'end') return;
        if (event.name === 'problem') throw new ApiError(JSON.parse(event.data));
        failures = 0;
        lastEventId = event.id ?? lastEventId;
        yield JSON.parse(event.data);
      }
    } catch (error) {
      if (left()) return;
      const passes = !(error instanceof ApiError) || error.code === 'unreachable' || error.status === 503;
      if (!passes) throw error;
      if (failures >= options.reconnectsMax) throw error instanceof ApiError ? error : unreachable(error);
    }
    failures += 1;
    await options.wait(Math.min(250 * 2 ** failures, 5000));
  }
}

interface ServerEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** Longer than any event that a node sends; a peer that never ends a line is cut here. */
const lineMax = 8 * 2 ** 20;

/** @throws {RangeError} for a line that does not end. */
export async function* parseEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let event: { name: string; id: string | undefined; data: string[] } = { name: 'message', id: undefined, data: [] };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      if (text.length > lineMax) throw new RangeError('a line of the event stream does not end');
      // The node ends lines with \n alone.
      const lines = text.split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        if (line === '') {
          if (event.data.length > 0) yield { ...event, data: event.data.join('\n') };
          event = { name: 'message', id: undefined, data: [] };
          continue;
        }
        const colon = line.indexOf(':');
        if (colon === 0) continue;
        const field = colon === -1 ? line : line.slice(0, colon);
        const content = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'data') event.data.push(content);
        else if (field === 'event') event.name = content;
        else if (field === 'id') event.id = content;
      }
    }
  } finally {
    // Also when the reader of this generator leaves in the middle: the connection is given up.
    await reader.cancel().catch(() => {});
  }
}
