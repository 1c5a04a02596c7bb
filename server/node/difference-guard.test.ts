import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainRowSorter } from '@causeway/core/bytes';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkFolder } from '../jobs/work/index.ts';
import { guardDifference } from './difference-guard.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guard-'));
});
afterAll(() => rm(folder, { recursive: true }));

const keys = Array.from({ length: 400 }, (_, i) => new SeededRandom(`key ${i}`).bytes(16));

async function bring(job: string, list: readonly Uint8Array[], dataset = 'users'): Promise<void> {
  const work = await openWorkFolder(join(folder, 'work', job));
  const file = await work.open('set');
  await file.write(0, Buffer.concat(list));
  await file.close();
  await guardDifference(join(folder, 'guard'), {
    organisation: 'brand',
    partner: 'media',
    dataset,
    form: 'phone',
    job,
    secret: new Uint8Array(32).fill(7),
    work,
    sorter: plainRowSorter,
    set: 'set',
    keyCount: list.length,
    minimumGroupRows: 50,
  });
}

it('what is kept of a list holds no match key', async () => {
  await bring('job-kept', keys.slice(0, 200), 'kept');
  const kept = await readFile(join(folder, 'guard', 'media', 'kept', 'phone', 'job-kept.keys'));
  expect(kept).toHaveLength(200 * 8);
  for (const key of keys.slice(0, 200)) expect(kept.includes(Buffer.from(key.subarray(0, 8)))).toBe(false);
});

describe('[F28] lists that were brought to a partner', () => {
  it('may come again, in any order, or differ by many; not by a few', async () => {
    await bring('job-1', keys.slice(0, 300));
    await bring('job-2', keys.slice(0, 300).reverse());
    await bring('job-3', keys.slice(0, 350));
    const oneMore = bring('job-4', keys.slice(0, 301));
    await expect(oneMore).rejects.toMatchObject({
      name: 'PolicyDenied',
      findings: [{ rule: 'difference', organisation: 'brand' }],
    });
    await expect(bring('job-5', [...keys.slice(0, 299), keys[399]!])).rejects.toMatchObject({ code: 'policy-denied' });
    await bring('job-6', keys.slice(0, 301), 'another dataset');
  });

  it('a refused list is not remembered, and a job that resumes is not held against itself', async () => {
    await bring('job-1', keys.slice(0, 300));
    await bring('job-7', keys.slice(0, 240));
    await expect(bring('job-8', keys.slice(0, 250))).rejects.toMatchObject({ code: 'policy-denied' });
    await expect(bring('job-9', keys.slice(0, 260))).rejects.toMatchObject({ code: 'policy-denied' });
    await bring('job-7', keys.slice(0, 240));
  });
});
