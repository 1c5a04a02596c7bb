import { describe, expect, it } from 'vitest';
import { LinkError } from './error.ts';
import { decodeFrame, encodeFrame, type Frame, type Segment } from './frame.ts';
import { MESSAGE_COST_BYTES, sessionLimits, sessionTiming } from './limits.ts';
import { Session, type SessionOptions } from './session.ts';

const incarnation = (byte: number) => new Uint8Array(16).fill(byte);
const newSession = (byte: number, options: Partial<SessionOptions> = {}) =>
  new Session({ incarnation: incarnation(byte), ...options });

/** Everything that the session has to say now. */
function framesOf(session: Session, nowMs = 0): Frame[] {
  const frames: Frame[] = [];
  for (let frame = session.nextFrame(nowMs); frame !== undefined; frame = session.nextFrame(nowMs)) frames.push(frame);
  return frames;
}

/** Passes frames both ways until both are silent. */
function exchange(a: Session, b: Session, nowMs = 0): void {
  for (;;) {
    const fromA = framesOf(a, nowMs);
    const fromB = framesOf(b, nowMs);
    if (fromA.length + fromB.length === 0) return;
    for (const frame of fromA) b.receive(decodeFrame(encodeFrame(frame), { bytesMax: 1 << 18 }), nowMs);
    for (const frame of fromB) a.receive(decodeFrame(encodeFrame(frame), { bytesMax: 1 << 18 }), nowMs);
  }
}

function connectedPair(options: Partial<SessionOptions> = {}): [Session, Session] {
  const pair: [Session, Session] = [newSession(1, options), newSession(2, options)];
  for (const session of pair) session.attach(0, { wallMs: 0 });
  exchange(...pair);
  for (const session of pair) session.events();
  return pair;
}

const endOf = (session: Session) => session.events().find((event) => event.kind === 'ended')?.error;

/** A session that a hostile peer is connected to, and that peer's next frame with these segments. */
function victim(): { session: Session; attack: (...segments: Segment[]) => LinkError | undefined } {
  const [session, peer] = connectedPair();
  peer.ask({ method: 'template', body: new Uint8Array(0), timeoutMs: 1000 }, 0);
  const template = framesOf(peer).find((frame) => frame.kind === 'segments')!;
  let sequence = 0;
  return {
    session,
    attack(...segments) {
      sequence += 1;
      session.receive({ ...template, sequence, segments } as Frame, 0);
      return endOf(session);
    },
  };
}

describe('what a hostile peer sends is refused by name, and ends the session', () => {
  const data = (length: number, left = 0): Segment => ({
    kind: 'data',
    channel: 1,
    data: new Uint8Array(length),
    left,
  });
  const open: Segment = { kind: 'open', channel: 1, name: 'job' };
  const call: Segment = { kind: 'call', call: 1, method: 'm', timeoutMs: 1, body: new Uint8Array(0), left: 0 };
  const answer: Segment = { kind: 'answer', call: 1, body: new Uint8Array(0), left: 0, failure: undefined };
  const cases: [string, Segment[][]][] = [
    ['data before the channel is open', [[data(1)]]],
    ['a channel opened twice', [[open], [open]]],
    ['a second channel of the same name', [[open], [{ kind: 'open', channel: 2, name: 'job' }]]],
    ['a channel without a name', [[{ kind: 'open', channel: 1, name: '' }]]],
    [
      'too many channels',
      [Array.from({ length: 33 }, (_, i): Segment => ({ kind: 'open', channel: i + 1, name: `job ${i}` }))],
    ],
    ['data past the credit', [[open], [data(1 << 18)], [data(1 << 18)], [data(1 << 18)], [data(1 << 18)]]],
    ['empty messages without end', [[open], Array.from({ length: 5000 }, () => data(0))]],
    ['a message past its limit', [[open], [data(1, sessionLimits.messageBytesMax)]]],
    ['a message that announces more than the credit', [[open], [data(600_000)], [data(1, 500_000)]]],
    ['a part that does not continue its message', [[open], [data(100, 50)], [data(49)]]],
    ['a part of nothing', [[open], [data(100, 50)], [data(0, 50)]]],
    ['data after the close', [[open], [{ kind: 'close', channel: 1, failure: undefined }], [data(1)]]],
    ['a close within a message', [[open], [data(5000, 1)], [{ kind: 'close', channel: 1, failure: undefined }]]],
    ['credit for a channel that never was', [[{ kind: 'credit', channel: 7, limit: 1 << 21 }]]],
    ['a call asked twice', [[call], [call]]],
    ['a call without a method', [[{ ...call, method: '' }]]],
    ['too many calls', [Array.from({ length: 33 }, (_, i): Segment => ({ ...call, call: i + 1 }))]],
    ['a call past its limit', [[{ ...call, left: sessionLimits.messageBytesMax + 1 }]]],
    ['an answer to no question', [[answer]]],
    ['a cancelled call that never was', [[{ kind: 'cancel', call: 3 }]]],
  ];
  it.each(cases)('%s', (_, frames) => {
    const { session, attack } = victim();
    const last = frames.pop()!;
    for (const segments of frames) expect(attack(...segments)).toBeUndefined();
    const error = attack(...last);
    expect(error?.code).toBe('protocol');
    expect(session.state).toBe('ended');
    const [refusal, ...more] = framesOf(session);
    expect(refusal).toMatchObject({ kind: 'refusal', code: 'protocol' });
    expect(more).toEqual([]);
  });

  it('[F24] a frame of another session', () => {
    const [a, b] = connectedPair();
    b.ask({ method: 'm', body: new Uint8Array(0), timeoutMs: 1 }, 0);
    const frame = framesOf(b).find(({ kind }) => kind === 'segments')!;
    const other = newSession(3);
    const otherPeer = newSession(4);
    other.attach(0, { wallMs: 0 });
    otherPeer.attach(0, { wallMs: 0 });
    exchange(other, otherPeer);
    other.events();
    other.receive(frame, 0);
    expect(endOf(other)?.code).toBe('foreign-session');
    a.receive(frame, 0);
    expect(endOf(a)).toBeUndefined();
  });

  it('[F23] our own hello sent back', () => {
    const session = newSession(1);
    session.attach(0, { wallMs: 0 });
    for (const frame of framesOf(session)) session.receive(frame, 0);
    expect(endOf(session)?.code).toBe('protocol');
  });

  it('a gap, where the connection loses nothing', () => {
    const [a, b] = connectedPair();
    b.ask({ method: 'm', body: new Uint8Array(0), timeoutMs: 1 }, 0);
    const frame = framesOf(b).find(({ kind }) => kind === 'segments')!;
    a.receive({ ...frame, sequence: 2 } as Frame, 0);
    expect(endOf(a)?.code).toBe('protocol');
  });

  it('an acknowledgement of what was never sent', () => {
    const [a, b] = connectedPair();
    b.ask({ method: 'm', body: new Uint8Array(0), timeoutMs: 1 }, 0);
    const frame = framesOf(b).find(({ kind }) => kind === 'segments')!;
    a.receive({ ...frame, acknowledged: 1 } as Frame, 0);
    expect(endOf(a)?.code).toBe('protocol');
  });

  it('[F39] a frame past the limit, before it is read', () => {
    expect(() => decodeFrame(new Uint8Array((1 << 18) + 1), { bytesMax: 1 << 18 })).toThrow(
      expect.objectContaining({ code: 'frame-too-large' }),
    );
  });

  it('[F49] bytes that are no frame, and every damaged byte of one that is', () => {
    const [, b] = connectedPair();
    b.open('job/1/1');
    b.ask({ method: 'template', body: new Uint8Array(40), timeoutMs: 1000 }, 0);
    const bytes = encodeFrame(framesOf(b).find(({ kind }) => kind === 'segments')!);
    for (let i = 0; i < bytes.length; i++) {
      for (const flip of [1, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[i]! ^= flip;
        const [a] = connectedPair();
        try {
          a.receive(decodeFrame(damaged, { bytesMax: 1 << 18 }), 0);
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
        }
      }
    }
  });
});

describe('versions', () => {
  it('[F42] a peer that is too old is refused by name, on both sides', () => {
    const old = newSession(1, { versions: { min: 1, max: 1 } });
    const current = newSession(2, { versions: { min: 2, max: 3 } });
    for (const session of [old, current]) session.attach(0, { wallMs: 0 });
    exchange(old, current);
    expect(endOf(current)).toMatchObject({ code: 'version' });
    expect(endOf(old)).toMatchObject({ code: 'version' });
  });

  it('ranges that overlap agree', () => {
    const old = newSession(1, { versions: { min: 1, max: 2 } });
    const current = newSession(2, { versions: { min: 2, max: 3 } });
    for (const session of [old, current]) session.attach(0, { wallMs: 0 });
    exchange(old, current);
    expect([old.state, current.state]).toEqual(['connected', 'connected']);
  });
});

describe('silence', () => {
  it('[F38] a peer that does not greet is given up after the limit', () => {
    const session = newSession(1);
    session.attach(0, { wallMs: 0 });
    framesOf(session);
    expect(session.wakeAtMs).toBe(sessionTiming.answerWithinMs);
    session.tick(session.wakeAtMs);
    expect(session.events()).toMatchObject([{ kind: 'cut', error: { code: 'timeout' } }]);
    expect(session.state).toBe('detached');
  });

  it('[F38] a half-open connection is asked, then given up; what was open waits for the next one', () => {
    const [a, b] = connectedPair();
    const channel = a.open('job');
    let nowMs = 0;
    for (let i = 0; i < 10 && a.state === 'connected'; i++) {
      nowMs = a.wakeAtMs;
      a.tick(nowMs);
      framesOf(a, nowMs);
    }
    expect(nowMs).toBe(sessionTiming.keepAliveMs + sessionTiming.answerWithinMs);
    expect(a.events()).toMatchObject([{ kind: 'cut', error: { code: 'timeout' } }]);
    for (const session of [a, b]) session.attach(nowMs, { wallMs: 0 });
    expect(a.send(channel, new Uint8Array(5))).toBe(true);
    exchange(a, b, nowMs);
    expect(b.take(b.open('job'))?.length).toBe(5);
  });

  it('a peer that answers is kept', () => {
    const [a, b] = connectedPair();
    let nowMs = 0;
    for (let i = 0; i < 100; i++) {
      nowMs = Math.min(a.wakeAtMs, b.wakeAtMs);
      a.tick(nowMs);
      b.tick(nowMs);
      exchange(a, b, nowMs);
    }
    expect(nowMs).toBeGreaterThan(10 * sessionTiming.keepAliveMs);
    expect([a.state, b.state]).toEqual(['connected', 'connected']);
  });
});

describe('flow control', () => {
  it('an unread channel holds its window and no more, and stops no other', () => {
    const [a, b] = connectedPair();
    const [bulk, other] = [a.open('bulk'), a.open('other')];
    b.open('bulk');
    exchange(a, b);
    const message = new Uint8Array(1 << 18);
    let sent = 0;
    while (a.send(bulk, message)) {
      sent += 1;
      exchange(a, b);
    }
    expect(sent).toBe(Math.floor(sessionLimits.channelWindowBytesMax / (message.length + MESSAGE_COST_BYTES)));
    expect(a.send(other, message)).toBe(true);
    a.ask({ method: 'm', body: new Uint8Array(0), timeoutMs: 1000 }, 0);
    b.events();
    exchange(a, b);
    expect(b.events()).toContainEqual(expect.objectContaining({ kind: 'called', method: 'm' }));
  });

  it('a channel that nobody has opened there holds one message', () => {
    const [a, b] = connectedPair();
    const channel = a.open('job');
    expect(a.send(channel, new Uint8Array(sessionLimits.messageBytesMax))).toBe(true);
    exchange(a, b);
    expect(a.send(channel, new Uint8Array(1))).toBe(false);
    const theirs = b.open('job');
    exchange(a, b);
    expect(a.events()).toContainEqual({ kind: 'writable', channel });
    expect(a.send(channel, new Uint8Array(1))).toBe(true);
    exchange(a, b);
    expect(b.take(theirs)?.length).toBe(sessionLimits.messageBytesMax);
    expect(b.take(theirs)?.length).toBe(1);
  });

  it('without a connection, what all channels hold is bounded', () => {
    const a = newSession(1);
    let held = 0;
    for (let i = 0; i < sessionLimits.channelCountMax; i++) {
      const channel = a.open(`job ${i}`);
      while (a.send(channel, new Uint8Array(1 << 19))) held += 1 << 19;
    }
    expect(held).toBeLessThanOrEqual(sessionLimits.unacknowledgedBytesMax);
    expect(() => a.open('one more')).toThrow(expect.objectContaining({ code: 'limit' }));
  });

  it('[F39] a message over the limit is refused here', () => {
    const [a] = connectedPair();
    const channel = a.open('job');
    expect(() => a.send(channel, new Uint8Array(sessionLimits.messageBytesMax + 1))).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
  });
});

describe('channel names', () => {
  it('a name is free again once both sides have closed', () => {
    const [a, b] = connectedPair();
    const [ours, theirs] = [a.open('job'), b.open('job')];
    exchange(a, b);
    a.close(ours);
    expect(() => a.open('job')).toThrow(expect.objectContaining({ code: 'channel-busy' }));
    exchange(a, b);
    b.close(theirs);
    exchange(a, b);
    const [again, theirsAgain] = [a.open('job'), b.open('job')];
    a.send(again, new Uint8Array(3));
    exchange(a, b);
    expect(b.take(theirsAgain)?.length).toBe(3);
  });

  it('a channel that was opened and closed there, and never wanted here, is dropped in time', () => {
    const [a, b] = connectedPair();
    for (let i = 0; i < 3 * sessionLimits.channelCountMax; i++) {
      const channel = a.open('nobody wants this');
      a.send(channel, new Uint8Array(10));
      a.close(channel);
      exchange(a, b, i * sessionTiming.unclaimedMs);
      const nowMs = (i + 1) * sessionTiming.unclaimedMs;
      b.tick(nowMs);
      exchange(a, b, nowMs);
    }
    expect(a.events().filter(({ kind }) => kind === 'ended')).toEqual([]);
  });
});
