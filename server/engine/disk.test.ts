import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemDisk, writeFileWhole } from './disk.ts';
import { importDataset } from './import/index.ts';
import { extractKeys } from './keys/index.ts';
import { copyRows } from './output/copy-rows.ts';
import { exportRows } from './output/export-rows.ts';
import type { TaskContext } from './task.ts';
import { testContext, testFolder } from './testing/context.ts';
import { rowsFile, testDataset } from './testing/dataset.ts';
import { failingDisk } from './testing/failing-disk.ts';

const ids = [{ column: 'mobile', profile: 'phone' }];
const text = 'mobile,city\n13800138000,x\n13800138001,y\n';
const given = { ids, attributes: [{ column: 'city', grade: 'public' as const }] };

type Work = (folder: string, context: TaskContext) => Promise<unknown>;

/** Each task that writes, and the names that it writes under. */
const tasks: readonly { readonly name: string; readonly files: readonly string[]; prepare(): Promise<Work> }[] = [
  {
    name: 'importDataset',
    files: ['rows.parquet', 'refused.csv'],
    prepare: async () => {
      const path = join(testFolder(), 'people.csv');
      writeFileSync(path, text);
      return (folder, context) => importDataset({ path, folder, ...given }, context);
    },
  },
  {
    name: 'extractKeys',
    files: ['keys.bin', 'rows.bin'],
    prepare: async () => {
      const { parquet } = await testDataset(text, given);
      return (folder, context) => {
        const to = { keys: join(folder, 'keys.bin'), rows: join(folder, 'rows.bin') };
        return extractKeys({ parquet, column: 'mobile', liftTo: 'phone', contextHex: '00', to }, context);
      };
    },
  },
  {
    name: 'copyRows',
    files: ['matched.csv'],
    prepare: async () => {
      const { path, report } = await testDataset(text, given);
      const rows = rowsFile([1]);
      return (folder, context) =>
        copyRows({ path, reading: report.reading, rows, to: join(folder, 'matched.csv') }, context);
    },
  },
  {
    name: 'exportRows',
    files: ['audience.csv'],
    prepare: async () => {
      const { parquet } = await testDataset(text, given);
      const rows = rowsFile([0]);
      return (folder, context) =>
        exportRows({ parquet, rows, columns: ['city'], minimumRows: 1, to: join(folder, 'audience.csv') }, context);
    },
  },
];

const expectedCode = {
  EIO: 'disk-failed',
  ENOSPC: 'disk-full',
  EACCES: 'access-denied',
  EMFILE: 'too-many-open-files',
} as const;

describe.each(tasks)('$name on a disk that fails [F53, F54, F55]', ({ files, prepare }) => {
  it('at its n-th operation, whichever: the path is named, and no half file has the final name', async () => {
    const work = await prepare();
    const counting = failingDisk(0, 'EIO');
    await work(testFolder(), testContext({ disk: counting }));
    expect(counting.operationCount).toBeGreaterThan(3);
    for (let n = 1; n <= counting.operationCount; n++) {
      const code = (['EIO', 'ENOSPC', 'EACCES', 'EMFILE'] as const)[n % 4]!;
      const folder = testFolder();
      const disk = failingDisk(n, code);
      const failure = await work(folder, testContext({ disk })).then(
        () => new Error(`operation ${n} failed unnoticed`),
        (error) => error,
      );
      expect([n, failure]).toEqual([n, expect.objectContaining({ name: 'DataError', code: expectedCode[code] })]);
      expect(failure.details.path).toEqual(expect.any(String));
      expect(failure.message).toContain(failure.details.path);
      if (code === 'ENOSPC') expect(failure.details.freeBytes).toEqual(expect.any(Number));
      // Once renamed a file is whole; before that, nothing is there.
      for (const name of readdirSync(folder)) expect(files).toContain(name);
    }
  });
});

describe('a file written whole', () => {
  it('appears with all of its bytes or not at all, and leaves no partial name', async () => {
    const folder = testFolder();
    const path = join(folder, 'a');
    const writer = await writeFileWhole(systemDisk, path, 'task');
    await writer.write(Uint8Array.of(1, 2));
    expect(readdirSync(folder)).toEqual(['a.task.partial']);
    await writer.finish();
    expect(readdirSync(folder)).toEqual(['a']);
    const second = await writeFileWhole(systemDisk, join(folder, 'b'), 'task');
    await second.write(Uint8Array.of(1));
    await second.discard();
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('onto a device that is full says so', async () => {
    const disk = { ...systemDisk, create: async () => (await import('node:fs/promises')).open('/dev/full', 'w') };
    const path = join(testFolder(), 'a');
    const writer = await writeFileWhole(disk, path, 'task');
    await expect(writer.write(new Uint8Array(8192))).rejects.toMatchObject({
      code: 'disk-full',
      details: { path, freeBytes: expect.any(Number) },
    });
  });

  it('into a folder that is not there, or under a name that is taken, is refused', async () => {
    const folder = testFolder();
    await expect(writeFileWhole(systemDisk, join(folder, 'no', 'a'), 'task')).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(writeFileWhole(systemDisk, `${folder}/\0`, 'task')).rejects.toThrow();
  });
});

/** A file system of its own of `bytes`; undefined where this process may not mount one. */
function smallDisk(bytes: number, options = ''): string | undefined {
  const folder = testFolder();
  const target = join(folder, 'disk');
  mkdirSync(target);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}${options}`, 'tmpfs', target], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', target]));
  return target;
}

const canMount = (() => {
  try {
    execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
})();

describe.skipIf(!canMount)('on a real disk that is full or read-only [F54, F55]', () => {
  const large = `mobile,city\n${Array.from({ length: 100_000 }, (_, i) => `${13_800_000_000 + i},${'abcdefghij'[i % 10]}${(i * 2_654_435_761) % 1e9}`).join('\n')}\n`;
  /** Says that there is room, so that the disk itself has to. */
  const blind = { ...systemDisk, freeBytes: async () => Number.MAX_SAFE_INTEGER };

  it('DuckDB and we alike say so, and nothing has the final name', async () => {
    for (const bytes of [64 * 1024, 512 * 1024, 2 * 1024 * 1024, 3 * 1024 * 1024]) {
      const disk = smallDisk(bytes)!;
      const path = join(testFolder(), 'people.csv');
      writeFileSync(path, large);
      const scratch = join(disk, 'scratch');
      mkdirSync(scratch);
      const failure = await importDataset(
        { path, folder: join(disk, 'dataset'), ...given },
        testContext({ disk: blind, folder: scratch }),
      ).catch((error) => error);
      expect([bytes, failure]).toEqual([bytes, expect.objectContaining({ code: 'disk-full' })]);
      expect(existsSync(join(disk, 'dataset', 'rows.parquet'))).toBe(false);
    }
  });

  it('a dataset folder on a read-only disk is named', async () => {
    const disk = smallDisk(1024 * 1024, ',ro')!;
    const path = join(testFolder(), 'people.csv');
    writeFileSync(path, text);
    await expect(importDataset({ path, folder: join(disk, 'dataset'), ...given }, testContext())).rejects.toMatchObject(
      { code: 'read-only' },
    );
  });
});
