import { describe, expect, it } from 'vitest';
import { CallRefused, LinkError, memoryNetwork } from './index.ts';

const text = (message: string) => new TextEncoder().encode(message);
const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a link between two nodes', () => {
  it('carries calls in both directions', async () => {
    const network = memoryNetwork(['aurora', 'media']);
    const [aurora, media] = [network.node('aurora'), network.node('media')];
    media.onCall('echo', async (peer, body) => text(`${peer}: ${read(body)}`));
    aurora.onCall('echo', async (peer, body) => text(`${peer}: ${read(body)}`));
    const toMedia = await aurora.to('media', { timeoutMs: 1000 });
    const toAurora = await media.to('aurora', { timeoutMs: 1000 });
    expect(read(await toMedia.call('echo', text('one'), { timeoutMs: 1000 }))).toBe('aurora: one');
    expect(read(await toAurora.call('echo', text('two'), { timeoutMs: 1000 }))).toBe('media: two');
    await network.close();
  });

  it("a handler's refusal arrives with its code and detail, anything else without its words", async () => {
    const network = memoryNetwork(['aurora', 'media']);
    network.node('media').onCall('refuse', async () => {
      throw new CallRefused({ code: 'uses-exhausted', detail: 'agreement 7 allows 3 runs' });
    });
    network.node('media').onCall('break', async () => {
      throw new Error('password=hunter2');
    });
    const link = await network.node('aurora').to('media', { timeoutMs: 1000 });
    await expect(link.call('refuse', text(''), { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'peer',
      peer: { code: 'uses-exhausted', detail: 'agreement 7 allows 3 runs' },
    });
    const broken = await link.call('break', text(''), { timeoutMs: 1000 }).catch((error: unknown) => error);
    expect(broken).toMatchObject({ code: 'peer', peer: { code: 'internal' } });
    expect(String(broken)).not.toContain('hunter2');
    await expect(link.call('absent', text(''), { timeoutMs: 1000 })).rejects.toMatchObject({
      peer: { code: 'unknown-method' },
    });
    await network.close();
  });

  it('carries bulk messages on a named channel, and what was sent before the other side opened it waits', async () => {
    const network = memoryNetwork(['aurora', 'media']);
    const media = network.node('media');
    const link = await network.node('aurora').to('media', { timeoutMs: 1000 });
    const sending = link.channel('job/1/1');
    await sending.send(text('first'));
    const large = new Uint8Array(1 << 20).map((_, i) => (i * 7) >> 3);
    const rest = (async () => {
      for (let i = 0; i < 8; i++) await sending.send(large);
      sending.close();
    })();
    const receiving = (await media.to('aurora', { timeoutMs: 1000 })).channel('job/1/1');
    expect(read(await receiving.receive())).toBe('first');
    for (let i = 0; i < 8; i++) expect(Buffer.compare(await receiving.receive(), large)).toBe(0);
    await expect(receiving.receive()).rejects.toMatchObject({ code: 'closed' });
    await rest;
    await network.close();
  });

  it('[F37] a cut is bridged; a restart of the peer is named', async () => {
    const network = memoryNetwork(['aurora', 'media']);
    const media = network.node('media');
    const link = await network.node('aurora').to('media', { timeoutMs: 1000 });
    const sending = link.channel('job/2/1');
    const receiving = (await media.to('aurora', { timeoutMs: 1000 })).channel('job/2/1');
    const got: string[] = [];
    const reading = (async () => {
      for (let i = 0; i < 500; i++) got.push(read(await receiving.receive()));
    })();
    for (let i = 0; i < 500; i++) {
      await sending.send(text(`message ${i}`));
      if (i % 50 === 49) {
        network.cut('aurora', 'media');
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    }
    await reading;
    expect(got).toEqual(Array.from({ length: 500 }, (_, i) => `message ${i}`));

    const waiting = sending.receive();
    const asked = link.call('never', text(''), { timeoutMs: 5000 });
    network.kill('media');
    network.node('media');
    await expect(waiting).rejects.toMatchObject({ code: 'peer-restarted' });
    await expect(asked).rejects.toBeInstanceOf(LinkError);
    const again = link.channel('job/2/2');
    const theirs = (await network.node('media').to('aurora', { timeoutMs: 1000 })).channel('job/2/2');
    await again.send(text('from the checkpoint'));
    expect(read(await theirs.receive({ timeoutMs: 1000 }))).toBe('from the checkpoint');
    await network.close();
  });

  it('[F44] after a partition heals, both sides go on where they were', async () => {
    const network = memoryNetwork(['aurora', 'media']);
    const media = network.node('media');
    const link = await network.node('aurora').to('media', { timeoutMs: 1000 });
    const back = await media.to('aurora', { timeoutMs: 1000 });
    const [here, there] = [link.channel('job/3/1'), back.channel('job/3/1')];
    network.partition('aurora', 'media');
    await expect.poll(() => [link.state, back.state]).toEqual(['reconnecting', 'reconnecting']);
    const asked = link.call('agree', text('?'), { timeoutMs: 5000 });
    media.onCall('agree', async () => text('yes'));
    await here.send(text('from here'));
    await there.send(text('from there'));
    network.heal('aurora', 'media');
    expect(read(await there.receive({ timeoutMs: 1000 }))).toBe('from here');
    expect(read(await here.receive({ timeoutMs: 1000 }))).toBe('from there');
    expect(read(await asked)).toBe('yes');
    await network.close();
  });

  it('a call that nobody answers in time, and one that is cancelled, end here and stop the handler there', async () => {
    const network = memoryNetwork(['aurora', 'media']);
    const stopped: string[] = [];
    network.node('media').onCall('slow', async (_peer, body, signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      stopped.push(read(body));
      return text('too late');
    });
    const link = await network.node('aurora').to('media', { timeoutMs: 1000 });
    await expect(link.call('slow', text('late'), { timeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
    const cancel = new AbortController();
    const cancelled = link.call('slow', text('cancelled'), { timeoutMs: 5000, signal: cancel.signal });
    setTimeout(() => cancel.abort(), 20);
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(() => stopped).toEqual(['late', 'cancelled']);
    await network.close();
  });
});
