import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import type { Check } from './doctor.ts';
import { TestNetwork } from './test-network.ts';

let network = new TestNetwork();
afterEach(async () => {
  await network.close();
  network = new TestNetwork();
});

const failed = (checks: readonly Check[]) => checks.filter(({ ok }) => !ok).map(({ name }) => name);

describe('doctor', () => {
  it('goes through every step in both directions', async () => {
    await network.start('media');
    const aurora = await network.start('aurora');
    const checks = await aurora.links.diagnose('media');
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual(
      [
        'address',
        'dns',
        'tcp',
        'tls',
        'certificate',
        'proxy',
        'version',
        'membership',
        'clock',
        'frame-size',
        'dial-back',
      ].map((name) => [name, true]),
    );
    expect(checks.some(({ remedy }) => remedy !== undefined)).toBe(false);
  });

  it('says that the partner does not reach us, and why', async () => {
    await network.start('media');
    const aurora = await network.start('aurora', { endpoint: '127.0.0.1:1' });
    const checks = await aurora.links.diagnose('media');
    expect(failed(checks)).toEqual(['dial-back']);
    expect(checks.at(-1)?.detail).toContain('127.0.0.1:1');
    expect(checks.at(-1)?.remedy).toBeDefined();
  });

  it('stops at the first failure that the rest depends on', async () => {
    const aurora = await network.start('aurora');
    const other = await network.start('other');
    const endpoint = `127.0.0.1:${other.links.address!.port}`;
    const cases = [
      ['address', '169.254.169.254:80'],
      ['dns', 'nobody.invalid:7443'],
      ['tcp', '127.0.0.1:1'],
      ['certificate', endpoint],
    ] as const;
    for (const [name, published] of cases) {
      network.admit({ organisation: 'media', tlsFingerprint: 'ab'.repeat(32), endpoint: published });
      const checks = await aurora.links.diagnose('media');
      expect([failed(checks), checks.at(-1)?.name]).toEqual([[name], name]);
      expect(checks.at(-1)?.remedy).toBeDefined();
    }
  });

  it('names clocks that differ, and a partner that does not know us', async () => {
    const media = await network.start('media', { clock: { ...systemClock, wallMs: () => Date.now() + 3_600_000 } });
    const aurora = await network.start('aurora');
    expect(failed(await aurora.links.diagnose('media'))).toEqual(['clock']);
    const stranger = new TestNetwork();
    const shop = await stranger.start('shop', { silent: true });
    const endpoint = `127.0.0.1:${media.links.address!.port}`;
    stranger.admit({ organisation: 'media', tlsFingerprint: media.certificate.fingerprint, endpoint });
    expect(failed(await shop.links.diagnose('media'))).toEqual(['membership', 'clock']);
    await stranger.close();
  });

  it('a partner without an endpoint has dialled us, or has not', async () => {
    const media = await network.start('media');
    network.admit({ organisation: 'shop', tlsFingerprint: 'ab'.repeat(32) });
    expect(failed(await media.links.diagnose('shop'))).toEqual(['tcp']);
    await network.start('store', { silent: true });
    await media.links.to('store');
    expect(failed(await media.links.diagnose('store'))).toEqual([]);
  });
});
