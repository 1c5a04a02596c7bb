/**
 * A network of nodes in one process, for tests and simulations: the links are the real ones, their frames go through the real
 * encoding, and only the sockets are replaced by queues. Connections can be cut, nodes restarted.
 */

import { randomBytes } from 'node:crypto';
import type { FrameReceiver } from './carried.ts';
import { type LinkClock, systemClock } from './clock.ts';
import { LinkError } from './error.ts';
import { decodeFrame, encodeFrameParts, type Frame } from './frame.ts';
import { Handlers } from './handlers.ts';
import { INCARNATION_BYTES, type SessionLimits, type SessionTiming, sessionLimits } from './limits.ts';
import type { CallHandler, Link, LinkStatus, Links } from './link.ts';
import { LiveLink } from './live-link.ts';
import { Queue } from './queue.ts';
import { Session } from './session.ts';

export interface MemoryNetworkOptions {
  readonly clock?: LinkClock;
  /** Fills an array; the operating system's generator unless a simulation passes its own. */
  readonly randomBytes?: (length: number) => Uint8Array;
  readonly limits?: Partial<SessionLimits>;
  readonly timing?: Partial<SessionTiming>;
  /** How long a cut lasts. */
  readonly reconnectAfterMs?: number;
  /**
   * When each copy of a frame arrives, in milliseconds from now; none: it is lost. At once and in order where this is left out. A line that
   * loses, repeats or reorders frames needs `timing.retransmitAfterMs`.
   */
  readonly transit?: (way: { readonly from: string; readonly to: string }) => readonly number[];
}

export interface MemoryNetwork {
  /** The links of a node; a node begins when it is first asked for. */
  node(organisation: string): Links;
  /** Cuts the connection of two nodes; what was on its way is lost, and they reconnect. */
  cut(a: string, b: string): void;
  /** Cuts, and keeps the two apart until {@link MemoryNetwork.heal}. */
  partition(a: string, b: string): void;
  heal(a: string, b: string): void;
  /** Stops a node as `kill -9` would; the next `node()` of that name is a new process. */
  kill(organisation: string): void;
  close(): Promise<void>;
}

/** @param organisations the members of the network. */
export function memoryNetwork(organisations: readonly string[], options: MemoryNetworkOptions = {}): MemoryNetwork {
  const clock = options.clock ?? systemClock;
  const nodes = new Map<string, MemoryLinks>();
  const apart = new Set<string>();
  const cables = new Map<string, { cut(): void }>();
  const pairOf = (a: string, b: string) => [a, b].sort().join('\n');

  const connect = (a: string, b: string): void => {
    const pair = pairOf(a, b);
    const [left, right] = [nodes.get(a), nodes.get(b)];
    if (left === undefined || right === undefined || apart.has(pair) || cables.has(pair)) return;
    const send = (from: string, to: string) => (arrive: () => void) => {
      if (options.transit === undefined) arrive();
      else for (const delayMs of options.transit({ from, to })) clock.after(delayMs, arrive);
    };
    const cable = connectInMemory(
      { link: left.linkTo(b), send: send(a, b) },
      { link: right.linkTo(a), send: send(b, a) },
      () => {
        if (cables.get(pair) === cable) cables.delete(pair);
        clock.after(options.reconnectAfterMs ?? 1, () => connect(a, b));
      },
    );
    cables.set(pair, cable);
  };

  const cut = (a: string, b: string) => cables.get(pairOf(a, b))?.cut();

  return {
    node(organisation) {
      if (!organisations.includes(organisation)) throw new RangeError(`${organisation} is not in this network`);
      const known = nodes.get(organisation);
      if (known !== undefined) return known;
      const peers = organisations.filter((name) => name !== organisation);
      const node = new MemoryLinks(peers, clock, options);
      nodes.set(organisation, node);
      for (const peer of peers) connect(organisation, peer);
      return node;
    },
    cut,
    partition(a, b) {
      apart.add(pairOf(a, b));
      cut(a, b);
    },
    heal(a, b) {
      apart.delete(pairOf(a, b));
      connect(a, b);
    },
    kill(organisation) {
      const node = nodes.get(organisation);
      nodes.delete(organisation);
      for (const peer of organisations) cut(organisation, peer);
      node?.stop();
    },
    async close() {
      const all = [...nodes.values()];
      nodes.clear();
      for (const node of all) node.stop();
    },
  };
}

/** One end of a connection in memory: its link, and what calls `arrive` for each copy of a frame that it sends. */
interface CableEnd {
  readonly link: LiveLink;
  readonly send: (arrive: () => void) => void;
}

/**
 * Joins two links by a connection in memory.
 * @param onEnd called once when the connection has ended on either side.
 */
function connectInMemory(a: CableEnd, b: CableEnd, onEnd: () => void): { cut(): void } {
  const toA = new Pipe(b.send);
  const toB = new Pipe(a.send);
  const cut = () => {
    toA.break();
    toB.break();
  };
  const carriedByA = a.link.carry({ start: (receiver) => void toA.deliver(receiver), abort: cut });
  const carriedByB = b.link.carry({ start: (receiver) => void toB.deliver(receiver), abort: cut });
  void pour(carriedByA.outgoing, toB);
  void pour(carriedByB.outgoing, toA);
  void Promise.all([carriedByA.ended, carriedByB.ended]).then(onEnd);
  return { cut };
}

class MemoryLinks implements Links {
  readonly #peers: readonly string[];
  readonly #clock: LinkClock;
  readonly #options: MemoryNetworkOptions;
  readonly #links = new Map<string, LiveLink>();
  readonly #handlers = new Handlers();
  #stopped = false;

  constructor(peers: readonly string[], clock: LinkClock, options: MemoryNetworkOptions) {
    this.#peers = peers;
    this.#clock = clock;
    this.#options = options;
  }

  linkTo(peer: string): LiveLink {
    const known = this.#links.get(peer);
    if (known !== undefined && known.state !== 'closed') return known;
    const { limits, timing } = this.#options;
    const incarnation = (this.#options.randomBytes ?? randomBytes)(INCARNATION_BYTES);
    const session = new Session({ incarnation, ...(limits && { limits }), ...(timing && { timing }) });
    const handler = (method: string) => this.#handlers.of(method);
    const link = new LiveLink({ peer, session, clock: this.#clock, handler });
    this.#links.set(peer, link);
    return link;
  }

  async to(organisation: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Link> {
    if (this.#stopped) throw stopped();
    if (!this.#peers.includes(organisation)) {
      throw new LinkError('not-a-member', `${organisation} is not a member of this network`);
    }
    const link = this.linkTo(organisation);
    await link.connected(options);
    return link;
  }

  onCall(method: string, handler: CallHandler): void {
    this.#handlers.add(method, handler);
  }

  status(): readonly LinkStatus[] {
    return [...this.#links.values()].map((link) => ({
      organisation: link.peer,
      state: link.state,
      dialledBy: undefined,
      connectedSinceMs: link.connectedSinceMs,
      reconnectCount: 0,
      roundTripMs: link.session.roundTripMs,
      sentBytes: 0,
      receivedBytes: 0,
      peerCertificateExpiresAtMs: undefined,
      warnings: [],
      lastFailure: undefined,
    }));
  }

  refresh(): void {}

  stop(): void {
    this.#stopped = true;
    for (const link of this.#links.values()) link.stop(stopped());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.delivered({ timeoutMs: 1000 })));
    this.stop();
  }
}

/** Encoded frames on their way in one direction. */
class Pipe {
  readonly #send: CableEnd['send'];
  readonly #frames = new Queue<Uint8Array>();
  #broken = false;
  #finished = false;
  #changed = Promise.withResolvers<void>();

  constructor(send: CableEnd['send']) {
    this.#send = send;
  }

  /** Waits while four frames stand at the other end. */
  async write(frame: Uint8Array): Promise<void> {
    while (this.#frames.length >= 4 && !this.#broken) await this.#changed.promise;
    this.#send(() => {
      this.#frames.push(frame);
      this.#change();
    });
  }

  /** Everything that was written still arrives. */
  finish(): void {
    this.#send(() => {
      this.#finished = true;
      this.#change();
    });
  }

  /** What is on its way is lost. */
  break(): void {
    this.#broken = true;
    this.#change();
  }

  async deliver(receiver: FrameReceiver): Promise<void> {
    while (!this.#broken) {
      const bytes = this.#frames.shift();
      if (bytes !== undefined) {
        this.#change();
        receiver.frame(decodeFrame(bytes, { bytesMax: sessionLimits.frameBytesMax }));
      } else if (this.#finished) {
        break;
      } else {
        await this.#changed.promise;
      }
    }
    receiver.ended(new LinkError('unreachable', 'the connection was lost'));
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

async function pour(frames: AsyncIterable<Frame>, pipe: Pipe): Promise<void> {
  for await (const frame of frames) await pipe.write(Buffer.concat(encodeFrameParts(frame)));
  pipe.finish();
}

function stopped(): LinkError {
  return new LinkError('closed', 'this node is stopping');
}
