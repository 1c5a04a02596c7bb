import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, routes, uploadPieceBytes } from '@causeway/core/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../observe/index.ts';
import { type UploadParts, Uploads } from './uploads.ts';

const piece = uploadPieceBytes;
const dayMs = 24 * 3600_000;
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const fingerprint = '0'.repeat(64);

let folder: string;
let wallMs: number;
let sweeps: (() => void)[];
let opened: Uploads[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causeway-uploads-'));
  wallMs = Date.UTC(2026, 2, 1);
  sweeps = [];
  opened = [];
});
afterEach(async () => {
  for (const uploads of opened) uploads.close();
  await rm(folder, { recursive: true });
});

/** As a node opens them when it starts. */
async function open(more: Partial<UploadParts> = {}): Promise<Uploads> {
  const uploads = new Uploads({
    folder: join(folder, 'uploads'),
    clock: {
      nowMs: () => 0,
      wallMs: () => wallMs,
      after: (_, action) => {
        sweeps.push(action);
        return () => {};
      },
    },
    log: createLog({ now: () => 0, stderrLevel: 'silent' }),
    bytesMax: async () => 1e9,
    ...more,
  });
  opened.push(uploads);
  await uploads.open();
  return uploads;
}

const begin = (uploads: Uploads, bytes: number, name = 'crm.csv') =>
  uploads.begin({ name, bytes, fingerprint, user: 'ada' });
const put = (uploads: Uploads, id: string, number: number, bytes: Uint8Array) =>
  uploads.put(id, number, { bytes, digest: digestOf(bytes) });
const held = () => readdir(join(folder, 'uploads')).catch(() => []);

describe('an upload', () => {
  it('is the file, byte for byte, under its own name', async () => {
    const uploads = await open();
    const file = randomBytes(2 * piece + 5);
    const { id } = await begin(uploads, file.length, '客户 𠮷.csv');
    await put(uploads, id, 0, file.subarray(0, piece));
    expect(uploads.list()[0]).toMatchObject({ received: piece, path: undefined });
    await put(uploads, id, 1, file.subarray(piece, 2 * piece));
    const { path } = await put(uploads, id, 2, file.subarray(2 * piece));
    expect(path).toMatch(/客户 𠮷\.csv$/);
    expect((await readFile(path!)).equals(file)).toBe(true);
  });

  it.each([piece - 1, piece, piece + 1])('of %d bytes has as many pieces as it needs', async (bytes) => {
    const uploads = await open();
    const file = randomBytes(bytes);
    const { id } = await begin(uploads, bytes);
    for (let at = 0; at * piece < bytes; at++) await put(uploads, id, at, file.subarray(at * piece, (at + 1) * piece));
    expect((await readFile(uploads.list()[0]!.path!)).equals(file)).toBe(true);
  });

  it('[F111] goes on after the node was stopped in the middle of a piece: what was torn is cut off', async () => {
    const before = await open();
    const file = randomBytes(piece + 10);
    const { id } = await begin(before, file.length);
    await put(before, id, 0, file.subarray(0, piece));
    await appendFile(join(folder, 'uploads', id, 'file', 'crm.csv'), randomBytes(7));
    const after = await open();
    expect(after.list()).toMatchObject([{ id, received: piece, name: 'crm.csv', startedBy: 'ada', fingerprint }]);
    const { path } = await put(after, id, 1, file.subarray(piece));
    expect((await readFile(path!)).equals(file)).toBe(true);
    expect((await open()).list()).toMatchObject([{ received: file.length, path }]);
  });

  it('[F111] takes a piece that two tabs send once', async () => {
    const uploads = await open();
    const file = randomBytes(piece + 1);
    const { id } = await begin(uploads, file.length);
    const sent = [0, 0].map(() => put(uploads, id, 0, file.subarray(0, piece)).catch(({ code }) => code));
    expect((await Promise.all(sent)).filter((outcome) => outcome !== 'piece-out-of-order')).toHaveLength(1);
    expect(await put(uploads, id, 0, file.subarray(0, piece))).toMatchObject({ received: piece });
    const { path } = await put(uploads, id, 1, file.subarray(piece));
    expect((await readFile(path!)).equals(file)).toBe(true);
  });

  it.each([
    ['out of order', 1, (file: Buffer) => file.subarray(piece), 'piece-out-of-order'],
    ['behind the end', 9, (file: Buffer) => file.subarray(0, 1), 'piece-out-of-order'],
    ['that is too short', 0, (file: Buffer) => file.subarray(0, piece - 1), 'digest-differs'],
    ['that is too long', 0, (file: Buffer) => file, 'digest-differs'],
  ])('refuses a piece %s, and keeps what it had', async (_, number, bytesOf, code) => {
    const uploads = await open();
    const file = randomBytes(piece + 3);
    const { id } = await begin(uploads, file.length);
    await expect(put(uploads, id, number, bytesOf(file))).rejects.toMatchObject({ code });
    expect(uploads.list()).toMatchObject([{ received: 0 }]);
  });

  it('refuses a piece that changed on its way', async () => {
    const uploads = await open();
    const { id } = await begin(uploads, 4);
    const sent = { bytes: Buffer.from('abcd'), digest: digestOf(Buffer.from('abce')) };
    await expect(uploads.put(id, 0, sent)).rejects.toMatchObject({ code: 'digest-differs' });
    expect(uploads.list()).toMatchObject([{ received: 0 }]);
  });

  it('[F12] is refused where the disk has no room for it, with the bytes that are needed and free', async () => {
    const uploads = await open({ freeBytes: async () => 300_000_000 });
    await begin(uploads, 20_000_000);
    const refusal = begin(uploads, 20_000_000, 'other.csv');
    await expect(refusal).rejects.toMatchObject({ code: 'disk-full', message: expect.stringContaining('300000000') });
    expect(await held()).toHaveLength(1);
  });

  it('is refused where too much waits already, and not any more once that was taken in', async () => {
    const uploads = await open({ bytesMax: async () => 10 });
    const { id } = await begin(uploads, 8);
    await expect(begin(uploads, 8)).rejects.toMatchObject({ code: 'upload-quota' });
    const { path } = await put(uploads, id, 0, Buffer.from('8 bytes.'));
    await uploads.taken('/elsewhere/crm.csv');
    expect(uploads.list()).toHaveLength(1);
    await uploads.taken(path!);
    expect([uploads.list(), await held()]).toEqual([[], []]);
    await begin(uploads, 8);
  });

  it('is removed when nobody took it in for a week, and by whoever asks for it', async () => {
    const uploads = await open();
    await begin(uploads, 8);
    wallMs += 6 * dayMs;
    const { id } = await begin(uploads, 9);
    wallMs += 2 * dayMs;
    sweeps.at(-1)!();
    await expect.poll(held).toEqual([id]);
    await uploads.remove(id);
    await expect(uploads.remove(id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await held()).toEqual([]);
  });

  it('leaves nothing of a folder that is none of its own', async () => {
    await mkdir(join(folder, 'uploads', 'up-broken'), { recursive: true });
    await writeFile(join(folder, 'uploads', 'up-broken', 'upload.json'), '{"id":"../../escape","name":"x"}');
    expect((await open()).list()).toEqual([]);
    expect(await held()).toEqual([]);
  });
});

describe('[F66] the name of a file that is sent', () => {
  const ask = (name: string) => check(routes['upload.begin'].body, { name, bytes: 1, fingerprint }).ok;

  it.each([
    '../crm.csv',
    '/etc/passwd',
    'a/b.csv',
    'a\\b.csv',
    '..',
    '.hidden',
    'crm.csv.',
    'C:crm.csv',
    'crm\u0000.csv',
    'crm\u202evsc.exe',
    'what?.csv',
    ' crm.csv',
    '',
    '客'.repeat(100),
  ])('%j is refused', (name) => expect(ask(name)).toBe(false));

  it.each(['crm.csv', '客户 2026-03.xlsx', '𠮷😀.csv.gz', "it's (1).parquet"])('%j is taken', (name) =>
    expect(ask(name)).toBe(true),
  );
});
