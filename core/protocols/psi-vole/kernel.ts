/**
 * The port for the arithmetic: one call for each bucket and stage, over packed bytes, on other threads. Protocol and host see this port
 * alone. A session holds the secrets of one run, shared by its buckets; what a bucket leaves between its stages stays inside.
 */
import type { KernelName } from '../../group/index.ts';
import type { RandomSource } from '../../random/index.ts';
import type { RunContext } from './run.ts';

export interface VoleKernel {
  readonly name: KernelName;
  /** Cuts a piece of a list by the buckets of its keys. */
  partition(request: PartitionRequest): Promise<Partition>;
  /** @returns how many distinct keys a bucket's bins have; `keys` are those of the bucket. */
  distinctLoads(request: PartitionRequest & { readonly bucket: number }): Promise<Uint32Array>;
  /**
   * @param elements `base-elements` of the peer.
   * @returns `base-answer`, and the session.
   * @throws {ProtocolError} `malformed-point`.
   */
  openReceiver(
    options: SessionOptions,
    elements: Uint8Array,
  ): Promise<{ readonly answer: Uint8Array; readonly session: VoleReceiverSession }>;
  /** @returns `base-elements`, and what makes the session of the peer's answer. */
  openSender(options: SessionOptions): Promise<SenderOpening>;
}

export interface PartitionRequest {
  /** Match keys of 16 bytes, row after row. */
  readonly keys: Uint8Array;
  /** K("part", 0) of the exchange's first run, 16 bytes. */
  readonly partition: Uint8Array;
  readonly binCount: number;
}

export interface Partition {
  /** The keys again, bucket after bucket. */
  readonly keys: Uint8Array;
  /** For each of them its place in the request. */
  readonly rows: Uint32Array;
  /** Where each bucket begins among them, and the end: one more than there are buckets. */
  readonly bucketStarts: Uint32Array;
  /** Keys in each bin, repeated ones counted again. */
  readonly binLoads: Uint32Array;
}

export interface SessionOptions extends RunContext {
  /** Seeds of all that is drawn in the session come from here. */
  readonly random: RandomSource;
}

export interface SenderOpening {
  readonly elements: Uint8Array;
  /**
   * @param answer `base-answer` of the peer.
   * @throws {ProtocolError} `malformed-point`.
   */
  finish(answer: Uint8Array): Promise<VoleSenderSession>;
}

/** Calls of one bucket are made in the order below, each once; buckets do not wait for each other. */
export interface VoleReceiverSession {
  /** @returns `epoch-choices`. */
  beginEpoch(epoch: number): Promise<Uint8Array>;
  finishEpoch(epoch: number, trees: Uint8Array): Promise<void>;
  /** @param keys of the bucket, in any order, repeated or not. @returns `choices`. */
  begin(bucket: number, keys: Uint8Array): Promise<Uint8Array>;
  respond(bucket: number, trees: Uint8Array): Promise<Response>;
  /**
   * @returns a bit for each of the bucket's keys, lowest first: whether the sender has it; and `match`.
   * @throws {ProtocolError} `malformed-message` for tags that are not M ascending ones.
   */
  join(bucket: number, tags: Uint8Array): Promise<{ readonly matched: Uint8Array; readonly match: Uint8Array }>;
  /** Overwrites all secrets; calls under way end first. */
  close(): Promise<void>;
}

export interface Response {
  /** `okvs`, of full length in any case. */
  readonly okvs: Uint8Array;
  /** Whether the keys are in it. With probability 2^-42 a run they could not be encoded, and the run is to be done again. */
  readonly encoded: boolean;
}

export interface VoleSenderSession {
  /** @returns `epoch-trees`. */
  answerEpoch(epoch: number, choices: Uint8Array): Promise<Uint8Array>;
  /** @returns `trees`. */
  answer(bucket: number, choices: Uint8Array): Promise<Uint8Array>;
  /** @param keys of the bucket, at most M distinct ones. @returns `tags`. */
  tags(bucket: number, okvs: Uint8Array, keys: Uint8Array): Promise<Uint8Array>;
  /** @returns a bit for each of the bucket's keys, lowest first: whether the receiver says that it has it too. */
  matched(bucket: number, match: Uint8Array): Promise<Uint8Array>;
  /** Overwrites all secrets; calls under way end first. */
  close(): Promise<void>;
}
