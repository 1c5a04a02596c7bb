import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeKey } from '@causeway/core/protocols/opja';
import { systemRandom } from '@causeway/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpjaKeys } from './opja-keys.ts';
import type { Services } from './services.ts';

const dayMs = 24 * 3600_000;
const domains = { system: 'match.brand.example', receiver: 'dsp.example' };
/** A current key and an older one of whoever opens labels. */
const receivers = [1, 2].map((n) => encodeKey(new Uint8Array(32).fill(n)));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-opja-keys-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A node's keys, with those of domains settled in its settings; and how often these were read. */
function keysOf({ settled, nowMs }: { readonly settled: readonly string[]; readonly nowMs: number }) {
  const reads = { settings: 0 };
  const services = {
    home: { folder },
    random: systemRandom,
    clock: { wallMs: () => nowMs },
    settings: async () => {
      reads.settings += 1;
      return { dnsServers: [], opjaKeys: settled };
    },
  };
  return { keys: new OpjaKeys(services as unknown as Services), reads };
}

describe('keys of a run of OPJA', () => {
  it('are the newest own pair that is published and the receiver’s current key, of one look at the settings', async () => {
    const nowMs = Date.UTC(2026, 0, 1);
    const { keys: before } = keysOf({ settled: [], nowMs });
    await before.add();
    const [own] = (await before.add()).keys;
    const settled = [
      `${domains.system}=${encodeKey(own!.pair.publicKey)}`,
      `${domains.receiver}=${receivers.join(',')}`,
    ];
    const { keys, reads } = keysOf({ settled, nowMs });
    const { sender, receiver } = await keys.labelKeys(domains);
    expect([encodeKey(sender.publicKey), encodeKey(receiver)]).toEqual([encodeKey(own!.pair.publicKey), receivers[0]]);
    expect(reads.settings).toBe(1);
    const late = keysOf({ settled, nowMs: nowMs + 181 * dayMs });
    await expect(late.keys.labelKeys(domains)).rejects.toMatchObject({ code: 'key-not-published' });
  });

  it('are refused where the domain publishes another key than this node has', async () => {
    const settled = [`${domains.system}=${receivers[0]}`, `${domains.receiver}=${receivers[0]}`];
    const { keys } = keysOf({ settled, nowMs: 1 });
    await keys.add();
    await expect(keys.labelKeys(domains)).rejects.toMatchObject({ code: 'key-not-published' });
  });
});
