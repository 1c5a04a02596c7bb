/** The life of one connection under a link: frames in, frames out, one end. */

import type { LinkClock } from './clock.ts';
import type { LinkError } from './error.ts';
import type { Frame } from './frame.ts';
import type { Session } from './session.ts';

/** A connection as the link sees it: frames come, and it can be ended. */
export interface Connection {
  /** Gives each frame as it comes, then the end, once. Called once. */
  start(receiver: FrameReceiver): void;
  /** Ends it at once. */
  abort(error: LinkError): void;
}

export interface FrameReceiver {
  frame(frame: Frame): void;
  /** `protocol` or `frame-too-large` where the peer sent what is no frame; anything else is a connection that was lost. */
  ended(error: LinkError): void;
}

/** A connection in use. */
export interface Carried {
  /** Frames for the peer, pulled one by one; ends when the connection should be closed in order. */
  readonly outgoing: AsyncIterable<Frame>;
  /** Why the connection ended; never rejects. */
  readonly ended: Promise<LinkError>;
  /** Gives the connection up; the session goes on with the next one. */
  end(error: LinkError): void;
}

/** What a connection needs of the link that it carries. */
export interface CarryingLink {
  readonly session: Session;
  readonly clock: LinkClock;
  lost(connection: Carried): void;
}

/** How long the last frame of a session has to leave. */
const LAST_FRAME_MS = 1000;

/** One connection while it carries the session. */
export class ActiveConnection implements Carried {
  readonly outgoing: AsyncIterable<Frame>;
  readonly ended: Promise<LinkError>;
  readonly #host: CarryingLink;
  readonly #connection: Connection;
  readonly #resolveEnded: (error: LinkError) => void;
  #wake: (() => void) | undefined;
  #over: LinkError | undefined;
  #finishing = false;

  constructor(host: CarryingLink, connection: Connection) {
    this.#host = host;
    this.#connection = connection;
    const { promise, resolve } = Promise.withResolvers<LinkError>();
    this.ended = promise;
    this.#resolveEnded = resolve;
    this.outgoing = this.#frames();
  }

  get over(): boolean {
    return this.#over !== undefined;
  }

  /** Whether the connection would take a frame now. */
  get waiting(): boolean {
    return this.#wake !== undefined;
  }

  wake(): void {
    this.#wake?.();
  }

  /** The session is over: its last frame still goes out, then the connection is closed in order. */
  finish(error: LinkError): void {
    if (this.#over !== undefined) return;
    this.#finishing = true;
    this.#over = error;
    this.#host.clock.after(LAST_FRAME_MS, () => this.#connection.abort(error));
    this.wake();
    this.#resolveEnded(error);
  }

  /** The connection is of no more use. */
  end(error: LinkError): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    this.#connection.abort(error);
    this.wake();
    this.#resolveEnded(error);
    this.#host.lost(this);
  }

  async *#frames(): AsyncGenerator<Frame, void, void> {
    while (this.#over === undefined || this.#finishing) {
      const frame = this.#host.session.nextFrame(this.#host.clock.nowMs());
      if (frame !== undefined) yield frame;
      else if (this.#finishing) return;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#wake = resolve;
        await promise;
        this.#wake = undefined;
      }
    }
  }
}
