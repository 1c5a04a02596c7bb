/**
 * Two sessions on a virtual clock under one seed: connections cut, and lose, repeat, delay and reorder frames; processes restart. What
 * each side receives is compared with what the other sent. The same seed gives the same run, to the byte.
 */

import { SeededRandom } from '@causeway/core/random';
import type { LinkError } from './error.ts';
import { decodeFrame, encodeFrameParts, type Frame } from './frame.ts';
import { INCARNATION_BYTES, MESSAGE_COST_BYTES, type SessionLimits, type SessionTiming } from './limits.ts';
import { Session } from './session.ts';

export interface SimulatedFaults {
  /** Of frames, each in [0, 1). All three zero and no delay spread: a connection as TLS gives it. */
  readonly dropShare: number;
  readonly repeatShare: number;
  readonly delayMsMax: number;
  /** The chance per frame that the connection is cut while the frame is on its way (half of it has arrived: it is lost). */
  readonly cutShare: number;
  /** Cuts at exactly this frame of the run as well, counted from 1. */
  readonly cutAtFrame?: number;
  /** How many times one of the two processes begins anew. */
  readonly restartCount: number;
  /** For the checker's own test: the network loses a frame and hides the gap. */
  readonly hidesLoss?: boolean;
}

export interface SimulatedLoad {
  readonly channelCount: number;
  readonly messageCount: number;
  readonly callCount: number;
}

export interface SimulationResult {
  /** Empty: everything arrived exactly once and in order, on both sides, in every process's life. */
  readonly violations: readonly string[];
  readonly frameCount: number;
  readonly cutCount: number;
  readonly virtualMs: number;
}

/** Small limits, so that every one of them is met within a few hundred frames. */
const limits: SessionLimits = {
  frameBytesMax: 8192,
  messageBytesMax: 20_000,
  channelCountMax: 12,
  callCountMax: 3,
  callWaitingCountMax: 1000,
  channelWindowBytes: 20_000 + MESSAGE_COST_BYTES,
  channelWindowBytesMax: 40_000,
  linkWindowBytes: 30_000,
  unacknowledgedBytesMax: 60_000,
};

const VIRTUAL_MS_MAX = 3_600_000;

export function simulateSession(seed: string, faults: SimulatedFaults, load: SimulatedLoad): SimulationResult {
  return new Simulation(seed, faults, load).run();
}

/** One process: a session, what it still has to send, and what it has received. */
interface Party {
  readonly name: 'a' | 'b';
  session: Session;
  /** Which attempt its channels belong to. */
  round: number;
  readonly toSend: Map<string, number>;
  readonly channels: Map<string, number>;
  readonly names: Map<number, string>;
  readonly expected: Map<string, number>;
  readonly finished: Set<string>;
  readonly asked: Map<number, number>;
  callsLeft: number;
  callsAnswered: number;
}

class Simulation {
  readonly #random: Dice;
  readonly #faults: SimulatedFaults;
  readonly #load: SimulatedLoad;
  readonly #timing: Partial<SessionTiming>;
  readonly #violations: string[] = [];
  readonly #schedule: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];
  readonly #parties: readonly [Party, Party];
  #nowMs = 0;
  #order = 0;
  #connection = 0;
  #frameCount = 0;
  #cutCount = 0;
  readonly #messages = new Map<string, Uint8Array>();
  #restartsLeft: number;
  #round = 0;
  #lossToHide: boolean;
  readonly #hidden = { a: 0, b: 0 };
  /** When the last frame of each direction arrives: a connection that does not reorder keeps the order. */
  readonly #lastArrivalMs = { a: 0, b: 0 };

  constructor(seed: string, faults: SimulatedFaults, load: SimulatedLoad) {
    this.#random = new Dice(seed);
    this.#faults = faults;
    this.#load = load;
    const lossy = faults.dropShare > 0 || faults.repeatShare > 0 || faults.delayMsMax > 0;
    this.#timing = { unclaimedMs: 1000, ...(lossy && { retransmitAfterMs: 50 }) };
    this.#restartsLeft = faults.restartCount;
    this.#lossToHide = faults.hidesLoss ?? false;
    this.#parties = [this.#begin('a'), this.#begin('b')];
  }

  run(): SimulationResult {
    this.#connect();
    for (const party of this.#parties) this.#work(party);
    while (!this.#done() && this.#violations.length === 0) {
      const next = this.#takeNext();
      if (next === undefined) {
        this.#violations.push(`nothing more happens, and not all has arrived: ${this.#progress()}`);
        break;
      }
      this.#nowMs = next.atMs;
      if (this.#nowMs > VIRTUAL_MS_MAX) {
        this.#violations.push(`not done after an hour: ${this.#progress()}`);
        break;
      }
      next.run();
    }
    return {
      violations: this.#violations,
      frameCount: this.#frameCount,
      cutCount: this.#cutCount,
      virtualMs: this.#nowMs,
    };
  }

  #begin(name: 'a' | 'b'): Party {
    const session = new Session({ incarnation: this.#random.bytes(INCARNATION_BYTES), limits, timing: this.#timing });
    const party: Party = {
      name,
      session,
      round: 0,
      toSend: new Map(),
      channels: new Map(),
      names: new Map(),
      expected: new Map(),
      finished: new Set(),
      asked: new Map(),
      callsLeft: this.#load.callCount,
      callsAnswered: 0,
    };
    this.#openChannels(party);
    return party;
  }

  /** After a restart of either process both begin a new round of channels, as a job does with its next attempt. */
  #openChannels(party: Party): void {
    for (const number of party.names.keys()) party.session.close(number);
    party.round = this.#round;
    party.toSend.clear();
    party.channels.clear();
    party.names.clear();
    party.expected.clear();
    party.finished.clear();
    for (let i = 0; i < this.#load.channelCount; i++) {
      const name = `round ${this.#round} channel ${i}`;
      const number = party.session.open(name);
      party.channels.set(name, number);
      party.names.set(number, name);
      party.toSend.set(name, 0);
      party.expected.set(name, 0);
    }
  }

  #done(): boolean {
    const { messageCount, channelCount } = this.#load;
    return (
      this.#restartsLeft === 0 &&
      this.#parties.every(
        (party) =>
          party.finished.size === channelCount &&
          [...party.expected.values()].every((count) => count === messageCount) &&
          party.callsLeft === 0 &&
          party.asked.size === 0,
      )
    );
  }

  /** Sends, reads, asks and answers whatever is possible now, then lets the session's frames go. */
  #work(party: Party): void {
    const { session } = party;
    for (const event of session.events()) {
      switch (event.kind) {
        case 'ended':
          this.#violations.push(`${party.name}: the session ended: ${event.error.message}`);
          break;
        case 'cut':
          this.#cut();
          break;
        case 'peer-restarted':
          this.#openChannels(party);
          break;
        case 'channel-closed':
          this.#channelClosed(party, event.channel, event.error);
          break;
        case 'called':
          session.answer(event.call, { body: event.body.toReversed() });
          break;
        case 'answered':
          this.#answered(party, event.call, event.body);
          break;
        case 'call-failed':
          // A restart of the peer: the question is lost, and asked again.
          if (event.error.code !== 'peer-restarted') this.#violations.push(`a call failed: ${event.error.message}`);
          party.asked.delete(event.call);
          party.callsLeft += 1;
          break;
        case 'connected':
          // Both processes may have begun anew before they met: then nobody is told, and the attempts differ.
          if (party.round !== this.#round) this.#openChannels(party);
          break;
        case 'readable':
        case 'writable':
        case 'call-cancelled':
          break;
      }
    }
    if (session.state === 'ended') return;
    this.#read(party);
    this.#send(party);
    this.#ask(party);
    for (let frame = session.nextFrame(this.#nowMs); frame !== undefined; frame = session.nextFrame(this.#nowMs)) {
      this.#transmit(party, frame);
    }
    this.#wakeLater(party);
  }

  #read(party: Party): void {
    for (const [name, number] of party.channels) {
      // A reader that pauses now and then, so that windows fill.
      if (this.#random.chance(0.2)) continue;
      for (let message = party.session.take(number); message !== undefined; message = party.session.take(number)) {
        this.#received(party, name, message);
      }
    }
  }

  #received(party: Party, name: string, message: Uint8Array): void {
    const index = party.expected.get(name)!;
    party.expected.set(name, index + 1);
    const expected = this.#message(`${otherName(party)} ${name}`, index);
    if (Buffer.compare(message, expected) !== 0) {
      this.#violations.push(`${party.name} received something else than message ${index} of ${name}`);
    }
  }

  #channelClosed(party: Party, number: number, error: LinkError): void {
    const name = party.names.get(number);
    if (name === undefined || error.code === 'peer-restarted') return;
    for (let message = party.session.take(number); message !== undefined; message = party.session.take(number)) {
      this.#received(party, name, message);
    }
    if (party.expected.get(name) !== this.#load.messageCount) {
      this.#violations.push(`${party.name}: ${name} was closed after ${party.expected.get(name)} messages`);
    }
    party.finished.add(name);
    party.session.close(number);
  }

  /** Side b closes a channel once it has received and sent everything; its peer then sees the close after the last message. */
  #send(party: Party): void {
    for (const [name, number] of party.channels) {
      let index = party.toSend.get(name)!;
      while (index < this.#load.messageCount && !party.finished.has(name)) {
        if (!party.session.send(number, this.#message(`${party.name} ${name}`, index))) break;
        index += 1;
      }
      party.toSend.set(name, index);
      const complete = index === this.#load.messageCount && party.expected.get(name) === index;
      if (party.name === 'b' && complete && !party.finished.has(name)) {
        party.finished.add(name);
        party.session.close(number);
      }
    }
  }

  #ask(party: Party): void {
    while (party.callsLeft > 0 && party.asked.size < 2 * limits.callCountMax) {
      party.callsLeft -= 1;
      const seed = this.#random.below(2 ** 31);
      const body = this.#message(`${party.name} call`, seed);
      const call = party.session.ask({ method: 'reverse', body, timeoutMs: VIRTUAL_MS_MAX * 2 }, this.#nowMs);
      party.asked.set(call, seed);
    }
  }

  #answered(party: Party, call: number, body: Uint8Array): void {
    const seed = party.asked.get(call);
    party.asked.delete(call);
    if (seed === undefined) this.#violations.push('an answer came twice');
    else if (Buffer.compare(body.toReversed(), this.#message(`${party.name} call`, seed)) !== 0) {
      this.#violations.push('an answer belongs to another question');
    }
    party.callsAnswered += 1;
  }

  #transmit(from: Party, frame: Frame): void {
    this.#frameCount += 1;
    const bytes = Buffer.concat(encodeFrameParts(frame));
    if (bytes.length > limits.frameBytesMax) this.#violations.push(`a frame of ${bytes.length} bytes`);
    const { dropShare, repeatShare, delayMsMax, cutShare } = this.#faults;
    if (this.#random.chance(cutShare) || this.#frameCount === this.#faults.cutAtFrame) {
      this.#at(this.#nowMs, () => this.#cut());
      return;
    }
    if (this.#hides(from, frame) || this.#random.chance(dropShare)) return;
    const copies = this.#random.chance(repeatShare) ? 2 : 1;
    const direction = from.name;
    for (let i = 0; i < copies; i++) {
      let atMs = this.#nowMs + 1 + (delayMsMax === 0 ? 0 : this.#random.below(delayMsMax));
      if (delayMsMax === 0) atMs = Math.max(atMs, this.#lastArrivalMs[direction]);
      this.#lastArrivalMs[direction] = atMs;
      const connection = this.#connection;
      this.#at(atMs, () => this.#arrive(from, bytes, connection));
    }
  }

  #arrive(from: Party, bytes: Uint8Array, connection: number): void {
    if (connection !== this.#connection) return;
    const to = this.#parties[from.name === 'a' ? 1 : 0];
    let frame = decodeFrame(bytes, { bytesMax: limits.frameBytesMax });
    if (frame.kind === 'segments') frame = { ...frame, sequence: frame.sequence - this.#hidden[from.name] };
    to.session.receive(frame, this.#nowMs);
    this.#work(to);
  }

  /** Only for the checker's own test: a frame with data disappears, and those after it close up. */
  #hides(from: Party, frame: Frame): boolean {
    if (!this.#lossToHide || frame.kind !== 'segments' || !frame.segments.some(({ kind }) => kind === 'data'))
      return false;
    this.#lossToHide = false;
    this.#hidden[from.name] = 1;
    return true;
  }

  #cut(): void {
    this.#cutCount += 1;
    this.#connection += 1;
    const restarting = this.#parties.filter(() => this.#restartsLeft > 0 && this.#random.chance(0.3));
    if (restarting.length > 0) this.#round += 1;
    for (const party of this.#parties) {
      if (restarting.includes(party)) this.#restart(party);
      else party.session.detach();
    }
    this.#at(this.#nowMs + 1 + this.#random.below(500), () => {
      this.#connect();
      for (const party of this.#parties) this.#work(party);
    });
  }

  #restart(party: Party): void {
    this.#restartsLeft = Math.max(this.#restartsLeft - 1, 0);
    const callsLeft = party.callsLeft + party.asked.size;
    Object.assign(party, this.#begin(party.name), { callsLeft });
  }

  #connect(): void {
    this.#connection += 1;
    for (const party of this.#parties) party.session.attach(this.#nowMs, { wallMs: this.#nowMs });
  }

  #wakeLater(party: Party): void {
    const atMs = party.session.wakeAtMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const { session } = party;
    this.#at(Math.max(Math.ceil(atMs), this.#nowMs + 1), () => {
      if (party.session !== session || this.#nowMs < session.wakeAtMs) return;
      session.tick(this.#nowMs);
      this.#work(party);
    });
  }

  #at(atMs: number, run: () => void): void {
    const entry = { atMs, order: this.#order++, run };
    let low = 0;
    let high = this.#schedule.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#schedule[middle]!.atMs > atMs) low = middle + 1;
      else high = middle;
    }
    this.#schedule.splice(low, 0, entry);
  }

  #takeNext(): { readonly atMs: number; readonly run: () => void } | undefined {
    return this.#schedule.pop();
  }

  #message(channel: string, index: number): Uint8Array {
    const key = `${channel} ${index}`;
    const known = this.#messages.get(key);
    if (known !== undefined) return known;
    const message = messageOf(channel, index);
    this.#messages.set(key, message);
    return message;
  }

  #progress(): string {
    return this.#parties
      .map((party) => {
        const counts = [...party.expected.values()].join(',');
        return `${party.name} ${party.session.state} received ${counts}, ${party.callsLeft + party.asked.size} calls left`;
      })
      .join('; ');
  }
}

/** The seed's numbers, drawn in bulk: a run throws the dice several times for every frame. */
class Dice {
  readonly #source: SeededRandom;
  #words: Uint32Array = new Uint32Array(0);
  #next = 0;

  constructor(seed: string) {
    this.#source = new SeededRandom(seed);
  }

  bytes(count: number): Uint8Array {
    return this.#source.bytes(count);
  }

  below(bound: number): number {
    return Math.floor((this.#word() / 2 ** 32) * bound);
  }

  chance(probability: number): boolean {
    return probability > 0 && this.#word() < probability * 2 ** 32;
  }

  #word(): number {
    if (this.#next === this.#words.length) {
      this.#words = new Uint32Array(this.#source.bytes(1024).buffer);
      this.#next = 0;
    }
    return this.#words[this.#next++]!;
  }
}

function otherName(party: Party): string {
  return party.name === 'a' ? 'b' : 'a';
}

/** A message that tells where it belongs: its length and bytes follow from the channel and its index. */
function messageOf(channel: string, index: number): Uint8Array {
  let state = index + 1;
  for (let i = 0; i < channel.length; i++) state = Math.imul(state ^ channel.charCodeAt(i), 0x9e3779b1) >>> 0;
  const kinds = [0, 1, 30, 700, 4096, 8100, 8192, limits.messageBytesMax];
  const length = Math.max(0, kinds[state % kinds.length]! - ((state >>> 8) % 3));
  const message = new Uint8Array(length);
  const words = new Uint32Array(message.buffer, 0, length >> 2);
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 0x915f77f5) + 1) >>> 0;
    words[i] = state;
  }
  for (let i = length & ~3; i < length; i++) message[i] = state >>> 24;
  return message;
}
