import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { connectDirect, type DirectListener, listenDirect } from './direct.ts';
import { decodeInvite, encodeInvite } from './invite.ts';
import type { Channel } from './link.ts';

const text = (message: string) => new TextEncoder().encode(message);
const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const listeners: DirectListener[] = [];
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});

async function listening(): Promise<DirectListener> {
  const listener = await listenDirect({ host: '127.0.0.1', port: 0 });
  listeners.push(listener);
  return listener;
}

describe('a direct link by one invite', () => {
  it('connects two processes that know nothing else, and says when it is over', async () => {
    const listener = await listening();
    const [accepted, connected] = await Promise.all([listener.accept(), connectDirect(listener.invite)]);
    const [here, there] = [accepted.channel('match'), connected.channel('match')];
    await there.send(text('hello'));
    expect(read(await here.receive({ timeoutMs: 2000 }))).toBe('hello');
    await here.send(text('last words'));
    const waiting = there.receive({ timeoutMs: 2000 });
    await accepted.close();
    expect(read(await waiting)).toBe('last words');
    await expect(there.receive({ timeoutMs: 2000 })).rejects.toMatchObject({ code: 'closed' });
    expect(connected.state).toBe('closed');
    await connected.close();
  });

  it('why a partner failed is still known after it has left, to whoever sends or receives', async () => {
    const listener = await listening();
    const [accepted, connected] = await Promise.all([listener.accept(), connectDirect(listener.invite)]);
    const channels = ['first', 'second'].map((name) => ({
      here: accepted.channel(name),
      there: connected.channel(name),
    }));
    for (const { here } of channels) here.close({ code: 'declined', detail: 'a no' });
    await accepted.close();
    await expect.poll(() => connected.state).toBe('closed');
    const [first, second] = channels.map(({ there }) => there) as [Channel, Channel];
    const told = { code: 'closed', peer: { code: 'declined', detail: 'a no' } };
    await expect(first.send(text('yes'))).rejects.toMatchObject(told);
    await expect(second.receive({ timeoutMs: 2000 })).rejects.toMatchObject(told);
    await connected.close();
  });

  it('an invite serves one partner', async () => {
    const listener = await listening();
    const [, first] = await Promise.all([listener.accept(), connectDirect(listener.invite)]);
    await expect(connectDirect(listener.invite)).rejects.toMatchObject({ code: 'invite' });
    await first.close();
  });

  it('a guessed secret is refused, and the right one still works after it', async () => {
    const listener = await listening();
    const guess = encodeInvite({ ...decodeInvite(listener.invite), secret: randomBytes(16) });
    await expect(connectDirect(guess)).rejects.toMatchObject({ code: 'invite' });
    const [, connected] = await Promise.all([listener.accept(), connectDirect(listener.invite)]);
    await connected.close();
  });

  it('[F41] another server at the address is noticed before anything is said', async () => {
    const [listener, other] = [await listening(), await listening()];
    const misled = encodeInvite({ ...decodeInvite(listener.invite), address: decodeInvite(other.invite).address });
    await expect(connectDirect(misled)).rejects.toMatchObject({ code: 'wrong-certificate' });
  });

  it("a network's invite is not for a direct match", async () => {
    const listener = await listening();
    const invite = encodeInvite({ ...decodeInvite(listener.invite), network: 'autumn' });
    await expect(connectDirect(invite)).rejects.toMatchObject({ code: 'invite' });
  });

  it('nobody comes', async () => {
    const listener = await listening();
    await expect(listener.accept({ timeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
  });
});
