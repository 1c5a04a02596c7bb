import { uploadPieceBytes } from '@causeway/core/api';
import { ApiError } from '@causeway/sdk';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, type SendProgress, type SentFile, sendFile, type Upload } from './send-file.ts';

const piece = uploadPieceBytes;

function fileOf(bytes: Uint8Array<ArrayBuffer>, more: Partial<SentFile> = {}): SentFile {
  return {
    ...{ name: 'crm.csv', size: bytes.length, lastModified: 5 },
    slice: (from, to) => ({ arrayBuffer: async () => bytes.slice(from, to).buffer }),
    ...more,
  };
}

const failure = (code: string) =>
  new ApiError({ type: '', title: '', status: 0, code, detail: '' } as ConstructorParameters<typeof ApiError>[0]);

/** A node that keeps what it is sent, and fails where it is told to. */
class FakeUploads {
  readonly kept: Uint8Array[] = [];
  readonly begun: Upload[] = [];
  /** By number of the call to `put`: what happens instead. */
  readonly instead = new Map<number, () => void>();
  #puts = 0;

  list = async () => ({ items: this.begun.map((one) => this.#view(one)), pieceBytes: piece });

  begin = async ({ name, bytes, fingerprint }: { name: string; bytes: number; fingerprint: string }) => {
    const upload = { id: `up-${this.begun.length}`, name, bytes, received: 0, fingerprint } as Upload;
    this.begun.push(upload);
    return upload;
  };

  put = async ({ bytes }: { bytes: Uint8Array }) => {
    this.instead.get(this.#puts++)?.();
    this.kept.push(bytes);
    return this.#view(this.begun[0]!);
  };

  #view = (upload: Upload): Upload => ({
    ...upload,
    received: this.kept.reduce((sum, { length }) => sum + length, 0),
  });
}

function send(uploads: FakeUploads, file: SentFile, signal = new AbortController().signal) {
  const told: SendProgress[] = [];
  const sent = sendFile({
    uploads: uploads as never,
    file,
    onProgress: (progress) => told.push(progress),
    signal,
    wait: async () => {},
  });
  return { told, sent };
}

const bytes = new Uint8Array(2 * piece + 7).map((_, i) => i % 251);

describe('a file on its way', () => {
  it.each([7, piece, piece + 1, 2 * piece + 7])('of %d bytes arrives whole', async (size) => {
    const uploads = new FakeUploads();
    const { sent, told } = send(uploads, fileOf(bytes.slice(0, size)));
    expect((await sent).received).toBe(size);
    const arrived = uploads.kept.flatMap((one) => [...one]);
    expect(arrived.findIndex((byte, i) => byte !== bytes[i])).toBe(-1);
    expect(told.at(-1)).toEqual({ sent: size, isWaiting: false });
  });

  it('[F111] goes on where the node was, when it comes back', async () => {
    const uploads = new FakeUploads();
    uploads.instead.set(1, () => {
      throw failure('unreachable');
    });
    const { sent, told } = send(uploads, fileOf(bytes));
    expect((await sent).received).toBe(bytes.length);
    expect(uploads.begun).toHaveLength(1);
    expect(uploads.kept).toHaveLength(3);
    expect(told.filter(({ isWaiting }) => isWaiting)).toEqual([{ sent: piece, isWaiting: true }]);
  });

  it('[F111] chosen again on a new page, sends what was missing and nothing else', async () => {
    const uploads = new FakeUploads();
    const closed = new AbortController();
    uploads.instead.set(1, () => {
      closed.abort();
      throw failure('unreachable');
    });
    await expect(send(uploads, fileOf(bytes), closed.signal).sent).rejects.toMatchObject({ name: 'AbortError' });
    expect((await send(uploads, fileOf(bytes)).sent).received).toBe(bytes.length);
    expect([uploads.begun.length, uploads.kept.length]).toEqual([1, 3]);
  });

  it('another file of the same name and size is no continuation', async () => {
    const uploads = new FakeUploads();
    await uploads.begin({ name: 'crm.csv', bytes: 10, fingerprint: await fingerprintOf(fileOf(bytes.slice(0, 10))) });
    await send(uploads, fileOf(bytes.slice(1, 11))).sent;
    expect(uploads.begun).toHaveLength(2);
  });

  it.each(['disk-full', 'upload-quota', 'digest-differs', 'forbidden'])(
    'what is refused with %s is told at once',
    async (code) => {
      const uploads = new FakeUploads();
      uploads.instead.set(0, () => {
        throw failure(code);
      });
      await expect(send(uploads, fileOf(bytes)).sent).rejects.toMatchObject({ code });
      expect(uploads.kept).toEqual([]);
    },
  );
});
