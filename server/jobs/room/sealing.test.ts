import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Layout, manifestDigest, type RoomManifest, type TableManifest } from '@causeway/core/applications/room';
import { bytesToHex } from '@causeway/core/bytes';
import { generateKemKeyPair } from '@causeway/core/crypto';
import { SeededRandom } from '@causeway/core/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinkError } from '../../link/index.ts';
import { channelPair } from '../match/testing/channels.ts';
import { openWorkFolder, type WorkFolder } from '../work/index.ts';
import { openTable, sealTable } from './sealing.ts';
import { receivedUpload, receiveUpload, sendUpload } from './upload.ts';

const room = generateKemKeyPair(new SeededRandom('room'));
const layout: Layout = {
  table: 'crm',
  person: 'person',
  rows: 'person',
  pseudonyms: 1,
  columns: [{ kind: 'code', name: 'city', values: ['north'], isNullable: false }],
  rowBytes: 18,
  chunkRows: 4,
};
const rowCount = 10;
const rows = new SeededRandom('rows').bytes(rowCount * layout.rowBytes);
const about = {
  version: 1,
  upload: 'a'.repeat(32),
  room: 'job-1',
  agreement: 'b'.repeat(64),
  contributor: 'brand',
  keyId: 'c'.repeat(16),
  exchanges: [],
} as const;

let folder: string;
let work: WorkFolder;
let manifest: RoomManifest;
let sealed: Buffer;
let places = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-sealing-'));
  work = await openWorkFolder(join(folder, 'contributor'));
  await writeFile(work.path('rows'), rows);
  manifest = await seal(work, 'sealed');
  sealed = await readFile(work.path('sealed'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function seal(into: WorkFolder, name: string, count = rowCount): Promise<RoomManifest> {
  const whole = { ...about, exchanges: [] };
  const table = await sealTable({
    work: into,
    files: { rows: 'rows', sealed: name },
    layout,
    about: whole,
    recipient: room.publicKey,
    rows: count,
    random: new SeededRandom(name),
    onProgress: () => {},
  });
  return { ...whole, tables: [table] };
}

/** What the room makes of these bytes under this manifest. @returns the rows, or the code of the refusal. */
async function opened(bytes: Uint8Array, of: RoomManifest = manifest, recipient = room): Promise<Uint8Array | string> {
  const place = await openWorkFolder(join(folder, `place-${places++}`));
  await writeFile(place.path('sealed'), bytes);
  try {
    await openTable(place, { sealed: 'sealed', rows: 'opened' }, { manifest: of, layout, recipient });
    return new Uint8Array(await readFile(place.path('opened')));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('an upload', () => {
  it('comes out as it went in', async () => {
    expect(bytesToHex((await opened(sealed)) as Uint8Array)).toBe(bytesToHex(rows));
    expect(manifest.tables).toMatchObject([{ table: 'crm', rows: rowCount, chunks: 3, chunkRows: 4 }]);
  });

  it('of no rows is one chunk, which holds the salt', async () => {
    const place = await openWorkFolder(join(folder, 'empty'));
    await writeFile(place.path('rows'), '');
    const none = await seal(place, 'sealed', 0);
    expect(none.tables[0]!.chunks).toBe(1);
    expect(await opened(await readFile(place.path('sealed')), none)).toEqual(new Uint8Array(0));
  });

  it('[F36] is refused with any byte changed', async () => {
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed);
      changed[at]! ^= 1;
      expect(await opened(changed), `byte ${at}`).toBe('upload-refused');
    }
  });

  it('[F36] is refused with chunks that are swapped, repeated, of another upload, or missing', async () => {
    const chunkBytes = 4 * 18 + 16;
    const first = sealed.subarray(0, chunkBytes + 32);
    const second = sealed.subarray(chunkBytes + 32, 2 * chunkBytes + 32);
    const third = sealed.subarray(2 * chunkBytes + 32);
    expect(await opened(Buffer.concat([first, second, second]).subarray(0, sealed.length))).toBe('upload-refused');
    expect(await opened(Buffer.concat([first, third, second]))).toBe('upload-refused');
    expect(await opened(Buffer.concat([first, second]))).toBe('short-read');
    await seal(work, 'other');
    const other = await readFile(work.path('other'));
    expect(await opened(Buffer.concat([first, other.subarray(chunkBytes + 32)]))).toBe('upload-refused');
    expect(await opened(other)).toBe('upload-refused');
  });

  it('[F36] is refused under a manifest with any field changed, and under another room’s key', async () => {
    const ofTable = (change: Partial<TableManifest>) => ({ tables: [{ ...manifest.tables[0]!, ...change }] });
    const exchange = { form: 'phone', client: 'a', table: 'crm', server: 'b' };
    const changes: Partial<RoomManifest>[] = [
      { upload: 'd'.repeat(32) },
      { room: 'job-2' },
      { agreement: 'd'.repeat(64) },
      { contributor: 'media' },
      ofTable({ table: 'users' }),
      { tables: [] },
      { keyId: 'd'.repeat(16) },
      { exchanges: [{ ...exchange, root: 'e'.repeat(64), transcript: 'e'.repeat(64) }] },
      ofTable({ rows: rowCount - 1 }),
      ofTable({ rows: rowCount + 1 }),
      ofTable({ chunks: 4 }),
      ofTable({ chunkRows: 5 }),
      ofTable({ commitment: 'd'.repeat(64) }),
      ofTable({ enc: '0'.repeat(64) }),
      ofTable({ enc: bytesToHex(generateKemKeyPair(new SeededRandom('x')).publicKey) }),
      ofTable({ sealedRoot: 'd'.repeat(64) }),
    ];
    for (const change of changes) {
      const wrong = { ...manifest, ...change };
      expect(await opened(sealed, wrong), JSON.stringify(change)).toMatch(/^(upload-refused|short-read)$/);
      expect(manifestDigest(wrong)).not.toBe(manifestDigest(manifest));
    }
    expect(await opened(sealed, manifest, generateKemKeyPair(new SeededRandom('other')))).toBe('upload-refused');
  });

  it('that is sealed again shares no byte with the first: another context, another salt', async () => {
    const again = await seal(work, 'again');
    const bytes = await readFile(work.path('again'));
    for (const field of ['enc', 'commitment'] as const)
      expect(again.tables[0]![field]).not.toBe(manifest.tables[0]![field]);
    const same = [...bytes].filter((byte, i) => byte === sealed[i]).length;
    expect(same).toBeLessThan(bytes.length / 16);
  });
});

describe('on its way', () => {
  const signal = new AbortController().signal;
  const options = (of: WorkFolder) => ({ work: of, sealed: 'sealed', layout, silenceMs: 10_000, onProgress: () => {} });

  async function attempt(
    place: WorkFolder,
    cutAfter?: number,
    accept = async (_: RoomManifest) => {},
  ): Promise<unknown[]> {
    const [here, there] = channelPair(cutAfter);
    const ends = await Promise.allSettled([
      sendUpload(options(work), manifest, here, signal).finally(() => here.close()),
      receiveUpload(options(place), accept, there, signal).finally(() => there.close()),
    ]);
    return ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  }

  it('[F37, F51] arrives whole, whichever message the channel is cut at', async () => {
    for (let cutAfter = 0; cutAfter <= 6; cutAfter++) {
      const place = await openWorkFolder(join(folder, `cut-${cutAfter}`));
      const failed = await attempt(place, cutAfter);
      for (const error of failed) expect(error).toBeInstanceOf(LinkError);
      expect(await attempt(place)).toEqual([]);
      expect(Buffer.compare(await readFile(place.path('sealed')), sealed)).toBe(0);
      expect(await receivedUpload(place, 'sealed')).toEqual(manifest);
    }
  });

  it('[F30] is not read further where its manifest is not the one that was announced', async () => {
    const place = await openWorkFolder(join(folder, 'refused'));
    const failed = await attempt(place, undefined, async () => {
      throw Object.assign(new Error('no'), { code: 'commitment' });
    });
    expect(failed).toContainEqual(expect.objectContaining({ code: 'commitment' }));
    expect(await receivedUpload(place, 'sealed')).toBeUndefined();
  });

  it('[F22] chunks that are early or of another length end it', async () => {
    const place = await openWorkFolder(join(folder, 'lengths'));
    const [here, there] = channelPair(undefined, (message, from) =>
      from === 0 && message[0] === 2 ? message.slice(0, -1) : message,
    );
    const ends = await Promise.allSettled([
      sendUpload(options(work), manifest, here, signal).finally(() => here.close()),
      receiveUpload(options(place), async () => {}, there, signal).finally(() => there.close()),
    ]);
    expect(ends[1]).toMatchObject({ status: 'rejected', reason: { code: 'malformed-message' } });
  });
});
