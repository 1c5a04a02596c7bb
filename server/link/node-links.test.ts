import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { LinkError } from './error.ts';
import { isInviteProven } from './invite.ts';
import { joinByInvite } from './join.ts';
import { CallRefused } from './link.ts';
import { TestNetwork, testCertificate } from './test-network.ts';

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

  it('two that dial each other agree on one connection, and keep it', async () => {
    const aurora = await network.start('aurora');
    const media = await network.start('media');
    await Promise.all([aurora.links.to('media'), media.links.to('aurora')]);
    const dialledBy = () => [aurora.links.status()[0]?.dialledBy, media.links.status()[0]?.dialledBy];
    await expect.poll(() => new Set(dialledBy()).size).toBe(2);
    const agreed = dialledBy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(dialledBy()).toEqual(agreed);
  });

  it('an endpoint that is published later is dialled, and one that has moved', async () => {
    const media = await network.start('media');
    const entry = { organisation: 'media', tlsFingerprint: media.certificate.fingerprint };
    network.admit(entry);
    const shop = await network.start('shop', { silent: true });
    await expect(shop.links.to('media', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'no-endpoint' });
    network.admit({ ...entry, endpoint: '127.0.0.1:1' });
    await expect(shop.links.to('media', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'unreachable' });
    network.admit({ ...entry, endpoint: `127.0.0.1:${media.links.address!.port}` });
    await expect.poll(() => media.links.status().map(({ state }) => state)).toEqual(['connected']);
  });

  it('a job goes on when its partner restarts: the old channel says so, the next attempt works', async () => {
    const media = await network.start('media');
    const shop = await network.start('shop', { silent: true });
    const link = await shop.links.to('media');
    const waiting = link.channel('job/1/1').receive();
    const asked = link.call('nothing', text(''), { timeoutMs: 20_000 }).catch((error: unknown) => error);
    await media.links.close();
    const { port } = media.links.address!;
    const again = await network.start('media', { certificate: media.certificate, listen: { host: '127.0.0.1', port } });
    await expect(waiting).rejects.toMatchObject({ code: 'peer-restarted' });
    await asked;
    const [next, theirs] = [link.channel('job/1/2'), (await again.links.to('shop')).channel('job/1/2')];
    await theirs.send(text('resumed'));
    expect(read(await next.receive({ timeoutMs: 5000 }))).toBe('resumed');
  });
});

describe('an invite to a network', () => {
  it('brings a stranger to the host once its secret is proved, and makes it a member at once', async () => {
    const secret = randomBytes(16);
    const operator = await network.start('operator', {
      onJoin: async ({ tlsFingerprint, proof, body }) => {
        const claim = { secret, inviter: operator.certificate.fingerprint, invited: tlsFingerprint, body };
        if (!isInviteProven(claim, proof)) throw new LinkError('invite', 'unknown invite');
        if (read(body) === 'evil') throw new CallRefused({ code: 'name-taken', detail: 'choose another name' });
        network.admit({ organisation: read(body), tlsFingerprint });
        return text('welcome');
      },
    });
    const made = await testCertificate('shop');
    const identity = { organisation: 'shop', certificate: made.certificate, privateKey: made.privateKey };
    const invite = {
      address: `127.0.0.1:${operator.links.address!.port}`,
      tlsFingerprint: operator.certificate.fingerprint,
      secret,
      network: 'autumn',
    };
    const join = (body: string, use = invite) =>
      joinByInvite({ invite: use, identity, body: text(body), allowPrivateAddresses: true });
    await expect(join('shop', { ...invite, secret: randomBytes(16) })).rejects.toMatchObject({ code: 'invite' });
    await expect(join('evil')).rejects.toMatchObject({ code: 'peer', peer: { code: 'name-taken' } });
    await expect(join('x'.repeat(70_000))).rejects.toMatchObject({ code: 'limit' });
    await expect(joinByInvite({ invite, identity, body: text('shop') })).rejects.toMatchObject({
      code: 'address-not-allowed',
    });
    expect(read(await join('shop'))).toBe('welcome');
    await network.start('shop', { silent: true, certificate: made });
    await operator.links.to('shop');
  });

  it('a node that has given out none refuses', async () => {
    const media = await network.start('media');
    const made = await testCertificate('shop');
    const invite = {
      address: `127.0.0.1:${media.links.address!.port}`,
      tlsFingerprint: media.certificate.fingerprint,
      secret: randomBytes(16),
    };
    const identity = { organisation: 'shop', certificate: made.certificate, privateKey: made.privateKey };
    const joining = joinByInvite({ invite, identity, body: text(''), allowPrivateAddresses: true });
    await expect(joining).rejects.toMatchObject({ code: 'invite' });
  });
});
