/**
 * Frames to and from the host's node: one request that stays open brings them, and each frame of the page's own is a request. What is not
 * taken stops the reading, so the host sends no faster than this page computes.
 */

import { decodeFrame, encodeFrame, type Frame, frameBytesMax } from '@causeway/core/applications/guest';
import { errorFrom } from '@causeway/sdk';

/** Messages that wait to be taken. */
const waitingMax = 2;

export type Question = Extract<Frame, { kind: 'question' }>;

export interface FrameStreamOptions {
  /** Of the node; `''` on its own page. */
  readonly url: string;
  readonly session: string;
  readonly fetch?: typeof globalThis.fetch;
  /** @returns the body of the answer. @throws {Refusal} */
  readonly answer: (question: Question) => Promise<Uint8Array>;
}

/** What a question is refused with. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

export class FrameStream {
  readonly #options: FrameStreamOptions;
  readonly #address: string;
  readonly #gone = new AbortController();
  readonly #messages: Uint8Array[] = [];
  #changed = Promise.withResolvers<void>();
  #sending: Promise<void> = Promise.resolve();
  #ended: Error | undefined;

  private constructor(options: FrameStreamOptions) {
    this.#options = options;
    this.#address = `${options.url}/v1/guest-sessions/frames`;
  }

  /** Begins to read. @throws {ApiError} where the node does not let it. */
  static async open(options: FrameStreamOptions): Promise<FrameStream> {
    const stream = new FrameStream(options);
    const response = await stream.#fetch({ method: 'GET' });
    if (!response.body) throw new Error('the node sent no stream');
    void stream.#read(response.body.getReader());
    return stream;
  }

  /** Sends a message; the next one waits until the node has taken it. */
  send(bytes: Uint8Array): Promise<void> {
    return this.#send({ kind: 'message', bytes });
  }

  /** @throws the failure that ended the stream, once all messages before it are taken. */
  async receive(): Promise<Uint8Array> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) {
        this.#note();
        return message;
      }
      if (this.#ended) throw this.#ended;
      await this.#changed.promise;
    }
  }

  close(): void {
    this.#end(new Error('the page has ended the run'));
    this.#gone.abort();
  }

  #send(frame: Frame): Promise<void> {
    const sent = this.#sending.then(async () => {
      if (this.#ended) throw this.#ended;
      await this.#fetch({
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: encodeFrame(frame) as Uint8Array<ArrayBuffer>,
      });
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }

  async #fetch(init: RequestInit): Promise<Response> {
    const { fetch = globalThis.fetch, session } = this.#options;
    const response = await fetch(this.#address, {
      ...init,
      headers: { ...init.headers, 'x-causeway-guest': session },
      signal: this.#gone.signal,
      credentials: 'omit',
      redirect: 'error',
    });
    if (response.ok) return response;
    throw await errorFrom(response);
  }

  async #read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const bytes = new ByteQueue(reader);
    try {
      for (;;) {
        const length = new DataView((await bytes.take(4)).buffer).getUint32(0);
        if (length > frameBytesMax) throw new Error('the node sent a frame that is too long');
        const frame = decodeFrame(await bytes.take(length));
        switch (frame.kind) {
          case 'message':
            this.#messages.push(frame.bytes);
            this.#note();
            while (this.#messages.length >= waitingMax && !this.#ended) await this.#changed.promise;
            break;
          case 'question':
            void this.#answer(frame);
            break;
          case 'end':
            throw new Error('the node has ended the run');
          case 'answer':
          case 'refusal':
            throw new Error('the node answered what it was not asked');
        }
      }
    } catch (error) {
      this.#end(error as Error);
      await reader.cancel().catch(() => {});
    }
  }

  async #answer(question: Question): Promise<void> {
    const { id } = question;
    const frame: Frame = await this.#options.answer(question).then(
      (body) => ({ kind: 'answer', id, body }),
      (error: Error) => ({
        kind: 'refusal',
        id,
        code: error instanceof Refusal ? error.code : 'internal',
        detail: error instanceof Refusal ? error.message : 'the page failed',
      }),
    );
    await this.#send(frame).catch(() => {});
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#note();
  }

  #note(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Bytes of a stream, so many at a time. */
class ByteQueue {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader;
  }

  /** @returns memory of its own. @throws where the stream ends before. */
  async take(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      if (this.#chunk.length === 0) {
        const { done, value } = await this.#reader.read();
        if (done) throw new Error('the node cannot be reached any more');
        this.#chunk = value;
      }
      const part = this.#chunk.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
    return bytes;
  }
}
