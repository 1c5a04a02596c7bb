import { decodeFrame, encodeFrame } from '@causeway/core/applications/guest';
import { describe, expect, it, vi } from 'vitest';
import { GuestLink } from './guest-link.ts';
import { GuestLinks } from './guest-links.ts';

const message = (byte: number) => encodeFrame({ kind: 'message', bytes: Uint8Array.of(byte) });
const turns = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('the link to a guest', () => {
  it('gives messages on in order, in both directions', async () => {
    const link = new GuestLink('guest-1');
    const channel = link.channel('match');
    await link.accept(message(1));
    await link.accept(message(2));
    expect([await channel.receive(), await channel.receive()]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    await channel.send(Uint8Array.of(7));
    const { value } = await link.frames().next();
    expect(decodeFrame(value!)).toEqual({ kind: 'message', bytes: Uint8Array.of(7) });
  });

  it('sends no more than a few frames that the page has not read', async () => {
    const link = new GuestLink('guest-1');
    const channel = link.channel('match');
    let sent = 0;
    for (let i = 0; i < 20; i++) void channel.send(Uint8Array.of(i)).then(() => sent++);
    await turns();
    expect(sent).toBe(4);
    const frames = link.frames();
    for (let i = 0; i < 20; i++) {
      expect(decodeFrame((await frames.next()).value!)).toEqual({ kind: 'message', bytes: Uint8Array.of(i) });
      await turns();
    }
    expect(sent).toBe(20);
  });

  it('lets a page wait that is faster, and closes to one that does not', async () => {
    const link = new GuestLink('guest-1');
    const channel = link.channel('match');
    let accepted = 0;
    const accept = (byte: number) => link.accept(message(byte)).then(() => accepted++);
    const waiting = [accept(0), accept(1), accept(2), accept(3)];
    await turns();
    expect(accepted).toBe(3);
    await channel.receive();
    await Promise.all(waiting);
    for (const byte of [4, 5]) accept(byte).catch(() => {});
    await turns();
    await expect(link.accept(message(6))).rejects.toMatchObject({ code: expect.stringMatching(/protocol|closed/) });
    expect(link.isClosed).toBe(true);
  });

  it('asks a question and gets its answer, or the refusal with its code', async () => {
    const link = new GuestLink('guest-1');
    const frames = link.frames();
    const answered = link.call('job.sign', Uint8Array.of(1), { timeoutMs: 1000 });
    const refused = link.call('job.sign', Uint8Array.of(2), { timeoutMs: 1000 });
    const ids = [decodeFrame((await frames.next()).value!), decodeFrame((await frames.next()).value!)].map(
      (frame) => (frame as { id: number }).id,
    );
    await link.accept(encodeFrame({ kind: 'refusal', id: ids[1]!, code: 'not-ready', detail: 'later' }));
    await link.accept(encodeFrame({ kind: 'answer', id: ids[0]!, body: Uint8Array.of(9) }));
    expect(await answered).toEqual(Uint8Array.of(9));
    await expect(refused).rejects.toMatchObject({ code: 'peer', peer: { code: 'not-ready' } });
  });

  it.each([
    ['no frame', Uint8Array.of(200)],
    ['nothing', new Uint8Array(0)],
    [
      'a question, which a guest does not ask',
      encodeFrame({ kind: 'question', id: 1, method: 'x', body: new Uint8Array(0) }),
    ],
    ['an end, which is the host’s to say', encodeFrame({ kind: 'end' })],
    ['an answer to nothing', encodeFrame({ kind: 'answer', id: 5, body: new Uint8Array(0) })],
  ])('%s closes it for good', async (_, bytes) => {
    const link = new GuestLink('guest-1');
    const waiting = link.channel('match').receive();
    waiting.catch(() => {});
    await expect(link.accept(bytes)).rejects.toMatchObject({ code: 'protocol' });
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
    await expect(link.accept(message(1))).rejects.toMatchObject({ code: 'closed' });
    expect(() => link.channel('match')).toThrow();
  });

  it('what was sent before it was closed is still read, and then its end', async () => {
    const link = new GuestLink('guest-1');
    await link.channel('match').send(Uint8Array.of(3));
    link.close('over');
    const kinds: string[] = [];
    for await (const frame of link.frames()) kinds.push(decodeFrame(frame).kind);
    expect(kinds).toEqual(['message', 'end']);
  });

  it('is over when its page stops reading, and a job that looks for it is told', async () => {
    const links = new GuestLinks();
    const link = new GuestLink('guest-1');
    links.add('a', link);
    const frames = link.frames();
    await link.channel('match').send(Uint8Array.of(3));
    await frames.next();
    await frames.return(undefined);
    expect(link.isClosed).toBe(true);
    expect(() => links.of('a')).toThrow(expect.objectContaining({ code: 'guest-gone' }));
    await expect(links.asLinks('a').to('guest-1')).rejects.toMatchObject({ code: 'guest-gone' });
  });

  it('a wait ends with its signal and its time', async () => {
    const link = new GuestLink('guest-1');
    const stop = new AbortController();
    const waiting = link.channel('match').receive({ signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    // Whatever the wall clock does meanwhile.
    const now = vi.spyOn(Date, 'now').mockReturnValue(0);
    await expect(link.channel('match').receive({ timeoutMs: 5 })).rejects.toMatchObject({ code: 'timeout' });
    now.mockRestore();
  });
});
