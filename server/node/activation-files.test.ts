import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activationFiles, activationFilesOf, keepMadeOf, madeOfWhat } from './activation-files.ts';
import { haveMoreOptedOut } from './opted-out.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'causeway-activations-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('what an advertiser keeps of its activations', () => {
  it('is found by the dataset that it was made of, so that it goes with it', async () => {
    expect(await activationFilesOf(home, 'ds-1')).toEqual([]);
    expect(await madeOfWhat(home, 'job-1')).toBeUndefined();
    await keepMadeOf(home, 'job-1', { dataset: 'ds-1', sha256: 'a' });
    await keepMadeOf(home, 'job-2', { dataset: 'ds-2', sha256: 'b' });
    await keepMadeOf(home, 'job-3', { dataset: 'ds-1', sha256: 'c' });
    expect(await madeOfWhat(home, 'job-2')).toEqual({ dataset: 'ds-2', sha256: 'b' });
    const paths = ['job-1', 'job-3'].flatMap((job) => Object.values(activationFiles(job)));
    expect((await activationFilesOf(home, 'ds-1')).toSorted()).toEqual(paths.toSorted());
    expect(paths.every((path) => dirname(path) === 'activations')).toBe(true);
  });
});

describe('people who have opted out since', () => {
  it.each<[string, number[], number[], boolean]>([
    ['nobody, twice', [], [], false],
    ['the same people', [1, 5], [1, 5], false],
    ['fewer people', [1, 5], [5], false],
    ['one person more', [1, 5], [1, 4, 5], true],
    ['one for another', [1, 5], [1, 6], true],
    ['the first', [], [7], true],
  ])('are noticed: %s', async (_, then, now, expected) => {
    const folder = join(home, 'opted-out');
    await mkdir(folder, { recursive: true });
    const write = (name: string, rows: readonly number[]) => {
      writeFileSync(join(folder, name), new Uint8Array(Uint32Array.from(rows).buffer));
      return join(folder, name);
    };
    expect(await haveMoreOptedOut({ earlier: write('then', then), now: write('now', now) }, 8)).toBe(expected);
  });
});
