import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeKey } from '@causeway/core/protocols/opja';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, newKey, readKeyFile, writeKeyFile } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-opja-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = new SeededRandom('key file');
const more = (file: Awaited<ReturnType<typeof readKeyFile>>, nowMs: number) => newKey(file, { random, nowMs });

describe('a file of keys', () => {
  it('that is not there has none; what is written is read, by its owner alone', async () => {
    const path = join(folder, 'deep', 'dsp.keys');
    expect(await readKeyFile(path)).toEqual({ keys: [] });
    const made = { ...more({ keys: [] }, 1000), domain: 'dsp.example' };
    await writeKeyFile(path, made);
    expect(await readKeyFile(path)).toEqual(made);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain(encodeKey(made.keys[0]!.pair.publicKey));
  });

  it('holds five at most, the newest first, and keeps whose it is', () => {
    let file: Awaited<ReturnType<typeof readKeyFile>> = { keys: [], domain: 'dsp.example' };
    for (let i = 0; i < 7; i++) file = more(file, i * 1000);
    expect(file.keys.map(({ madeAt }) => Date.parse(madeAt))).toEqual([6000, 5000, 4000, 3000, 2000]);
    expect(file.domain).toBe('dsp.example');
    const wanted = file.keys[3]!.pair;
    expect(keyOf(file, encodeKey(wanted.publicKey))).toBe(wanted);
    expect(keyOf(file, encodeKey(random.bytes(32)))).toBeUndefined();
  });

  it.each([
    '',
    '{}',
    '{"format":"causeway/opja-keys/v1","keys":[{"secretKey":"AA==","madeAt":"2026-01-01T00:00:00Z"}]}',
  ])('that is damaged is refused, and not written over: %j', async (text) => {
    const path = join(folder, 'damaged.keys');
    writeFileSync(path, text);
    await expect(readKeyFile(path)).rejects.toMatchObject({ name: 'KeyError', code: 'bad-key-file' });
  });
});
