/** What links over real TLS do when the network, the clock, the certificates or the peer misbehave. Numbers: the table of faults. */

import { X509Certificate } from 'node:crypto';
import { createServer as createHttp1Server } from 'node:http';
import { connect as connectHttp2, createSecureServer, type Http2SecureServer } from 'node:http2';
import { type AddressInfo, connect as connectTcp, type Server } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { checkCertificate } from './certificate-check.ts';
import { type LinkClock, systemClock } from './clock.ts';
import { TestNetwork, TestWire, testCertificate } from './test-network.ts';
import { ATTACH_PATH, GRPC_CONTENT_TYPE } from './transport.ts';

const text = (message: string) => new TextEncoder().encode(message);
const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const day = 86_400_000;

let network = new TestNetwork();
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await network.close();
  await Promise.all(closing.splice(0).map((close) => close()));
  network = new TestNetwork();
});

/** `shop` dials `media` through a wire that the test holds. */
async function throughWire(timing: { keepAliveMs: number; answerWithinMs: number } | undefined = undefined) {
  const media = await network.start('media', { ...(timing && { timing }) });
  const wire = await TestWire.to(media.links.address!.port);
  closing.push(() => wire.close());
  network.admit({ organisation: 'media', tlsFingerprint: media.certificate.fingerprint, endpoint: wire.endpoint });
  const shop = await network.start('shop', { silent: true, ...(timing && { timing }) });
  const link = await shop.links.to('media');
  const back = await media.links.to('shop');
  return { media, shop, wire, link, back };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('[F37] a connection that is cut', () => {
  it('anywhere, within TLS records and frames, loses and repeats nothing in either direction', async () => {
    const { wire, link, back, shop } = await throughWire();
    const [here, there] = [link.channel('job/1/1'), back.channel('job/1/1')];
    const count = 120;
    const message = (i: number) => new Uint8Array(20_000 + i * 100).fill(i);
    const sendAll = async (channel: typeof here) => {
      for (let i = 0; i < count; i++) {
        await channel.send(message(i));
        if (channel === here && i % 10 === 5) {
          wire.cutAfter(1 + ((i * 7919) % 50_000));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const receiveAll = async (channel: typeof here) => {
      for (let i = 0; i < count; i++) {
        expect(Buffer.compare(await channel.receive({ timeoutMs: 15_000 }), message(i))).toBe(0);
      }
    };
    await Promise.all([sendAll(here), sendAll(there), receiveAll(here), receiveAll(there)]);
    expect(wire.connectionCount).toBeGreaterThan(2);
    expect(shop.events.filter(({ kind }) => kind === 'disconnected').length).toBeGreaterThan(1);
  });

  it('a call that is under way is answered after the reconnect, and runs once', async () => {
    const { media, shop, wire, link } = await throughWire();
    let runs = 0;
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    media.links.onCall('count', async () => {
      runs += 1;
      begun.resolve();
      await go.promise;
      return text(`run ${runs}`);
    });
    const answer = link.call('count', text(''), { timeoutMs: 10_000 });
    await begun.promise;
    wire.cut();
    await expect.poll(() => shop.events.some(({ kind }) => kind === 'disconnected')).toBe(true);
    go.resolve();
    expect(read(await answer)).toBe('run 1');
  });
});

describe('[F38] silence', () => {
  it('a half-open connection is noticed by both sides, named with its limit, and replaced', async () => {
    const { wire, link, back, shop } = await throughWire({ keepAliveMs: 100, answerWithinMs: 100 });
    const [here, there] = [link.channel('job/1/1'), back.channel('job/1/1')];
    wire.silence();
    await here.send(text('into the void'));
    await expect.poll(() => [link.state, back.state]).toEqual(['reconnecting', 'reconnecting']);
    expect(shop.links.status()[0]?.lastFailure).toMatchObject({ code: 'timeout' });
    wire.resume();
    expect(read(await there.receive({ timeoutMs: 10_000 }))).toBe('into the void');
  });

  it('a client that never finishes its handshake, and one that never speaks HTTP/2, are put out', async () => {
    const media = await network.start('media', { patience: { handshakeMs: 100, strangerMs: 100 } });
    const { port } = media.links.address!;
    const slow = connectTcp(port, '127.0.0.1');
    slow.on('error', () => {});
    const trickle = setInterval(() => slow.write(Buffer.from([0x16])), 20);
    closing.push(() => clearInterval(trickle));
    await new Promise<void>((resolve) => slow.once('close', () => resolve()));

    const { certificate: cert, privateKey: key } = await testCertificate('stranger');
    const mute = connectTls({ port, host: '127.0.0.1', cert, key, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    mute.on('error', () => {});
    mute.resume();
    await new Promise<void>((resolve) => mute.once('close', () => resolve()));
  });
});

describe('[F39] frames that lie about their length', () => {
  it('a member that declares 4 GB is refused by name, and the node stays up', async () => {
    const media = await network.start('media');
    const rogue = await testCertificate('rogue');
    network.admit({ organisation: 'rogue', tlsFingerprint: rogue.fingerprint });
    const session = connectHttp2(`https://127.0.0.1:${media.links.address!.port}`, {
      cert: rogue.certificate,
      key: rogue.privateKey,
      rejectUnauthorized: false,
    });
    session.on('error', () => {});
    const before = process.memoryUsage().arrayBuffers;
    const stream = session.request({
      ':method': 'POST',
      ':path': ATTACH_PATH,
      'content-type': GRPC_CONTENT_TYPE,
      te: 'trailers',
    });
    stream.on('error', () => {});
    stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
    const answered: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => answered.push(chunk));
    await new Promise<void>((resolve) => stream.once('close', () => resolve()));
    expect(Buffer.concat(answered).toString('latin1')).toContain('frame-too-large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16e6);
    await expect.poll(() => media.links.status()[0]?.lastFailure).toMatchObject({ code: 'frame-too-large' });
    session.destroy();
    await network.start('shop', { silent: true });
    await media.links.to('shop');
  });
});

describe('[F41] certificates', () => {
  it('TLS 1.2 is refused', async () => {
    const media = await network.start('media');
    const { certificate: cert, privateKey: key } = await testCertificate('old');
    const socket = connectTls({
      port: media.links.address!.port,
      cert,
      key,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.2',
    });
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    expect(error.code).toMatch(/PROTOCOL_VERSION/);
    await expect.poll(() => media.events).toContainEqual(expect.objectContaining({ kind: 'refused', code: 'tls' }));
  });

  it("another server's certificate at a member's endpoint", async () => {
    const media = await network.start('media');
    await network.start('provider', { endpoint: `127.0.0.1:${media.links.address!.port}` });
    const shop = await network.start('shop', { silent: true });
    await expect(shop.links.to('provider')).rejects.toMatchObject({ code: 'wrong-certificate' });
  });

  it('a partner whose certificate has expired', async () => {
    const media = await network.start('media');
    const old = await testCertificate('media', { nowMs: Date.now() - 40 * day, validDays: 30 });
    const endpoint = await listening(tlsServer(old));
    network.admit({ organisation: 'media', tlsFingerprint: old.fingerprint, endpoint });
    const shop = await network.start('shop', { silent: true });
    await expect(shop.links.to('media')).rejects.toMatchObject({ code: 'certificate-expired' });
    expect(media).toBeDefined();
  });

  it("this node's own certificate that has expired", async () => {
    const certificate = await testCertificate('shop', { nowMs: Date.now() - 40 * day, validDays: 30 });
    await expect(network.start('shop', { certificate })).rejects.toMatchObject({ code: 'certificate-expired' });
  });

  it('a partner whose key is weak', () => {
    const weak = new X509Certificate(RSA_1024);
    const nowMs = weak.validFromDate.getTime() + day;
    expect(() => checkCertificate(weak, { peer: 'media', nowMs })).toThrow(
      expect.objectContaining({ code: 'weak-certificate' }),
    );
  });

  it('no certificate at all', async () => {
    const media = await network.start('media');
    const session = connectHttp2(`https://127.0.0.1:${media.links.address!.port}`, { rejectUnauthorized: false });
    const stream = session.request({
      ':method': 'POST',
      ':path': ATTACH_PATH,
      'content-type': GRPC_CONTENT_TYPE,
      te: 'trailers',
    });
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
    expect(headers).toMatchObject({ 'causeway-code': 'tls' });
    session.destroy();
  });

  it('a certificate that no member has is refused by name on both sides', async () => {
    const media = await network.start('media');
    const shop = await network.start('shop', { silent: true });
    network.remove('shop');
    await expect(shop.links.to('media')).rejects.toMatchObject({ code: 'not-a-member' });
    expect(media.events).toContainEqual(expect.objectContaining({ kind: 'refused', code: 'not-a-member' }));
  });

  it('a member that leaves is cut at once, and told why', async () => {
    const media = await network.start('media');
    const shop = await network.start('shop', { silent: true });
    const link = await shop.links.to('media');
    const waiting = link.channel('job/1/1').receive();
    network.members.splice(
      network.members.findIndex(({ organisation }) => organisation === 'shop'),
      1,
    );
    media.links.refresh();
    await expect(waiting).rejects.toMatchObject({ code: 'not-a-member' });
    expect(link.state).toBe('closed');
    await expect(media.links.to('shop')).rejects.toMatchObject({ code: 'not-a-member' });
  });

  it('a member that publishes another certificate goes on with its session', async () => {
    const media = await network.start('media');
    const shop = await network.start('shop', { silent: true });
    const [link, back] = [await shop.links.to('media'), await media.links.to('shop')];
    const renewed = await testCertificate('shop');
    shop.links.present({ organisation: 'shop', certificate: renewed.certificate, privateKey: renewed.privateKey });
    network.admit({ organisation: 'shop', tlsFingerprint: renewed.fingerprint });
    await link.channel('job/1/1').send(text('still here'));
    expect(read(await back.channel('job/1/1').receive({ timeoutMs: 10_000 }))).toBe('still here');
  });
});

describe('[F43] clocks', () => {
  const ahead = (ms: () => number): LinkClock => ({ ...systemClock, wallMs: () => Date.now() + ms() });

  it.each([-4, 4])('%i minutes apart: nothing happens', async (minutes) => {
    const certificate = await testCertificate('media');
    await network.start('media', { certificate });
    const shop = await network.start('shop', { silent: true, clock: ahead(() => minutes * 60_000) });
    await shop.links.to('media');
    expect(shop.links.status()[0]?.warnings).toEqual([]);
  });

  it('hours apart: it works, and both are told', async () => {
    const media = await network.start('media');
    const shop = await network.start('shop', { silent: true, clock: ahead(() => 5 * 3_600_000) });
    await shop.links.to('media');
    await expect.poll(() => media.links.status()[0]?.warnings).toEqual([expect.stringContaining('clock of shop')]);
    expect(shop.links.status()[0]?.warnings).toEqual([expect.stringContaining('clock of media')]);
  });

  it('a certificate from the future names the clocks', async () => {
    const certificate = await testCertificate('media', { nowMs: Date.now() + 3 * day });
    const endpoint = await listening(tlsServer(certificate));
    network.admit({ organisation: 'media', tlsFingerprint: certificate.fingerprint, endpoint });
    const shop = await network.start('shop', { silent: true });
    await expect(shop.links.to('media')).rejects.toMatchObject({ code: 'certificate-not-yet-valid' });
  });

  it('the clock jumps a year, then back a day: a session goes on, and the expiry is a warning before', async () => {
    let jumpMs = 0;
    const media = await network.start('media');
    const shop = await network.start('shop', { silent: true, clock: ahead(() => jumpMs) });
    media.links.onCall('echo', async (_, body) => body);
    const link = await shop.links.to('media');
    jumpMs = 20 * day;
    expect(shop.links.status()[0]?.warnings).toEqual([expect.stringContaining('certificate of media')]);
    expect(shop.links.warnings()).toHaveLength(1);
    for (const jump of [365 * day, -day]) {
      jumpMs = jump;
      expect(read(await link.call('echo', text('on'), { timeoutMs: 2000 }))).toBe('on');
    }
  });
});

describe('[F45] something else answers', () => {
  it('HTML over HTTP/2', async () => {
    const certificate = await testCertificate('media');
    const proxy = http2Server(certificate);
    proxy.on('stream', (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html; charset=utf-8' });
      stream.end('<html>Please log in</html>');
    });
    network.admit({ organisation: 'media', tlsFingerprint: certificate.fingerprint, endpoint: await listening(proxy) });
    const shop = await network.start('shop', { silent: true });
    const error: unknown = await shop.links.to('media').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'not-causeway' });
    expect(String(error)).toContain('text/html');
    expect(String(error)).not.toContain('Please log in');
  });

  it('a server without TLS', async () => {
    const endpoint = await listening(createHttp1Server((_, response) => response.end('hello')));
    network.admit({ organisation: 'media', tlsFingerprint: 'ab'.repeat(32), endpoint });
    const shop = await network.start('shop', { silent: true });
    await expect(shop.links.to('media')).rejects.toMatchObject({ code: 'not-causeway' });
  });

  it('a server without HTTP/2', async () => {
    const certificate = await testCertificate('media');
    const endpoint = await listening(tlsServer(certificate));
    network.admit({ organisation: 'media', tlsFingerprint: certificate.fingerprint, endpoint });
    const shop = await network.start('shop', { silent: true });
    await expect(shop.links.to('media')).rejects.toMatchObject({ code: 'not-causeway' });
  });
});

describe('[F46] endpoints that lead inside', () => {
  it('are not dialled, and no name is asked for twice', async () => {
    const media = await network.start('media');
    let asked = 0;
    const rebinding = async () => [asked++ === 0 ? '192.0.2.1' : '127.0.0.1'];
    network.admit({
      organisation: 'media',
      tlsFingerprint: media.certificate.fingerprint,
      endpoint: 'media.example:7443',
    });
    const shop = await network.start('shop', { silent: true, allowPrivateAddresses: false, resolver: rebinding });
    network.admit({ organisation: 'direct', tlsFingerprint: 'ab'.repeat(32), endpoint: '169.254.169.254:80' });
    await expect(shop.links.to('direct')).rejects.toMatchObject({ code: 'address-not-allowed' });
    await expect(shop.links.to('media')).rejects.toMatchObject({ code: 'address-not-allowed' });
  });
});

describe('[F47] hostile HTTP/2', () => {
  it('large and many headers, resets, foreign paths and authorities: the port stays open for members', async () => {
    const media = await network.start('media');
    const { certificate: cert, privateKey: key } = await testCertificate('stranger');
    const { port } = media.links.address!;
    const attempts: ((session: ReturnType<typeof connectHttp2>) => void)[] = [
      (session) => session.request({ ':path': '/', 'x-large': 'x'.repeat(64_000) }).on('error', () => {}),
      (session) => {
        const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x-${i}`, 'y']));
        session.request({ ':path': '/', ...many }).on('error', () => {});
      },
      (session) => {
        for (let i = 0; i < 2000 && !session.destroyed; i++) {
          const stream = session.request({ ':path': '/' });
          stream.on('error', () => {});
          stream.close(8);
        }
      },
      (session) =>
        session
          .request({ ':path': '/causeway.link.v1.Link/Greet', ':authority': '[[', ':method': 'POST' })
          .on('error', () => {}),
      (session) =>
        session
          .request({ ':path': '//\\', ':method': 'POST', 'content-type': GRPC_CONTENT_TYPE })
          .on('error', () => {}),
      (session) => session.request({ ':path': ATTACH_PATH, ':method': 'GET' }).on('error', () => {}),
      (session) => {
        const greeting = session.request({
          ':path': '/causeway.link.v1.Link/Greet',
          ':method': 'POST',
          'content-type': GRPC_CONTENT_TYPE,
        });
        greeting.on('error', () => {});
        greeting.end(Buffer.from([1, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
      },
    ];
    for (const attempt of attempts) {
      const session = connectHttp2(`https://127.0.0.1:${port}`, { cert, key, rejectUnauthorized: false });
      session.on('error', () => {});
      await new Promise<void>((resolve) => session.once('connect', () => resolve()));
      attempt(session);
      await new Promise((resolve) => setTimeout(resolve, 50));
      session.destroy();
    }
    const shop = await network.start('shop', { silent: true });
    await shop.links.to('media');
  });
});

describe('[F50] many reconnects', () => {
  it('after a restart all partners come back', async () => {
    const media = await network.start('media');
    const partners = await Promise.all(
      Array.from({ length: 20 }, (_, i) => network.start(`partner-${i}`, { silent: true })),
    );
    await Promise.all(partners.map(({ links }) => links.to('media')));
    const { port } = media.links.address!;
    await media.links.close();
    const again = await network.start('media', { certificate: media.certificate, listen: { host: '127.0.0.1', port } });
    await expect
      .poll(() => again.links.status().filter(({ state }) => state === 'connected').length, { timeout: 15_000 })
      .toBe(20);
  });
});

describe('logs and errors', () => {
  it('hold no payload', async () => {
    const canary = 'canary-13800138000';
    const { media, shop, link, wire } = await throughWire();
    media.links.onCall('fail', async (_, body) => {
      throw new TypeError(`cannot read ${read(body)}`);
    });
    const error: unknown = await link
      .call('fail', text(canary), { timeoutMs: 2000 })
      .catch((thrown: unknown) => thrown);
    await link.channel('job/1/1').send(text(canary));
    wire.cut();
    await expect.poll(() => shop.events.some(({ kind }) => kind === 'disconnected')).toBe(true);
    const told = media.events.map(({ error: _, ...event }) => event);
    expect(JSON.stringify([told, shop.events, String(error), media.links.status(), shop.links.status()])).not.toContain(
      canary,
    );
  });
});

function tlsServer({ certificate: cert, privateKey: key }: { certificate: string; privateKey: string }): Server {
  const server = createTlsServer({ cert, key }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  return server;
}

function http2Server({
  certificate: cert,
  privateKey: key,
}: {
  certificate: string;
  privateKey: string;
}): Http2SecureServer {
  const server = createSecureServer({ cert, key });
  closing.push(() => void server.emit('test-end'));
  server.on('session', (session) => {
    session.on('error', () => {});
    server.once('test-end', () => session.destroy());
  });
  return server;
}

/** A self-signed certificate over an RSA key of 1024 bits. */
const RSA_1024 = `-----BEGIN CERTIFICATE-----
MIIB9DCCAV2gAwIBAgIUUW75PUhwZl6s1+o5WyVY9G1UCF0wDQYJKoZIhvcNAQEL
BQAwDDEKMAgGA1UEAwwBdzAeFw0yNjExMjEyMzA5NDRaFw0zNjExMTgyMzA5NDRa
MAwxCjAIBgNVBAMMAXcwgZ8wDQYJKoZIhvcNAQEBBQADgY0AMIGJAoGBAO7PquoN
mCK9ZSHPSIoNq5CHnVp4lcldTGTSToNAbvW+kC1kvKzLCwj0aeoe4vyAlvYoO2vG
Pw7shyY03MxqiQOPgj7ynBwYHG3K0L3X0uNK/RS1LpUNDNbXiDgp5Q/bXJj1j7rL
zbfWALHnIrhjGJGYcrIXmmLfX4he1WGKkS/vAgMBAAGjUzBRMB0GA1UdDgQWBBTV
Co1acQIapzh4sEimmYb8jkF4/DAfBgNVHSMEGDAWgBTVCo1acQIapzh4sEimmYb8
jkF4/DAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4GBAA56qCGmoIlf
xnIfVqYPS7Q621k53KRT1B87UkrpwmkTsnXAdEq1qIP92CG/ZQQkaFjZVlxkSqf6
6njG1ILoverVLK6Ha5SmAudxIggBu2CNxzWnAmKjzo6rS4r2CFY03zbhZSDlpepg
5huqnodqeOzakAtzLeBLVY2DEP+ryWHi
-----END CERTIFICATE-----`;
