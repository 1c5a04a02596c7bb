/**
 * The link to a guest's page: it takes frames that the page has sent and gives those that it is to get. The page holds one request open for
 * what comes, and sends each frame of its own as a request; how fast the other side reads is how fast this one may write, so both hold a
 * bounded number of bytes. It ends with the page: a guest does not come back to a run.
 */

import { decodeFrame, encodeFrame, type Frame } from '@causeway/core/applications/guest';
import { DecodeError } from '@causeway/core/bytes';
import { type Channel, type Link, LinkError, type LinkState } from '../link/index.ts';

/** Frames that wait on either way. */
const waitingMax = 4;
/** Questions that a page has not answered yet. */
const askedMax = 8;

interface Asked {
  readonly resolve: (body: Uint8Array) => void;
  readonly reject: (error: LinkError) => void;
}

export class GuestLink implements Link {
  /** The guest's name. */
  readonly peer: string;
  readonly #incoming: Uint8Array[] = [];
  readonly #outgoing: Uint8Array[] = [];
  readonly #asked = new Map<number, Asked>();
  #lastId = 0;
  #changed = Promise.withResolvers<void>();
  #closed: LinkError | undefined;
  #isRead = false;

  constructor(peer: string) {
    this.peer = peer;
  }

  get state(): LinkState {
    return this.#closed ? 'closed' : 'connected';
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Whether the page holds its request open. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /**
   * Takes a frame of the page's. Returns when there is room for the next one.
   * @throws {LinkError} `protocol` for what is no frame of a guest: the link is then closed.
   */
  async accept(bytes: Uint8Array): Promise<void> {
    this.#throwIfClosed();
    const frame = this.#read(bytes);
    switch (frame.kind) {
      case 'message':
        // A page sends the next frame when this one was taken: what comes beside it would be held without a bound.
        if (this.#incoming.length >= waitingMax) throw this.#broken();
        this.#incoming.push(frame.bytes);
        this.#note();
        while (!this.#closed && this.#incoming.length >= waitingMax) await this.#changed.promise;
        return;
      case 'answer':
        this.#take(frame.id).resolve(frame.body);
        return;
      case 'refusal': {
        const { id, code, detail } = frame;
        this.#take(id).reject(new LinkError('peer', `the guest refused: ${code}`, { peer: { code, detail } }));
        return;
      }
      case 'question':
      case 'end':
        throw this.#broken();
    }
  }

  /**
   * Frames for the page, as it reads them, until the link is closed. The link is closed when it stops reading.
   * @throws {LinkError} `closed` for a second reader.
   */
  async *frames(): AsyncGenerator<Uint8Array> {
    if (this.#isRead) throw new LinkError('closed', 'the page reads already');
    this.#isRead = true;
    try {
      for (;;) {
        const frame = this.#outgoing.shift();
        if (frame !== undefined) {
          this.#note();
          yield frame;
        } else if (this.#closed) {
          yield encodeFrame({ kind: 'end' });
          return;
        } else await this.#changed.promise;
      }
    } finally {
      this.close('the page of the guest was closed');
    }
  }

  async call(
    method: string,
    body: Uint8Array,
    { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Uint8Array> {
    if (this.#asked.size >= askedMax) throw new LinkError('limit', 'the guest has not answered what it was asked');
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<Uint8Array>();
    answer.promise.catch(() => {});
    this.#asked.set(id, answer);
    const timer = setTimeout(
      () => answer.reject(new LinkError('timeout', `the guest did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    ).unref();
    const cancel = () => answer.reject(new LinkError('cancelled', 'the question was taken back'));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await Promise.race([this.#send({ kind: 'question', id, method, body }), answer.promise]);
      return await answer.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.#asked.delete(id);
    }
  }

  /** There is one exchange at a time: whatever its name, its messages are the link's. */
  channel(name: string): Channel {
    this.#throwIfClosed();
    let isOver = false;
    const throwIfOver = () => {
      this.#throwIfClosed();
      if (isOver) throw new LinkError('closed', 'this side closed the channel');
    };
    return {
      name,
      send: async (bytes) => {
        throwIfOver();
        await this.#send({ kind: 'message', bytes });
      },
      receive: async ({ signal, timeoutMs } = {}) => {
        let isLate = false;
        const wake = () => this.#note();
        const late = () => {
          isLate = true;
          wake();
        };
        signal?.addEventListener('abort', wake);
        const timer = timeoutMs === undefined ? undefined : setTimeout(late, timeoutMs).unref();
        try {
          for (;;) {
            const message = isOver ? undefined : this.#incoming.shift();
            if (message !== undefined) {
              this.#note();
              return message;
            }
            throwIfOver();
            if (signal?.aborted) throw new LinkError('cancelled', 'the wait was ended');
            if (isLate) throw new LinkError('timeout', 'the guest said nothing');
            await this.#changed.promise;
          }
        } finally {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
        }
      },
      close: () => {
        isOver = true;
        this.#note();
      },
    };
  }

  /** Ends the link; what was sent before is still read. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = new LinkError('closed', reason);
    this.#incoming.length = 0;
    for (const { reject } of this.#asked.values()) reject(this.#closed);
    this.#note();
  }

  async #send(frame: Frame): Promise<void> {
    while (!this.#closed && this.#outgoing.length >= waitingMax) await this.#changed.promise;
    this.#throwIfClosed();
    this.#outgoing.push(encodeFrame(frame));
    this.#note();
  }

  #read(bytes: Uint8Array): Frame {
    try {
      return decodeFrame(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw this.#broken();
    }
  }

  #take(id: number): Asked {
    const asked = this.#asked.get(id);
    if (!asked) throw this.#broken();
    this.#asked.delete(id);
    return asked;
  }

  #broken(): LinkError {
    this.close('the page of the guest sent something that is no frame of it');
    return new LinkError('protocol', 'that is no frame of a guest');
  }

  #note(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #throwIfClosed(): void {
    if (this.#closed) throw this.#closed;
  }
}
