/** One attempt to bring the labels to the publisher over one channel; both sides go on from what is durable. */
import { createHash } from 'node:crypto';
import {
  type ActivateMessage,
  decodeActivate,
  encodeActivate,
  type LabelManifest,
  labelsPerChunk,
} from '@causeway/core/applications/activate';
import { canonicalJson, type JsonValue } from '@causeway/core/json';
import { ProtocolError } from '@causeway/core/protocols';
import { haveListNonces, labelBytes, nonceBytes } from '@causeway/core/protocols/opja';
import type { Channel } from '../../link/index.ts';
import { readRows, type WorkFile, type WorkFolder, withFiles } from '../work/index.ts';
import { expected } from './hash-key.ts';

/** Names in the work folder. */
export const labelFiles = { labels: 'labels', held: 'labels.held', manifest: 'labels.manifest' } as const;

export interface LabelExchange {
  readonly work: WorkFolder;
  readonly silenceMs: number;
  readonly onHeard: () => void;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface LabelTalk {
  readonly channel: Channel;
  readonly signal: AbortSignal;
  /** The partner's first message, where it was waited for. */
  readonly first: Uint8Array | undefined;
}

/** Chunks between two points in time at which what arrived is durable. */
const chunksPerCheckpoint = 32;

/** The advertiser's side. Returns when the publisher has all of it. @throws {ProtocolError} {LinkError} */
export async function sendLabels(of: LabelExchange, manifest: LabelManifest, talk: LabelTalk): Promise<void> {
  const { receive, send } = speaker(of, talk);
  const chunks = chunkCount(manifest);
  await send({ type: 'manifest', manifest });
  const { held } = expected(await receive(), 'held');
  if (held > chunks) throw new ProtocolError('wrong-count', 'the publisher claims to hold more than there is');
  await withFiles(of.work, { labels: labelFiles.labels }, async ({ labels }) => {
    for (let index = held; index < chunks; index++) {
      const { at, bytes } = extent(manifest, index);
      await send({ type: 'chunk', index, labels: await labels.read(at, bytes) });
      of.onProgress({ done: index + 1, total: chunks });
    }
  });
  expected(await receive(), 'received');
}

/**
 * The publisher's side. Returns when all labels are checked and on the disk.
 * @param check refuses a manifest of another match than was agreed. @throws {ProtocolError} {LinkError}
 */
export async function receiveLabels(
  of: LabelExchange,
  check: (manifest: LabelManifest) => void,
  talk: LabelTalk,
): Promise<LabelManifest> {
  const { work, onProgress } = of;
  const { receive, send } = speaker(of, talk);
  let held = await readHeld(work);
  await send({ type: 'held', held });
  const { manifest } = expected(await receive(), 'manifest');
  check(manifest);
  await keepManifest(work, manifest);
  const chunks = chunkCount(manifest);
  await withFiles(work, { labels: labelFiles.labels }, async ({ labels }) => {
    for (; held < chunks; held++) {
      const chunk = expected(await receive(), 'chunk');
      const { at, bytes } = extent(manifest, held);
      if (chunk.index !== held) throw new ProtocolError('wrong-order', `expected chunk ${held}, got ${chunk.index}`);
      if (chunk.labels.length !== bytes)
        throw new ProtocolError('wrong-count', `expected ${bytes} bytes in chunk ${held}, got ${chunk.labels.length}`);
      await labels.write(at, chunk.labels);
      if ((held + 1) % chunksPerCheckpoint === 0) await remember(work, labels, held + 1);
      onProgress({ done: held + 1, total: chunks });
    }
    await remember(work, labels, held);
    await requireAgreed(labels, manifest);
  });
  await send({ type: 'received' });
  return manifest;
}

/** The manifest of labels that were sealed, or begun to be received, before a restart perhaps. */
export async function keptManifest(work: WorkFolder): Promise<LabelManifest | undefined> {
  const kept = await work.readSmall(labelFiles.manifest);
  return kept && (JSON.parse(Buffer.from(kept).toString()) as LabelManifest);
}

export async function keepManifest(work: WorkFolder, manifest: LabelManifest): Promise<void> {
  const kept = await keptManifest(work);
  const text = (of: LabelManifest) => canonicalJson(of as unknown as JsonValue);
  if (kept && text(kept) !== text(manifest))
    throw new ProtocolError('transcript', 'the advertiser came back with other labels');
  if (!kept) await work.writeSmall(labelFiles.manifest, Buffer.from(text(manifest)));
}

/** The labels are those of the manifest, and their nonces say nothing. */
async function requireAgreed(labels: WorkFile, { count, digest }: LabelManifest): Promise<void> {
  const [hash, base] = [createHash('sha256'), await labels.read(0, nonceBytes)];
  let first = 0;
  for await (const piece of readRows(labels, labelBytes, count)) {
    if (!haveListNonces(piece, first, base))
      throw new ProtocolError('wrong-order', 'the nonces of the labels do not count their list');
    hash.update(piece);
    first += piece.length / labelBytes;
  }
  if (hash.digest('hex') === digest) return;
  throw new ProtocolError('commitment', 'the labels that came are not those of their manifest');
}

function chunkCount({ count }: LabelManifest): number {
  return Math.ceil(count / labelsPerChunk);
}

function extent({ count }: LabelManifest, index: number): { readonly at: number; readonly bytes: number } {
  const first = index * labelsPerChunk;
  return { at: first * labelBytes, bytes: Math.min(labelsPerChunk, count - first) * labelBytes };
}

function speaker({ silenceMs, onHeard }: LabelExchange, { channel, signal, first }: LabelTalk) {
  let waiting = first;
  return {
    send: (message: ActivateMessage) => channel.send(encodeActivate(message)),
    receive: async () => {
      const bytes = waiting ?? (await channel.receive({ signal, timeoutMs: silenceMs }));
      waiting = undefined;
      onHeard();
      return decodeActivate(bytes);
    },
  };
}

async function readHeld(work: WorkFolder): Promise<number> {
  const kept = await work.readSmall(labelFiles.held);
  return kept ? Number(Buffer.from(kept).toString()) : 0;
}

/** Makes durable what arrived, then says so: never the other way round. */
async function remember(work: WorkFolder, labels: WorkFile, held: number): Promise<void> {
  await labels.sync();
  await work.writeSmall(labelFiles.held, Buffer.from(String(held)));
}
