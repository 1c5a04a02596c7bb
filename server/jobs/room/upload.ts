/** Sealed chunks on their way to the room, one attempt over one channel; both ends go on from what is durable. */
import {
  decodeUpload,
  encodeUpload,
  type Layout,
  type RoomManifest,
  type TableManifest,
  type UploadMessage,
} from '@causeway/core/applications/room';
import { ProtocolError } from '@causeway/core/protocols';
import type { Channel } from '../../link/index.ts';
import { type Chunks, sealedExtent } from '../sealed/index.ts';
import { type WorkFile, type WorkFolder, withFiles } from '../work/index.ts';

export interface ReceiveOptions extends UploadOptions {
  /** Chunks between two points in time at which what arrived is durable; as many as is good, unless a test has few. */
  readonly checkpointChunks?: number;
}

export interface UploadOptions {
  readonly work: WorkFolder;
  /** Name of the sealed chunks in the work folder. */
  readonly sealed: string;
  readonly layout: Layout;
  readonly silenceMs: number;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

const chunksPerCheckpoint = 32;

/** @param place of the table in the terms. */
export function uploadChannel(job: string, place: number): string {
  return `upload/${job}/${place}`;
}

/** A contributor's side, for one table. Returns when the room has all of it on its disk. @throws {ProtocolError} {LinkError} */
export async function sendUpload(
  { work, sealed: name, layout, silenceMs, onProgress }: UploadOptions,
  manifest: RoomManifest,
  channel: Channel,
  signal: AbortSignal,
): Promise<void> {
  await closingOn(signal, channel, () =>
    withFiles(work, { sealed: name }, async ({ sealed }) => {
      const receive = async () => decodeUpload(await channel.receive({ signal, timeoutMs: silenceMs }));
      await channel.send(encodeUpload({ type: 'manifest', manifest }));
      const held = expect(await receive(), 'held');
      const table = tableOf(manifest, layout);
      if (held.chunks > table.chunks)
        throw new ProtocolError('wrong-count', 'the room claims to hold more than there is');
      const cut = cutOf(table, layout);
      for (let index = held.chunks; index < table.chunks; index++) {
        signal.throwIfAborted();
        const { at, bytes } = sealedExtent(cut, index);
        await channel.send(encodeUpload({ type: 'chunk', index, sealed: await sealed.read(at, bytes) }));
        onProgress({ done: index + 1, total: table.chunks });
      }
      expect(await receive(), 'received');
    }),
  );
}

/** The manifest of an upload that has come in whole, before a restart perhaps. */
export async function receivedUpload(work: WorkFolder, sealed: string): Promise<RoomManifest | undefined> {
  const kept = await work.readSmall(`${sealed}.manifest`);
  return kept && (JSON.parse(Buffer.from(kept).toString()) as RoomManifest);
}

/**
 * The room's side: waits for the contributor. Returns the manifest when all chunks are durable; they are not opened here.
 * @param accept holds the manifest against the terms and the ledger, before anything else of the upload is read.
 * @throws {ProtocolError} {LinkError}
 */
export async function receiveUpload(
  { work, sealed: name, layout, silenceMs, onProgress, checkpointChunks = chunksPerCheckpoint }: ReceiveOptions,
  accept: (manifest: RoomManifest) => Promise<void>,
  channel: Channel,
  signal: AbortSignal,
): Promise<RoomManifest> {
  return closingOn(signal, channel, async () => {
    const { manifest } = expect(decodeUpload(await channel.receive({ signal })), 'manifest');
    await accept(manifest);
    return withFiles(work, { sealed: name }, async ({ sealed }) => {
      const table = tableOf(manifest, layout);
      const cut = cutOf(table, layout);
      let held = await readHeld(work, name);
      await channel.send(encodeUpload({ type: 'held', chunks: held }));
      for (; held < table.chunks; held++) {
        const chunk = expect(decodeUpload(await channel.receive({ signal, timeoutMs: silenceMs })), 'chunk');
        const { at, bytes } = sealedExtent(cut, held);
        if (chunk.index !== held)
          throw new ProtocolError('wrong-order', `expected chunk ${held} of the upload, got ${chunk.index}`);
        if (chunk.sealed.length !== bytes)
          throw new ProtocolError(
            'wrong-count',
            `expected ${bytes} bytes in chunk ${held}, got ${chunk.sealed.length}`,
          );
        await sealed.write(at, chunk.sealed);
        if ((held + 1) % checkpointChunks === 0) await remember(work, name, sealed, held + 1);
        onProgress({ done: held + 1, total: table.chunks });
      }
      await remember(work, name, sealed, held);
      await work.writeSmall(`${name}.manifest`, Buffer.from(JSON.stringify(manifest)));
      await channel.send(encodeUpload({ type: 'received' }));
      return manifest;
    });
  });
}

/** @throws {ProtocolError} `wrong-plan` for a manifest without that table. */
function tableOf({ tables }: RoomManifest, { table }: Layout): TableManifest {
  const found = tables.find((one) => one.table === table);
  if (found) return found;
  throw new ProtocolError('wrong-plan', `the upload has no table ${table}`);
}

function cutOf({ rows, chunkRows }: TableManifest, { rowBytes }: Layout): Chunks {
  return { rows, chunkRows, rowBytes };
}

function expect<Type extends UploadMessage['type']>(
  message: UploadMessage,
  type: Type,
): Extract<UploadMessage, { readonly type: Type }> {
  if (message.type === type) return message as Extract<UploadMessage, { readonly type: Type }>;
  throw new ProtocolError('wrong-order', `expected ${type} of the upload, got ${message.type}`);
}

async function readHeld(work: WorkFolder, name: string): Promise<number> {
  const kept = await work.readSmall(`${name}.held`);
  return kept ? Number(Buffer.from(kept).toString()) : 0;
}

/** Makes durable what arrived, then says so: never the other way round. */
async function remember(work: WorkFolder, name: string, sealed: WorkFile, held: number): Promise<void> {
  await sealed.sync();
  await work.writeSmall(`${name}.held`, Buffer.from(String(held)));
}

/** A message that waits for room hears of no signal, but of the channel's end. */
async function closingOn<T>(signal: AbortSignal, channel: Channel, work: () => Promise<T>): Promise<T> {
  const close = () => channel.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', close);
  }
}
