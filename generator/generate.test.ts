import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesPerPerson, fileNames, type GenerateReport, generate, requireSpace } from './generate.ts';
import type { GenerateOptions } from './options.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'causeway-generator-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
});

let runs = 0;
function run(options: Partial<GenerateOptions>): Promise<GenerateReport> {
  return generate({ people: 1_000, seed: 1, out: join(scratch, `run-${runs++}`), ...options });
}

function digests(report: GenerateReport): Record<string, string> {
  return Object.fromEntries(report.files.map(({ name, sha256 }) => [name, sha256.slice(0, 16)]));
}

describe('the same seed', () => {
  it('gives the same bytes on every machine', async () => {
    const report = await run({});
    expect(digests(report)).toEqual({
      'clicks.csv': '5c6c89e64cf060aa',
      'crm.csv': '3709b6059024005e',
      'exposures.csv': 'f1cb68912b2e18bd',
      'orders.csv': '01d53808a1fe62ad',
      'truth.csv': 'f46508c5d812cb40',
      'users.csv': '6970b295e6d7ad96',
    });
  });

  it('gives the same bytes again, also digested and in GB18030', async () => {
    for (const form of [{ userIds: 'md5' }, { userIds: 'sha256' }, { crmEncoding: 'gb18030' }] as const) {
      expect(digests(await run(form))).toEqual(digests(await run(form)));
    }
  });

  it('changes nothing in the files that an option is not about', async () => {
    const plain = digests(await run({}));
    const digested = digests(await run({ userIds: 'sha256' }));
    const changed = Object.keys(plain).filter((name) => plain[name] !== digested[name]);
    // The truth may change too: a digest of an unnormalised text matches nothing.
    expect(changed.filter((name) => name !== 'truth.csv')).toEqual(['users.csv']);
  });

  it('and another one have no file in common', async () => {
    const one = digests(await run({ seed: 1 }));
    const other = digests(await run({ seed: 2 }));
    for (const name of Object.keys(one)) expect(other[name], name).not.toBe(one[name]);
  });
});

describe('a run', () => {
  it('leaves its files, says their rows, sizes and digests, and marks each as synthetic', async () => {
    const report = await run({});
    expect((await readdir(report.folder)).sort()).toEqual([...fileNames].sort());
    for (const file of report.files) {
      const bytes = await readFile(join(report.folder, file.name));
      expect(bytes.length).toBe(file.bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
      expect(bytes.subarray(0, 300).toString()).toMatch(/^[^\r\n]*,synthetic\r?\n/);
    }
    expect(await readFile(join(report.folder, 'SYNTHETIC.txt'), 'utf8')).toMatch(/^synthetic data: no real person\n/);
    const truth = JSON.parse(await readFile(join(report.folder, 'truth.json'), 'utf8'));
    expect(truth).toEqual(JSON.parse(JSON.stringify(report.truth)));
    expect(truth.notice).toBe('synthetic data: no real person');
  });

  it.each([
    { people: 1 },
    { people: 1, mediaShare: 0, overlapShare: 0 },
    { people: 2, mediaShare: 1, overlapShare: 0 },
    { people: 3, mediaShare: 1, overlapShare: 1 },
    { people: 50, mediaShare: 0, overlapShare: 0 },
  ])('[F31] works at the edges: $people people, media $mediaShare, overlap $overlapShare', async (options) => {
    const { truth } = await run(options);
    const { customers, users, overlap } = truth.sizes;
    expect(customers + users - overlap).toBe(options.people);
    expect(truth.expected.waterfall.people).toBeLessThanOrEqual(overlap);
  });

  it('needs no more room than it asks for', async () => {
    for (const userIds of ['plain', 'sha256'] as const) {
      const { files } = await run({ people: 20_000, userIds });
      const perPerson = files.reduce((sum, file) => sum + file.bytes, 0) / 20_000;
      const stated = bytesPerPerson[userIds === 'plain' ? 'plain' : 'hashed'];
      expect(perPerson).toBeLessThan(stated);
      expect(perPerson).toBeGreaterThan(0.75 * stated);
    }
  });

  it('[F12] is refused before anything is written where the disk has too little room', () => {
    const plan = { people: 1_000_000, userIds: 'plain' } as const;
    expect(() => requireSpace('/x', plan, 419_999_999)).toThrow(expect.objectContaining({ code: 'disk-full' }));
    requireSpace('/x', plan, 420_000_000);
  });

  it('[F55] into a place that cannot be written is refused by name', async () => {
    const file = join(scratch, 'a-file');
    await writeFile(file, '');
    await expect(run({ out: join(file, 'below') })).rejects.toMatchObject({ code: 'not-writable' });
  });

  it('does not replace files unless told to', async () => {
    const first = await run({});
    await expect(run({ out: first.folder, seed: 2 })).rejects.toMatchObject({ code: 'file-exists' });
    const again = await run({ out: first.folder, seed: 2, overwrite: true });
    expect((await stat(join(first.folder, 'crm.csv'))).size).toBe(again.files[0]!.bytes);
  });

  it('[F59] that is aborted in the middle leaves no file', async () => {
    const out = join(scratch, 'aborted');
    const abort = new AbortController();
    const seen: string[] = [];
    const running = run({
      out,
      people: 30_000,
      signal: abort.signal,
      onProgress: ({ file }) => {
        seen.push(file);
        if (file === 'users.csv') abort.abort(new Error('stop here'));
      },
    });
    await expect(running).rejects.toThrow('stop here');
    expect(seen).toContain('crm.csv');
    expect(await readdir(out)).toEqual([]);
  });

  it.each([
    { people: 0 },
    { people: 1.5 },
    { people: 100_000_001 },
    { seed: -1 },
    { seed: 2 ** 53 },
    { mediaShare: 1.1 },
    { overlapShare: 0.9 },
    { mediaShare: Number.NaN },
    { userIds: 'sha1' as 'md5' },
    { crmEncoding: 'latin1' as 'utf-8' },
  ])('refuses %o and names the option', async (options) => {
    await expect(run(options)).rejects.toThrow(new RegExp(`^${Object.keys(options)[0]}: `));
  });
});
