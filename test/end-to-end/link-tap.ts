/**
 * Preloaded into a node's process by tests (`node --import`): writes down every message that the node is given by a partner, after the link has decrypted and
 * put it together, and before anything of the product reads it. The product itself has no such opening.
 */
import { appendFileSync } from 'node:fs';

/** One message as it came. */
export interface TappedMessage {
  readonly from: string;
  /** A channel's message; a partner's question; the answer to an own question, or its refusal. */
  readonly kind: 'channel' | 'question' | 'answer' | 'refusal';
  /** Of the channel, or the method that was called. */
  readonly name: string;
  /** Base64. */
  readonly bytes: string;
}

/** Names the file, one message a line. */
export const tapVariable = 'CAUSEWAY_TRIAL_TAP';

const file = process.env[tapVariable];
// The engine's children are started with the same options, and have no link.
if (file !== undefined && process.argv.includes('up')) {
  const { Session } = await import('../../server/link/session.ts');
  const { LiveLink } = await import('../../server/link/live-link.ts');
  const peers = new WeakMap<object, string>();
  const channels = new WeakMap<object, Map<number, string>>();
  const questions = new WeakMap<object, Map<number, string>>();
  const namesOf = (of: typeof channels, session: object) => {
    const known = of.get(session) ?? new Map<number, string>();
    of.set(session, known);
    return known;
  };
  const note = (session: object, message: Omit<TappedMessage, 'from' | 'bytes'>, bytes: Uint8Array) => {
    const tapped: TappedMessage = {
      from: peers.get(session) ?? '',
      ...message,
      bytes: Buffer.from(bytes).toString('base64'),
    };
    appendFileSync(file, `${JSON.stringify(tapped)}\n`);
  };

  const { carry } = LiveLink.prototype;
  LiveLink.prototype.carry = function (connection) {
    peers.set(this.session, this.peer);
    return carry.call(this, connection);
  };
  const { open, take, ask, events } = Session.prototype;
  Session.prototype.open = function (name) {
    const number = open.call(this, name);
    namesOf(channels, this).set(number, name);
    return number;
  };
  Session.prototype.take = function (channel) {
    const message = take.call(this, channel);
    if (message !== undefined)
      note(this, { kind: 'channel', name: namesOf(channels, this).get(channel) ?? '' }, message);
    return message;
  };
  Session.prototype.ask = function (question, nowMs) {
    const call = ask.call(this, question, nowMs);
    namesOf(questions, this).set(call, question.method);
    return call;
  };
  Session.prototype.events = function () {
    const happened = events.call(this);
    for (const event of happened) {
      if (event.kind === 'called') note(this, { kind: 'question', name: event.method }, event.body);
      if (event.kind !== 'answered' && event.kind !== 'call-failed') continue;
      const name = namesOf(questions, this).get(event.call) ?? '';
      if (event.kind === 'answered') note(this, { kind: 'answer', name }, event.body);
      else note(this, { kind: 'refusal', name }, Buffer.from(JSON.stringify(event.error.peer ?? {})));
    }
    return happened;
  };
}
