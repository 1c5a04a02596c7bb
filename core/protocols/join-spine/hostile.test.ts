import { describe, expect, it } from 'vitest';
import { compareBytes, concatBytes } from '../../bytes/index.ts';
import { elementBytes } from '../../group/index.ts';
import type { ProtocolErrorCode } from '../protocol-error.ts';
import { type ClientOptions, runId, type ServerOptions, SpineClient, SpineServer } from './index.ts';
import { encodeMessage, type Message } from './messages.ts';
import { blinded, contributor, plan } from './testing/contributors.ts';

const binding = { network: 'n', agreement: 'a', job: 'j', profile: 'phone' };
const run = runId(binding, { client: 'brand', list: 'crm', server: 'media' });
const root = new Uint8Array(32).fill(2);
const brand = contributor('brand', 'hostile');
const points = (await blinded([1, 2, 3, 4, 5, 6, 7], brand.blind, binding)).sort(compareBytes);
const [first, second] = [points.slice(0, 4), points.slice(4)].map((batch) => concatBytes(...batch)) as [
  Uint8Array,
  Uint8Array,
];

const client = (changes: Partial<ClientOptions> = {}) =>
  new SpineClient({ run, plan, own: { count: 7, root, kernel: 'wasm' }, batchRows: 4, ...changes });
const server = (changes: Partial<ServerOptions> = {}) =>
  new SpineServer({ run, plan, kernel: 'wasm', clientCount: { min: 5, max: 10 }, batchRows: 4, ...changes });

const fails = (work: () => unknown): ProtocolErrorCode | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code: ProtocolErrorCode }).code;
  }
};
const fromClient = (message: Message, of = run) => encodeMessage(message, { run: of, from: 'client' });
const fromServer = (message: Message, of = run) => encodeMessage(message, { run: of, from: 'server' });

/** A server that has heard a client's hello. */
function greeted(changes: Partial<ServerOptions> = {}): SpineServer {
  const answering = server(changes);
  answering.receive(client().hello());
  return answering;
}

/** A client that has heard a server's hello. */
function answered(): SpineClient {
  const asking = client();
  asking.receive(server().hello());
  return asking;
}

describe('a server refuses', () => {
  it('[F22] points that are more, fewer, repeated, early or late', () => {
    const message = (index: number, bytes: Uint8Array) => fromClient({ type: 'points', index, points: bytes });
    expect(fails(() => server().receive(message(0, first)))).toBe('wrong-order');
    expect(fails(() => greeted().receive(message(1, second)))).toBe('wrong-order');
    expect(fails(() => greeted().receive(message(0, first.slice(elementBytes))))).toBe('wrong-count');
    expect(fails(() => greeted().receive(message(0, concatBytes(first, second))))).toBe('wrong-count');
    const answering = greeted();
    answering.receive(message(0, first));
    expect(fails(() => answering.receive(message(0, first)))).toBe('wrong-order');
    answering.receive(message(1, second));
    expect(fails(() => answering.receive(message(2, first)))).toBe('wrong-count');
    expect(answering.receive(fromClient({ type: 'done', transcript: root })).kind).toBe('done');
    expect(fails(() => answering.receive(message(0, first)))).toBe('wrong-order');
  });

  it('[F23] a list that repeats an element, or does not ascend, within a batch or over its edge', () => {
    const message = (index: number, bytes: readonly Uint8Array[]) =>
      fromClient({ type: 'points', index, points: concatBytes(...bytes) });
    const [a, b, c, d, e, f, g] = points as [Uint8Array, ...Uint8Array[]];
    expect(fails(() => greeted().receive(message(0, [a, b!, b!, d!])))).toBe('not-distinct');
    expect(fails(() => greeted().receive(message(0, [a, c!, b!, d!])))).toBe('not-distinct');
    const answering = greeted();
    answering.receive(message(0, [a, b!, c!, e!]));
    expect(fails(() => answering.receive(message(1, [d!, f!, g!])))).toBe('not-distinct');
    expect(fails(() => answering.receive(message(1, [e!, f!, g!])))).toBe('not-distinct');
    expect(answering.receive(message(1, [f!, g!, g!.map((byte) => byte | 0x7f)])).kind).toBe('points');
  });

  it('[F27] a list under the minimum or over what was agreed, for each row is an identifier that it can try', () => {
    const hello = (count: number) => client({ own: { count, root, kernel: 'wasm' } }).hello();
    expect(fails(() => server().receive(hello(4)))).toBe('set-size');
    expect(fails(() => server().receive(hello(5)))).toBeUndefined();
    expect(fails(() => server().receive(hello(10)))).toBeUndefined();
    expect(fails(() => server().receive(hello(11)))).toBe('set-size');
  });

  it('[F24] messages of another run, another plan, or its own sent back', () => {
    const other = runId(binding, { client: 'shop', list: 'crm', server: 'media' });
    expect(fails(() => server().receive(client({ run: other }).hello()))).toBe('wrong-session');
    expect(fails(() => server().receive(client({ plan: root }).hello()))).toBe('wrong-plan');
    expect(fails(() => server().receive(server().hello()))).toBe('wrong-session');
    const version = { type: 'client-hello', version: 9, plan, count: 7, root, kernel: 'wasm', answersHeld: 0 } as const;
    expect(fails(() => server().receive(fromClient(version)))).toBe('wrong-plan');
    expect(fails(() => greeted().receive(client().hello()))).toBe('wrong-order');
  });

  it('[F30] another list than the one that was committed to, when the run goes on', () => {
    const held = { points: 1, last: points[3]!, commitment: { count: 7, root } };
    expect(fails(() => server({ held }).receive(client().hello()))).toBeUndefined();
    const changed = client({ own: { count: 7, root: plan, kernel: 'wasm' } });
    expect(fails(() => server({ held }).receive(changed.hello()))).toBe('commitment');
    const longer = client({ own: { count: 8, root, kernel: 'wasm' } });
    expect(fails(() => server({ held }).receive(longer.hello()))).toBe('commitment');
  });

  it('an end before all was sent, and messages that only a server sends', () => {
    expect(fails(() => greeted().receive(fromClient({ type: 'done', transcript: root })))).toBe('wrong-count');
    expect(fails(() => greeted().receive(fromClient({ type: 'answers', index: 0, answers: first })))).toBe(
      'wrong-order',
    );
  });

  it.each([0, 1, 17, 18, 19, 60])('a message that is cut at byte %i', (length) => {
    expect(fails(() => server().receive(client().hello().slice(0, length)))).toBe('malformed-message');
  });
});

describe('a client refuses', () => {
  it('[F22] answers that are more, fewer, repeated, early or late', () => {
    const message = (index: number, answers: Uint8Array) => fromServer({ type: 'answers', index, answers });
    expect(fails(() => client().receive(message(0, first)))).toBe('wrong-order');
    expect(fails(() => answered().receive(message(0, second)))).toBe('wrong-count');
    expect(fails(() => answered().receive(message(1, second)))).toBe('wrong-order');
    const asking = answered();
    asking.receive(message(0, first));
    expect(fails(() => asking.receive(message(0, first)))).toBe('wrong-order');
    expect(fails(() => asking.receive(fromServer({ type: 'done', transcript: root })))).toBe('wrong-count');
    asking.receive(message(1, second));
    expect(fails(() => asking.receive(message(2, second)))).toBe('wrong-count');
  });

  it('[F24] its own points sent back, and messages of another exchange of the run', () => {
    expect(fails(() => answered().receive(client().points(0, first)))).toBe('wrong-session');
    const other = runId(binding, { client: 'brand', list: 'crm', server: 'shop' });
    expect(fails(() => client().receive(server({ run: other }).hello()))).toBe('wrong-session');
    expect(fails(() => client().receive(server({ plan: root }).hello()))).toBe('wrong-plan');
  });

  it('a server that claims to hold more than there is', () => {
    const hello = { type: 'server-hello', version: 1, plan, kernel: 'wasm', pointsHeld: 3 } as const;
    expect(fails(() => client().receive(fromServer(hello)))).toBe('wrong-count');
  });
});

describe('a run that goes on', () => {
  it('asks for no answer twice, and lets the server see again what it had lost', () => {
    const asking = client({ answersHeld: 1 });
    const lost = server();
    lost.receive(asking.hello());
    expect(asking.receive(lost.hello())).toEqual({ kind: 'agreed', sendPointsFrom: 0 });
    expect(lost.receive(asking.points(0, first))).toMatchObject({ index: 0, isAwaited: false });
    expect(lost.receive(asking.points(1, second))).toMatchObject({ index: 1, isAwaited: true });
  });

  it('starts at the batch that neither side has', () => {
    const asking = client({ answersHeld: 1 });
    const kept = server({ held: { points: 1, last: points[3]!, commitment: { count: 7, root } } });
    kept.receive(asking.hello());
    expect(asking.receive(kept.hello())).toEqual({ kind: 'agreed', sendPointsFrom: 1 });
    expect(fails(() => kept.receive(asking.points(1, concatBytes(points[3]!, points[5]!, points[6]!))))).toBe(
      'not-distinct',
    );
    expect(kept.receive(asking.points(1, second))).toMatchObject({ index: 1, isAwaited: true });
    expect(kept.holdsAll).toBe(true);
  });
});
