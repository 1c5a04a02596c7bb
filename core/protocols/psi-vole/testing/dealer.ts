/**
 * A kernel for tests, in plain TypeScript: a trusted dealer in place of VOLE and store. Both sides take their tags from a secret that they
 * share, so the first messages are noise of the right length, and everything from the tags on is the protocol's own. It hides nothing.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '../../../bytes/index.ts';
import type { RandomSource } from '../../../random/index.ts';
import { ProtocolError } from '../../protocol-error.ts';
import { blockBytes } from '../binding.ts';
import type {
  Partition,
  PartitionRequest,
  Response,
  SenderOpening,
  SessionOptions,
  VoleKernel,
  VoleReceiverSession,
  VoleSenderSession,
} from '../kernel.ts';
import { bulkBytes } from '../lengths.ts';
import { bucketBinsMax, bucketShape, type Geometry } from '../parameters.ts';

export interface DealerOptions {
  /** What the two sides' kernels have in common. */
  readonly secret: Uint8Array;
  readonly random: RandomSource;
  /** Buckets whose keys cannot be encoded, as happens once in a million million runs. */
  readonly notEncoded?: ReadonlySet<number>;
}

export class DealerKernel implements VoleKernel {
  readonly name = 'portable';
  readonly #options: DealerOptions;

  constructor(options: DealerOptions) {
    this.#options = options;
  }

  async partition({ keys, partition, binCount }: PartitionRequest): Promise<Partition> {
    const bins = rowsOf(keys).map((key) => binOf(key, partition, binCount));
    const binLoads = new Uint32Array(binCount);
    for (const bin of bins) binLoads[bin]! += 1;
    const bucketCount = Math.ceil(binCount / bucketBinsMax);
    const byBucket: number[][] = Array.from({ length: bucketCount }, () => []);
    for (const [row, bin] of bins.entries()) byBucket[Math.floor(bin / bucketBinsMax)]!.push(row);
    const rows = Uint32Array.from(byBucket.flat());
    const bucketStarts = new Uint32Array(bucketCount + 1);
    for (const [bucket, list] of byBucket.entries()) bucketStarts[bucket + 1] = bucketStarts[bucket]! + list.length;
    return { keys: concatBytes(...[...rows].map((row) => rowAt(keys, row))), rows, bucketStarts, binLoads };
  }

  async distinctLoads(request: PartitionRequest & { readonly bucket: number }): Promise<Uint32Array> {
    const distinct = new Map(rowsOf(request.keys).map((key) => [bytesToHex(key), key]));
    const { binLoads } = await this.partition({ ...request, keys: concatBytes(...distinct.values()) });
    return binLoads.slice(request.bucket * bucketBinsMax, (request.bucket + 1) * bucketBinsMax);
  }

  async openReceiver(session: SessionOptions): ReturnType<VoleKernel['openReceiver']> {
    return { answer: this.#options.random.bytes(32), session: new DealerReceiver(session, this.#options) };
  }

  async openSender(session: SessionOptions): Promise<SenderOpening> {
    const elements = this.#options.random.bytes(8192);
    return { elements, finish: async () => new DealerSender(session, this.#options) };
  }
}

class DealerReceiver implements VoleReceiverSession {
  readonly #session: SessionOptions;
  readonly #options: DealerOptions;
  readonly #keys = new Map<number, Uint8Array>();

  constructor(session: SessionOptions, options: DealerOptions) {
    this.#session = session;
    this.#options = options;
  }

  async beginEpoch(epoch: number): Promise<Uint8Array> {
    return noise(this.#options, bulkBytes(this.#session.geometry, 'epoch-choices', epoch));
  }

  async finishEpoch(): Promise<void> {}

  async begin(bucket: number, keys: Uint8Array): Promise<Uint8Array> {
    this.#keys.set(bucket, keys);
    return noise(this.#options, bulkBytes(this.#session.geometry, 'choices', bucket));
  }

  async respond(bucket: number): Promise<Response> {
    const okvs = noise(this.#options, bulkBytes(this.#session.geometry, 'okvs', bucket));
    return { okvs, encoded: !this.#options.notEncoded?.has(bucket) };
  }

  async join(bucket: number, tags: Uint8Array): Promise<{ matched: Uint8Array; match: Uint8Array }> {
    const { geometry, run } = this.#session;
    const { tagCount } = bucketShape(geometry, bucket);
    const theirs = decodeTags(tags, tagCount, geometry.tagBits);
    const mine = rowsOf(this.#keys.get(bucket)!).map((key) => tagOf(key, run, this.#options.secret, geometry));
    const [own, peer] = [new Set(mine), new Set(theirs)];
    return { matched: bitsOf(mine.map((tag) => peer.has(tag))), match: bitsOf(theirs.map((tag) => own.has(tag))) };
  }

  async close(): Promise<void> {}
}

class DealerSender implements VoleSenderSession {
  readonly #session: SessionOptions;
  readonly #options: DealerOptions;
  readonly #sent = new Map<number, { readonly mine: readonly bigint[]; readonly sorted: readonly bigint[] }>();

  constructor(session: SessionOptions, options: DealerOptions) {
    this.#session = session;
    this.#options = options;
  }

  async answerEpoch(epoch: number): Promise<Uint8Array> {
    return noise(this.#options, bulkBytes(this.#session.geometry, 'epoch-trees', epoch));
  }

  async answer(bucket: number): Promise<Uint8Array> {
    return noise(this.#options, bulkBytes(this.#session.geometry, 'trees', bucket));
  }

  async tags(bucket: number, _okvs: Uint8Array, keys: Uint8Array): Promise<Uint8Array> {
    const { geometry, run } = this.#session;
    const { tagCount } = bucketShape(geometry, bucket);
    const mine = rowsOf(keys).map((key) => tagOf(key, run, this.#options.secret, geometry));
    const all = [...new Set(mine)];
    while (all.length < tagCount) all.push(numberOf(this.#options.random.bytes(12)) % 2n ** BigInt(geometry.tagBits));
    all.sort((a, b) => (a < b ? -1 : 1));
    this.#sent.set(bucket, { mine, sorted: all });
    return encodeTags(all, geometry.tagBits);
  }

  async matched(bucket: number, match: Uint8Array): Promise<Uint8Array> {
    const { mine, sorted } = this.#sent.get(bucket)!;
    const matched = new Set(sorted.filter((_, rank) => bit(match, rank)));
    return bitsOf(mine.map((tag) => matched.has(tag)));
  }

  async close(): Promise<void> {}
}

/** The messages' form of tags: README.md, "On the wire". */
export function encodeTags(sorted: readonly bigint[], tagBits: number): Uint8Array {
  const high = Math.floor(Math.log2(sorted.length));
  const low = tagBits - high;
  const lows = sorted.flatMap((tag) => Array.from({ length: low }, (_, b) => ((tag >> BigInt(b)) & 1n) === 1n));
  const ones = new Set(sorted.map((tag, i) => Number(tag >> BigInt(low)) + i));
  const highs = Array.from({ length: sorted.length + 2 ** high }, (_, at) => ones.has(at));
  return concatBytes(bitsOf(lows), bitsOf(highs));
}

function decodeTags(bytes: Uint8Array, count: number, tagBits: number): bigint[] {
  const high = Math.floor(Math.log2(count));
  const low = tagBits - high;
  const highs = bytes.subarray(Math.ceil((low * count) / 8));
  const tags: bigint[] = [];
  for (let at = 0; at < 8 * highs.length; at++) {
    if (!bit(highs, at)) continue;
    let tag = BigInt(at - tags.length);
    for (let b = low - 1; b >= 0; b--) tag = tag * 2n + (bit(bytes, tags.length * low + b) ? 1n : 0n);
    tags.push(tag);
  }
  const isAscending = tags.every((tag, i) => i === 0 || tags[i - 1]! <= tag);
  if (tags.length !== count || !isAscending) {
    throw new ProtocolError('malformed-message', "the partner's tags are not in their one encoding");
  }
  return tags;
}

/** In place of a message that the dealer does not need: one random byte, over and over. */
function noise({ random }: DealerOptions, length: number): Uint8Array {
  return new Uint8Array(length).fill(random.bytes(1)[0]!);
}

function tagOf(key: Uint8Array, run: Uint8Array, secret: Uint8Array, { tagBits }: Geometry): bigint {
  return numberOf(sha256(concatBytes(secret, run, key)).subarray(0, 12)) % 2n ** BigInt(tagBits);
}

function binOf(key: Uint8Array, partition: Uint8Array, binCount: number): number {
  return Number((numberOf(sha256(concatBytes(partition, key)).subarray(0, 8)) * BigInt(binCount)) >> 64n);
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(bytes)}`);
}

function rowsOf(keys: Uint8Array): Uint8Array[] {
  return Array.from({ length: keys.length / blockBytes }, (_, row) => rowAt(keys, row));
}

function rowAt(keys: Uint8Array, row: number): Uint8Array {
  return keys.subarray(row * blockBytes, (row + 1) * blockBytes);
}

/** Packs bits, lowest first. */
export function bitsOf(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array(Math.ceil(flags.length / 8));
  for (const [at, flag] of flags.entries()) if (flag) bits[at >> 3]! |= 1 << (at & 7);
  return bits;
}

/** Reads a packed bit. */
export function bit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3]! >> (at & 7)) & 1) === 1;
}
