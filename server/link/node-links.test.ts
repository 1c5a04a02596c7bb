import { afterEach, describe, expect, it } from 'vitest';
import { TestNetwork } from './test-network.ts';

const text = (message: string) => new TextEncoder().encode(message);
const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

let network = new TestNetwork();
afterEach(async () => {
  await network.close();
  network = new TestNetwork();
});

describe('links over TLS', () => {
  it('carry calls and channels in both directions over one connection', async () => {
    const aurora = await network.start('aurora');
    const media = await network.start('media');
    for (const { links } of [aurora, media]) links.onCall('echo', async (peer, body) => text(`${peer}: ${read(body)}`));
    const toMedia = await aurora.links.to('media');
    const toAurora = await media.links.to('aurora');
    expect(read(await toMedia.call('echo', text('one'), { timeoutMs: 2000 }))).toBe('aurora: one');
    expect(read(await toAurora.call('echo', text('two'), { timeoutMs: 2000 }))).toBe('media: two');
    const [here, there] = [toMedia.channel('job/1/1'), toAurora.channel('job/1/1')];
    const large = new Uint8Array(1 << 20).map((_, i) => (i * 7) >> 3);
    const sending = (async () => {
      for (let i = 0; i < 20; i++) await here.send(large);
      await here.send(text('end'));
    })();
    for (let i = 0; i < 20; i++) expect(Buffer.compare(await there.receive({ timeoutMs: 2000 }), large)).toBe(0);
    expect(read(await there.receive({ timeoutMs: 2000 }))).toBe('end');
    await sending;
    await there.send(text('back'));
    expect(read(await here.receive({ timeoutMs: 2000 }))).toBe('back');
    expect(aurora.links.status()).toMatchObject([{ organisation: 'media', state: 'connected' }]);
  });

  it('a node without an open port dials, and its partner starts work over that connection', async () => {
    const media = await network.start('media');
    const shop = await network.start('shop', { silent: true });
    shop.links.onCall('echo', async (_, body) => body);
    const toShop = await media.links.to('shop');
    expect(read(await toShop.call('echo', text('hello'), { timeoutMs: 2000 }))).toBe('hello');
    expect(media.links.status()).toMatchObject([{ organisation: 'shop', dialledBy: 'peer' }]);
  });

  it('of two that dial each other, the connection of the name that sorts first stays', async () => {
    const aurora = await network.start('aurora');
    const media = await network.start('media');
    await Promise.all([aurora.links.to('media'), media.links.to('aurora')]);
    await expect.poll(() => aurora.links.status()[0]?.dialledBy).toBe('us');
    await expect.poll(() => media.links.status()[0]?.dialledBy).toBe('peer');
  });
});
