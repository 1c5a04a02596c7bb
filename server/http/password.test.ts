import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { PasswordHasher } from './password.ts';

const cheap = { passes: 1, memoryBytes: 8192 };
let hasher: PasswordHasher;
afterEach(() => hasher.close());

describe('passwords', () => {
  it('are argon2id with 64 MiB and two passes, each with its own salt', async () => {
    hasher = new PasswordHasher();
    const hashes = [await hasher.hash('长堤 horse battery'), await hasher.hash('长堤 horse battery')];
    for (const hash of hashes) {
      expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
      expect(await hasher.verify(hash, '长堤 horse battery')).toBe(true);
      expect(await hasher.verify(hash, '长堤 horse batterx')).toBe(false);
    }
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it('are compared by what people see: composed and decomposed letters are the same', async () => {
    hasher = new PasswordHasher(cheap);
    expect(await hasher.verify(await hasher.hash('pässwörd long'), 'pa\u0308sswo\u0308rd long')).toBe(true);
  });

  it('[F108] an unknown user’s is never right, not even the stand-in’s', async () => {
    hasher = new PasswordHasher(cheap);
    for (const password of ['', 'no password is this one', 'x'])
      expect(await hasher.verify(undefined, password)).toBe(false);
  });

  it('[F63] hashing does not stop the event loop', async () => {
    hasher = new PasswordHasher({ passes: 4, memoryBytes: 64 * 2 ** 20 });
    await hasher.hash('warm');
    const delay = monitorEventLoopDelay({ resolution: 5 });
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 1);
    delay.enable();
    await hasher.hash('a password');
    delay.disable();
    clearInterval(counting);
    // On the loop itself there would be no turn at all in between.
    expect(turns).toBeGreaterThan(3);
  });

  it('more than the queue holds are refused, and those in it are done', async () => {
    hasher = new PasswordHasher(cheap);
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => hasher.hash('x')));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(68);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: 'too-many-requests' });
    expect(await hasher.hash('x')).toContain('argon2id');
  });

  it('a hash that is damaged is wrong, and the thread goes on', async () => {
    hasher = new PasswordHasher(cheap);
    for (const hash of ['', 'plain', '$argon2id$v=19$m=99999999,t=2,p=1$AAAA$AAAA', `$argon2id$${'A'.repeat(1000)}`]) {
      expect(await hasher.verify(hash, 'x')).toBe(false);
    }
    expect(await hasher.verify(await hasher.hash('x'), 'x')).toBe(true);
  });
});
