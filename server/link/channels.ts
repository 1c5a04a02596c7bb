/**
 * The channels of one session: two halves each, one per direction, numbered by their senders and joined by name. Flow control is by
 * credit (as HTTP/2's, RFC 9113 §5.2, but counted in whole messages): the reader says how far the writer may go, so an unread
 * channel holds a bounded number of bytes and never stops another one.
 */

import { LinkError, type PeerFailure } from './error.ts';
import type { EmitEvent } from './events.ts';
import { boundedFailure, SEGMENT_OVERHEAD_BYTES, type Segment, segmentBytesMax } from './frame.ts';
import { CHANNEL_NAME_LENGTH_MAX, MESSAGE_COST_BYTES, type SessionLimits } from './limits.ts';
import { nextPart, type Part, PartialMessage } from './parts.ts';
import { Queue } from './queue.ts';

type ChannelSegment = Extract<Segment, { kind: 'open' | 'data' | 'credit' | 'close' }>;

interface ChannelState {
  readonly name: string;
  /** This side's half; 0 until it is opened here. */
  number: number;
  /** The peer's half; 0 until it is opened there. */
  peerNumber: number;

  readonly outbox: Queue<Uint8Array>;
  /** How much of the outbox's first message has gone. */
  sentOfFirst: number;
  sentCost: number;
  sendLimit: number;
  inReady: boolean;
  closing: { readonly failure: PeerFailure | undefined } | undefined;

  readonly inbox: Queue<Uint8Array>;
  readonly partial: PartialMessage;
  receivedCost: number;
  takenCost: number;
  receiveLimit: number;
  /** What this channel has of the link's shared window. */
  sharedBytes: number;
  peerClosed: { readonly failure: PeerFailure | undefined; readonly atMs: number } | undefined;
}

export class Channels {
  readonly #limits: SessionLimits;
  readonly #emit: EmitEvent;
  readonly #byName = new Map<string, ChannelState>();
  readonly #byNumber = new Map<number, ChannelState>();
  readonly #byPeerNumber = new Map<number, ChannelState>();
  readonly #control = new Queue<ChannelSegment>();
  readonly #credits = new Set<ChannelState>();
  /** Channels with something to send, taken in turn. */
  readonly #ready = new Queue<ChannelState>();
  readonly #blocked = new Set<ChannelState>();
  #lastNumber = 0;
  #lastPeerNumber = 0;
  /** Channels opened here and not yet closed by both sides: the peer counts them no longer than this side does. */
  #openCount = 0;
  #heldCost = 0;
  #sharedBytesLeft: number;

  constructor(limits: SessionLimits, emit: EmitEvent) {
    this.#limits = limits;
    this.#emit = emit;
    this.#sharedBytesLeft = limits.linkWindowBytes;
  }

  /**
   * Opens this side's half, or finds the one that is open.
   * @returns its number.
   * @throws {LinkError} `channel-busy` while an earlier channel of that name is still open at the peer, `limit`.
   */
  open(name: string): number {
    if (name.length === 0 || name.length > CHANNEL_NAME_LENGTH_MAX || !name.isWellFormed()) {
      throw new LinkError(
        'limit',
        `a channel's name has 1 to ${CHANNEL_NAME_LENGTH_MAX} characters, not ${name.length}`,
      );
    }
    const known = this.#byName.get(name);
    if (known?.closing !== undefined) {
      throw new LinkError('channel-busy', `channel ${name} was closed here, and the peer has not closed it yet`);
    }
    if (known !== undefined && known.number !== 0) return known.number;
    if (this.#openCount >= this.#limits.channelCountMax) {
      throw new LinkError('limit', `${this.#openCount} channels are open on this link: close one first`);
    }
    const channel = known ?? this.#add(name);
    channel.number = ++this.#lastNumber;
    this.#openCount += 1;
    this.#byNumber.set(channel.number, channel);
    this.#control.push({ kind: 'open', channel: channel.number, name });
    const shared = Math.min(
      this.#limits.channelWindowBytesMax - this.#limits.channelWindowBytes,
      this.#sharedBytesLeft,
    );
    channel.sharedBytes = Math.max(shared, 0);
    this.#sharedBytesLeft -= channel.sharedBytes;
    this.#extendCredit(channel);
    if (channel.peerClosed !== undefined) this.#emitClosed(channel);
    return channel.number;
  }

  /**
   * Queues a message.
   * @returns false where flow control does not admit it now; a `writable` event follows.
   * @throws {LinkError} `limit` for a message that is too long, `closed`.
   */
  send(number: number, message: Uint8Array): boolean {
    const channel = this.#opened(number);
    if (message.length > this.#limits.messageBytesMax) {
      const limit = this.#limits.messageBytesMax;
      throw new LinkError(
        'limit',
        `a message of ${message.length} bytes is over the limit of ${limit}: send it in parts`,
      );
    }
    if (channel.peerClosed !== undefined) throw closedByPeer(channel);
    const cost = message.length + MESSAGE_COST_BYTES;
    const admitted =
      channel.sentCost + cost <= channel.sendLimit && this.#heldCost + cost <= this.#limits.unacknowledgedBytesMax;
    if (!admitted) {
      this.#blocked.add(channel);
      return false;
    }
    channel.sentCost += cost;
    this.#heldCost += cost;
    channel.outbox.push(message);
    this.#makeReady(channel);
    return true;
  }

  /** The next message of a channel, which gives its sender credit for another. */
  take(number: number): Uint8Array | undefined {
    const channel = this.#byNumber.get(number);
    const message = channel?.inbox.shift();
    if (channel === undefined || message === undefined) return undefined;
    channel.takenCost += message.length + MESSAGE_COST_BYTES;
    this.#extendCredit(channel);
    return message;
  }

  /** Closes both directions; what was sent before still goes out. */
  close(number: number, failure?: PeerFailure): void {
    const channel = this.#byNumber.get(number);
    if (channel === undefined || channel.closing !== undefined) return;
    channel.closing = { failure: failure === undefined ? undefined : boundedFailure(failure) };
    channel.inbox.clear();
    this.#blocked.delete(channel);
    this.#makeReady(channel);
  }

  /** Whether there is anything that {@link pack} would give. */
  get pending(): boolean {
    return this.#control.length > 0 || this.#credits.size > 0 || this.#ready.length > 0;
  }

  /** The next segment that fits into `roomBytes`, or nothing. */
  pack(roomBytes: number): ChannelSegment | undefined {
    const control = this.#control.peek();
    if (control !== undefined) {
      return segmentBytesMax(control) <= roomBytes ? this.#control.shift() : undefined;
    }
    if (roomBytes < SEGMENT_OVERHEAD_BYTES) return undefined;
    for (const channel of this.#credits) {
      this.#credits.delete(channel);
      return { kind: 'credit', channel: channel.peerNumber, limit: channel.receiveLimit };
    }
    for (let channel = this.#ready.peek(); channel !== undefined; channel = this.#ready.peek()) {
      const message = channel.outbox.peek();
      if (message !== undefined) return this.#packData(channel, message, roomBytes);
      if (channel.closing !== undefined && this.#byNumber.has(channel.number)) {
        const segment = { kind: 'close', channel: channel.number, failure: channel.closing.failure } as const;
        if (segmentBytesMax(segment) > roomBytes) return undefined;
        this.#leaveReady(channel);
        this.#byNumber.delete(channel.number);
        this.#dropIfDone(channel);
        return segment;
      }
      this.#leaveReady(channel);
    }
    return undefined;
  }

  /** The peer acknowledged frames that held this much: room for more. */
  acknowledged(costBytes: number): void {
    if (costBytes === 0) return;
    this.#heldCost -= costBytes;
    this.#wakeBlocked();
  }

  /** @throws {LinkError} `protocol` where the peer breaks a rule. */
  receive(segment: ChannelSegment, nowMs: number): void {
    switch (segment.kind) {
      case 'open':
        this.#receiveOpen(segment.channel, segment.name);
        break;
      case 'data':
        this.#receiveData(segment);
        break;
      case 'credit':
        this.#receiveCredit(segment.channel, segment.limit);
        break;
      case 'close':
        this.#receiveClose(segment.channel, segment.failure, nowMs);
        break;
    }
  }

  /** Drops channels that the peer opened and closed and nobody here wanted. @returns when to look again. */
  expire(nowMs: number, unclaimedMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const channel of this.#byName.values()) {
      if (channel.number !== 0 || channel.peerClosed === undefined) continue;
      const expiresAtMs = channel.peerClosed.atMs + unclaimedMs;
      if (expiresAtMs > nowMs) nextMs = Math.min(nextMs, expiresAtMs);
      else if (this.#openCount < this.#limits.channelCountMax) this.close(this.open(channel.name));
      else nextMs = Math.min(nextMs, nowMs + unclaimedMs);
    }
    return nextMs;
  }

  /** Fails everything that is open and forgets it; numbers go on, so that an old handle never meets a new channel. */
  reset(error: LinkError): void {
    const open = [...this.#byNumber.values()].filter((channel) => channel.closing === undefined);
    this.#byName.clear();
    this.#byNumber.clear();
    this.#byPeerNumber.clear();
    this.#control.clear();
    this.#credits.clear();
    this.#ready.clear();
    this.#blocked.clear();
    this.#lastPeerNumber = 0;
    this.#openCount = 0;
    this.#heldCost = 0;
    this.#sharedBytesLeft = this.#limits.linkWindowBytes;
    for (const channel of open) this.#emit({ kind: 'channel-closed', channel: channel.number, error });
  }

  #receiveOpen(peerNumber: number, name: string): void {
    if (peerNumber <= this.#lastPeerNumber) throw broken('a channel number was used twice');
    if (name.length === 0) throw broken('a channel without a name');
    if (this.#byPeerNumber.size >= this.#limits.channelCountMax) throw broken('too many channels');
    const channel = this.#byName.get(name) ?? this.#add(name);
    if (channel.peerNumber !== 0) throw broken('a channel was opened twice');
    this.#lastPeerNumber = peerNumber;
    channel.peerNumber = peerNumber;
    this.#byPeerNumber.set(peerNumber, channel);
    if (channel.number !== 0) this.#extendCredit(channel);
  }

  #receiveData({ channel: peerNumber, data, left }: { channel: number } & Part): void {
    const channel = this.#openedByPeer(peerNumber);
    if (channel.partial.atStart) {
      const cost = data.length + left + MESSAGE_COST_BYTES;
      if (channel.receivedCost + cost > channel.receiveLimit) throw broken("more data than the channel's credit");
      channel.receivedCost += cost;
    }
    const message = channel.partial.add({ data, left }, { bytesMax: this.#limits.messageBytesMax });
    if (message === undefined || channel.closing !== undefined) return;
    channel.inbox.push(message);
    if (channel.number !== 0 && channel.inbox.length === 1) this.#emit({ kind: 'readable', channel: channel.number });
  }

  #receiveCredit(number: number, limit: number): void {
    const channel = this.#byNumber.get(number);
    if (channel === undefined) {
      if (number === 0 || number > this.#lastNumber) throw broken('credit for a channel that was never opened');
      return;
    }
    if (limit <= channel.sendLimit) throw broken('credit that does not grow');
    channel.sendLimit = limit;
    if (this.#blocked.delete(channel)) this.#emit({ kind: 'writable', channel: number });
  }

  #receiveClose(peerNumber: number, failure: PeerFailure | undefined, nowMs: number): void {
    const channel = this.#openedByPeer(peerNumber);
    if (!channel.partial.atStart) throw broken('a channel was closed within a message');
    channel.peerClosed = { failure, atMs: nowMs };
    this.#credits.delete(channel);
    this.#discardOutbox(channel);
    if (channel.closing === undefined && channel.number !== 0) this.#emitClosed(channel);
    this.#dropIfDone(channel);
  }

  /** What is not sent yet has no reader any more. A message that is half sent still ends, or its parts would never close. */
  #discardOutbox(channel: ChannelState): void {
    const first = channel.sentOfFirst > 0 ? channel.outbox.shift() : undefined;
    for (let unsent = channel.outbox.shift(); unsent !== undefined; unsent = channel.outbox.shift()) {
      this.#heldCost -= unsent.length + MESSAGE_COST_BYTES;
    }
    if (first !== undefined) channel.outbox.push(first);
    this.#blocked.delete(channel);
    this.#wakeBlocked();
  }

  #packData(channel: ChannelState, message: Uint8Array, roomBytes: number): ChannelSegment | undefined {
    const part = nextPart(message, channel.sentOfFirst, roomBytes - SEGMENT_OVERHEAD_BYTES);
    if (part === undefined) return undefined;
    if (part.left > 0) {
      channel.sentOfFirst += part.data.length;
    } else {
      channel.outbox.shift();
      channel.sentOfFirst = 0;
    }
    this.#leaveReady(channel);
    if (channel.outbox.length > 0 || channel.closing !== undefined) this.#makeReady(channel);
    return { kind: 'data', channel: channel.number, ...part };
  }

  #emitClosed(channel: ChannelState): void {
    this.#emit({ kind: 'channel-closed', channel: channel.number, error: closedByPeer(channel) });
  }

  #extendCredit(channel: ChannelState): void {
    if (channel.peerNumber === 0 || channel.number === 0 || channel.peerClosed !== undefined) return;
    const windowBytes = this.#limits.channelWindowBytes + channel.sharedBytes;
    const limit = channel.takenCost + windowBytes;
    if (limit <= channel.receiveLimit) return;
    // A quarter of the window at a time, so that reading small messages does not send a credit for each; but the writer must
    // always have room for the longest message, or both would wait.
    const writerHasRoom = channel.receiveLimit - channel.receivedCost >= this.#limits.channelWindowBytes;
    if (writerHasRoom && limit - channel.receiveLimit < windowBytes / 4) return;
    channel.receiveLimit = limit;
    this.#credits.add(channel);
  }

  #add(name: string): ChannelState {
    const channel: ChannelState = {
      name,
      number: 0,
      peerNumber: 0,
      outbox: new Queue(),
      sentOfFirst: 0,
      sentCost: 0,
      sendLimit: this.#limits.channelWindowBytes,
      inReady: false,
      closing: undefined,
      inbox: new Queue(),
      partial: new PartialMessage(),
      receivedCost: 0,
      takenCost: 0,
      receiveLimit: this.#limits.channelWindowBytes,
      sharedBytes: 0,
      peerClosed: undefined,
    };
    this.#byName.set(name, channel);
    return channel;
  }

  /** A channel ends when this side's close has gone out and the peer's has come. */
  #dropIfDone(channel: ChannelState): void {
    const closedHere = channel.closing !== undefined && !this.#byNumber.has(channel.number);
    if (!closedHere || channel.peerClosed === undefined) return;
    this.#byName.delete(channel.name);
    this.#byPeerNumber.delete(channel.peerNumber);
    this.#openCount -= 1;
    this.#sharedBytesLeft += channel.sharedBytes;
  }

  #makeReady(channel: ChannelState): void {
    if (channel.inReady) return;
    channel.inReady = true;
    this.#ready.push(channel);
  }

  /** The channel is at the head of the queue. */
  #leaveReady(channel: ChannelState): void {
    this.#ready.shift();
    channel.inReady = false;
  }

  #wakeBlocked(): void {
    const blocked = [...this.#blocked];
    this.#blocked.clear();
    for (const channel of blocked) this.#emit({ kind: 'writable', channel: channel.number });
  }

  #opened(number: number): ChannelState {
    const channel = this.#byNumber.get(number);
    if (channel === undefined || channel.closing !== undefined) {
      throw new LinkError('closed', 'the channel was closed on this side');
    }
    return channel;
  }

  #openedByPeer(peerNumber: number): ChannelState {
    const channel = this.#byPeerNumber.get(peerNumber);
    if (channel === undefined || channel.peerClosed !== undefined) throw broken('data for a channel that is not open');
    return channel;
  }
}

function closedByPeer(channel: ChannelState): LinkError {
  const failure = channel.peerClosed?.failure;
  if (failure === undefined) return new LinkError('closed', `the peer closed channel ${channel.name}`);
  return new LinkError('closed', `the peer closed channel ${channel.name}: ${failure.detail} (${failure.code})`, {
    peer: failure,
  });
}

function broken(what: string): LinkError {
  return new LinkError('protocol', `the peer broke the link protocol: ${what}`);
}
