/** One attempt at a delivery over one channel; both sides go on from what is durable. */
import {
  chunkBytes,
  type DeliverManifest,
  type DeliverMessage,
  decodeDeliver,
  deliverAad,
  deliverInfo,
  encodeDeliver,
  manifestDigest,
} from '@causeway/core/applications/deliver';
import { saltBytes } from '@causeway/core/applications/room';
import { bytesToHex, hexToBytes } from '@causeway/core/bytes';
import { generateKemKeyPair, HpkeError, type KemKeyPair, setupRecipient, setupSender } from '@causeway/core/crypto';
import { ProtocolError } from '@causeway/core/protocols';
import type { RandomSource } from '@causeway/core/random';
import type { Channel } from '../../link/index.ts';
import {
  aes256Gcm,
  type Chunks,
  chunkCount,
  commitmentOf,
  openChunks,
  sealChunks,
  sealedExtent,
} from '../sealed/index.ts';
import { type WorkFile, type WorkFolder, withFiles } from '../work/index.ts';

/** Names in the work folder. */
export const deliverFiles = {
  /** Lines of values: the provider's, or those that came. */
  lines: 'lines',
  sealed: 'sealed',
  manifest: 'manifest',
  held: 'sealed.held',
  key: 'kem.key',
} as const;

export interface DeliverExchange {
  readonly job: string;
  readonly agreement: string;
  readonly work: WorkFolder;
  readonly random: RandomSource;
  /** Of the own matched keys: see `listDigest`. */
  readonly list: string;
  readonly silenceMs: number;
  readonly onHeard: () => void;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

interface Talk {
  readonly channel: Channel;
  readonly signal: AbortSignal;
  /** The partner's first message, where it was waited for. */
  readonly first: Uint8Array | undefined;
}

/** Chunks between two points in time at which what arrived is durable. */
const chunksPerCheckpoint = 32;

/** The provider's side. Returns when the receiver has all of it. @throws {ProtocolError} {LinkError} */
export async function provide(of: DeliverExchange, talk: Talk): Promise<DeliverManifest> {
  const { work, list, onProgress } = of;
  const { receive, send } = speaker(of, talk);
  await send({ type: 'hello', list });
  const open = expected(await receive(), 'open');
  requireSameList(open.list, list);
  const manifest = (await keptManifest(work)) ?? (await seal(of, hexToBytes(open.recipient)));
  if (manifest.recipient !== open.recipient)
    throw new ProtocolError('wrong-key', 'the receiver came back with another key than this delivery was sealed to');
  const cut = cutOf(manifest);
  const chunks = chunkCount(cut);
  if (open.held > chunks) throw new ProtocolError('wrong-count', 'the receiver claims to hold more than there is');
  await send({ type: 'manifest', manifest });
  await withFiles(work, { sealed: deliverFiles.sealed }, async ({ sealed }) => {
    for (let index = open.held; index < chunks; index++) {
      const { at, bytes } = sealedExtent(cut, index);
      await send({ type: 'chunk', index, sealed: await sealed.read(at, bytes) });
      onProgress({ done: index + 1, total: chunks });
    }
  });
  expected(await receive(), 'received');
  return manifest;
}

/**
 * The receiver's side. Returns when all of it is opened and on the disk, as `lines`.
 * @param take makes rows of the lines, before the provider is told that all is well.
 * @throws {ProtocolError} {LinkError}
 */
export async function take(of: DeliverExchange, talk: Talk, made: () => Promise<void>): Promise<DeliverManifest> {
  const { work, list, onProgress } = of;
  const { receive, send } = speaker(of, talk);
  const pair = await keyPairOf(of);
  let held = await readHeld(work);
  await send({ type: 'open', list, recipient: bytesToHex(pair.publicKey), held });
  requireSameList(expected(await receive(), 'hello').list, list);
  const { manifest } = expected(await receive(), 'manifest');
  requireOwn(manifest, of, pair);
  await keepManifest(work, manifest);
  const cut = cutOf(manifest);
  const chunks = chunkCount(cut);
  await withFiles(work, { sealed: deliverFiles.sealed, lines: deliverFiles.lines }, async ({ sealed, lines }) => {
    for (; held < chunks; held++) {
      const chunk = expected(await receive(), 'chunk');
      const { at, bytes } = sealedExtent(cut, held);
      if (chunk.index !== held) throw new ProtocolError('wrong-order', `expected chunk ${held}, got ${chunk.index}`);
      if (chunk.sealed.length !== bytes)
        throw new ProtocolError('wrong-count', `expected ${bytes} bytes in chunk ${held}, got ${chunk.sealed.length}`);
      await sealed.write(at, chunk.sealed);
      if ((held + 1) % chunksPerCheckpoint === 0) await remember(work, sealed, held + 1);
      onProgress({ done: held + 1, total: chunks });
    }
    await remember(work, sealed, held);
    await open(manifest, { sealed, lines, pair });
  });
  await made();
  await send({ type: 'received' });
  return manifest;
}

/** The manifest of a delivery that was sealed, or begun to be received, before a restart perhaps. */
export async function keptManifest(work: WorkFolder): Promise<DeliverManifest | undefined> {
  const kept = await work.readSmall(deliverFiles.manifest);
  return kept && (JSON.parse(Buffer.from(kept).toString()) as DeliverManifest);
}

/** Seals once: what is sent again is byte for byte the same. */
async function seal(
  { job, agreement, work, random, list }: DeliverExchange,
  recipient: Uint8Array,
): Promise<DeliverManifest> {
  const files = { lines: deliverFiles.lines, sealed: deliverFiles.sealed };
  const manifest = await withFiles(work, files, async ({ lines, sealed }) => {
    const bytes = await lines.size();
    const bound = { version: 1, job, agreement, list, recipient: bytesToHex(recipient), bytes } as const;
    const cut = cutOf(bound);
    const salt = random.bytes(saltBytes);
    const about = { ...bound, commitment: bytesToHex(await commitmentOf(lines, cut, salt)) };
    const { enc, context } = senderContext(deliverInfo({ ...about, enc: '' }), recipient, random);
    await sealChunks({ plain: lines, sealed, cut, salt, context, aad: deliverAad, onProgress: () => {} });
    return { ...about, enc: bytesToHex(enc) };
  });
  await keepManifest(work, manifest);
  return manifest;
}

function senderContext(info: Uint8Array, recipient: Uint8Array, random: RandomSource) {
  try {
    return setupSender({ aead: aes256Gcm, info, recipient }, random);
  } catch (error) {
    if (error instanceof HpkeError) throw new ProtocolError('wrong-key', 'the receiver’s key gives no secret');
    throw error;
  }
}

async function open(
  manifest: DeliverManifest,
  of: { readonly sealed: WorkFile; readonly lines: WorkFile; readonly pair: KemKeyPair },
): Promise<void> {
  const context = (() => {
    try {
      const enc = hexToBytes(manifest.enc);
      return setupRecipient({ aead: aes256Gcm, info: deliverInfo(manifest), enc, recipient: of.pair });
    } catch (error) {
      if (error instanceof HpkeError) throw new ProtocolError('wrong-key', 'the provider’s key gives no secret');
      throw error;
    }
  })();
  const cut = cutOf(manifest);
  const roots = await openChunks({ sealed: of.sealed, plain: of.lines, cut, context, aad: deliverAad });
  if (roots && bytesToHex(roots.commitment) === manifest.commitment) return;
  throw new ProtocolError('commitment', 'what was delivered is not what its manifest says; nothing of it was kept');
}

/** Drawn once, kept until the job's folder is erased. */
async function keyPairOf({ work, random }: DeliverExchange): Promise<KemKeyPair> {
  const kept = await work.readSmall(deliverFiles.key);
  if (kept) return generateKemKeyPair({ bytes: () => kept });
  const drawn = generateKemKeyPair(random);
  await work.writeSmall(deliverFiles.key, drawn.secretKey);
  return drawn;
}

function requireSameList(theirs: string, own: string): void {
  if (theirs === own) return;
  throw new ProtocolError('commitment', 'the two sides do not hold the same matched identifiers: run the match again');
}

function requireOwn(
  manifest: DeliverManifest,
  { job, agreement, list }: DeliverExchange,
  { publicKey }: KemKeyPair,
): void {
  const isOwn =
    manifest.job === job &&
    manifest.agreement === agreement &&
    manifest.list === list &&
    manifest.recipient === bytesToHex(publicKey);
  if (!isOwn) throw new ProtocolError('wrong-plan', 'the delivery is for another run, list or key');
}

async function keepManifest(work: WorkFolder, manifest: DeliverManifest): Promise<void> {
  const kept = await keptManifest(work);
  if (kept && manifestDigest(kept) !== manifestDigest(manifest))
    throw new ProtocolError('transcript', 'the provider came back with another delivery');
  if (!kept) await work.writeSmall(deliverFiles.manifest, Buffer.from(JSON.stringify(manifest)));
}

function cutOf({ bytes }: Pick<DeliverManifest, 'bytes'>): Chunks {
  return { rows: bytes, chunkRows: chunkBytes, rowBytes: 1 };
}

function speaker({ silenceMs, onHeard }: DeliverExchange, { channel, signal, first }: Talk) {
  let waiting = first;
  return {
    send: (message: DeliverMessage) => channel.send(encodeDeliver(message)),
    receive: async () => {
      const bytes = waiting ?? (await channel.receive({ signal, timeoutMs: silenceMs }));
      waiting = undefined;
      onHeard();
      return decodeDeliver(bytes);
    },
  };
}

function expected<Type extends DeliverMessage['type']>(
  message: DeliverMessage,
  type: Type,
): Extract<DeliverMessage, { readonly type: Type }> {
  if (message.type === type) return message as Extract<DeliverMessage, { readonly type: Type }>;
  throw new ProtocolError('wrong-order', `expected ${type} of the delivery, got ${message.type}`);
}

async function readHeld(work: WorkFolder): Promise<number> {
  const kept = await work.readSmall(deliverFiles.held);
  return kept ? Number(Buffer.from(kept).toString()) : 0;
}

/** Makes durable what arrived, then says so: never the other way round. */
async function remember(work: WorkFolder, sealed: WorkFile, held: number): Promise<void> {
  await sealed.sync();
  await work.writeSmall(deliverFiles.held, Buffer.from(String(held)));
}
