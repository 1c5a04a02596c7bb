import { createHash } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../testing/context.ts';
import { makeZip, type ZipMember } from '../testing/zip.ts';
import { detectEncoding } from './encoding.ts';
import { limits } from './limits.ts';
import { openSource } from './source.ts';
import { openContent } from './unpack.ts';

const table = 'mobile,city\n13800138000,上海\n';

async function unpack(bytes: Uint8Array): Promise<{ text: string; sha256: string; unpackedBytes: number }> {
  const path = join(testFolder(), 'packed');
  writeFileSync(path, bytes);
  const source = await openSource(path);
  try {
    const content = await openContent(source);
    if (content.kind !== 'text') throw new Error(`expected text, got ${content.kind}`);
    const reader = content.text.read();
    const parts: Buffer[] = [];
    let unpackedBytes = 0;
    for await (const part of reader.chunks) {
      unpackedBytes += part.length;
      if (unpackedBytes < 1e6) parts.push(Buffer.from(part));
    }
    return { text: Buffer.concat(parts).toString('utf8'), sha256: await reader.digest(), unpackedBytes };
  } finally {
    await source.close();
  }
}

const refused = (code: string) => expect.objectContaining({ code });
const zipped = (...members: ZipMember[]) => unpack(makeZip(members));

describe('a packed table', () => {
  it('comes out of gzip, of several members too, and the hash is of the packed file', async () => {
    const bytes = Buffer.concat([gzipSync(table), gzipSync('13800138001,北京\n')]);
    expect(await unpack(bytes)).toMatchObject({
      text: `${table}13800138001,北京\n`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it.each([0, 8] as const)('comes out of a zip packed by method %i, beside what archivers add', async (method) => {
    const result = await zipped(
      { name: '__MACOSX/._people.csv', data: 'x' },
      { name: 'export/', data: '' },
      { name: 'export/会员.csv', data: table, method },
      { name: 'export/.DS_Store', data: 'y' },
    );
    expect(result.text).toBe(table);
  });

  it('truncated or corrupt is said to be damaged', async () => {
    const packed = gzipSync(table.repeat(1000));
    await expect(unpack(packed.subarray(0, packed.length - 9))).rejects.toThrow(refused('archive-damaged'));
    const zip = makeZip([{ name: 'a.csv', data: table }]);
    await expect(unpack(zip.subarray(0, zip.length - 3))).rejects.toThrow(refused('archive-damaged'));
    await expect(zipped({ name: 'a.csv', data: table, checksum: 1 })).rejects.toThrow(refused('archive-damaged'));
    await expect(zipped({ name: 'a.csv', data: table, declaredBytes: 3 })).rejects.toThrow(refused('archive-damaged'));
  });
});

describe('an archive that was made to harm [F13]', () => {
  const zeros = 'a'.repeat(1024 * 1024);

  it('is stopped where it expands more than 100:1, after little more than 100 MB', async () => {
    const bomb = gzipSync(Buffer.alloc(110 * 1024 * 1024, 0x61), { level: 1 });
    const failure = await unpack(bomb).catch((error) => error);
    expect(failure).toMatchObject({ code: 'archive-bomb', details: { limit: 100 } });
    const stoppedAfter = Number(/Stopped after (\d+) MB/.exec(failure.message)![1]);
    expect(stoppedAfter).toBeGreaterThanOrEqual(100);
    expect(stoppedAfter).toBeLessThan(110);
    await expect(zipped({ name: 'a.csv', data: zeros.repeat(110) })).rejects.toThrow(refused('archive-bomb'));
  });

  it('below 100 MB may expand as it likes', async () => {
    expect((await unpack(gzipSync(`id\n${zeros.repeat(20)}`))).unpackedBytes).toBe(20 * 1024 * 1024 + 3);
  });

  it.each(['../people.csv', '/etc/people.csv', 'C:\\people.csv', 'a\\..\\people.csv', 'CON', 'data/nul.csv'])(
    'with a file named %j is refused whole',
    async (name) => {
      await expect(zipped({ name: 'people.csv', data: table }, { name, data: 'x' })).rejects.toThrow(
        refused('archive-refused'),
      );
    },
  );

  it('with more entries than the limit is refused before they are listed', async () => {
    const members = Array.from({ length: limits.workbookEntries + 1 }, (_, i) => ({
      name: `${i}.csv`,
      data: '',
      method: 0 as const,
    }));
    await expect(zipped(...members)).rejects.toThrow(refused('archive-refused'));
  });

  it.each([
    ['gzip in gzip', () => unpack(gzipSync(gzipSync(table)))],
    ['zip in zip', () => zipped({ name: 'a.zip', data: makeZip([{ name: 'a.csv', data: table }]) })],
    ['Parquet in gzip', () => unpack(gzipSync('PAR1xxxx'))],
  ])('%s is refused', async (_, open) => {
    await expect(open()).rejects.toThrow(refused('archive-refused'));
  });

  it('with two tables, none, a password or a rare method is refused', async () => {
    await expect(zipped({ name: 'a.csv', data: table }, { name: 'b.csv', data: table })).rejects.toThrow(
      refused('archive-refused'),
    );
    await expect(zipped()).rejects.toThrow(refused('archive-refused'));
    await expect(zipped({ name: 'a.csv', data: table, flags: 0x801 })).rejects.toThrow(refused('archive-refused'));
    await expect(zipped({ name: 'a.csv', data: table, method: 99 })).rejects.toThrow(refused('archive-refused'));
  });
});

describe('what is no table', () => {
  it.each([
    ['', 'empty'],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old Excel', 'unknown-format'],
    ['\x28\xb5\x2f\xfd zstd', 'unknown-format'],
    ['%PDF-1.7', 'unknown-format'],
    [`${'x'.repeat(257)}ustar`, 'unknown-format'],
  ])('%j is %s', async (bytes, code) => {
    await expect(unpack(Buffer.from(bytes, 'latin1'))).rejects.toThrow(refused(code));
  });

  it('a sparse file of a terabyte is looked at, not read through [F12]', async () => {
    const path = join(testFolder(), 'sparse.csv');
    writeFileSync(path, 'mobile\n13800138000\n');
    truncateSync(path, 2 ** 40);
    const source = await openSource(path);
    const content = await openContent(source);
    if (content.kind !== 'text') throw new Error(`expected text, got ${content.kind}`);
    expect(() => detectEncoding(content.text.head, path, { whole: false })).toThrow(refused('unknown-format'));
    await source.close();
  });

  it('a folder and a device are not read, a file that is not there is named', async () => {
    await expect(openSource('/dev/null')).rejects.toThrow(refused('not-a-file'));
    await expect(openSource(testFolder())).rejects.toThrow(refused('not-a-file'));
    await expect(openSource(join(testFolder(), 'people.csv'))).rejects.toThrow(refused('not-found'));
    await expect(openSource(`${testFolder()}/a\0b`)).rejects.toThrow();
  });
});
