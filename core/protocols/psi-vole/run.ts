/** What both roles of a run are given, what they say first, and what they hand to their host. */
import { equalBytes } from '../../bytes/index.ts';
import type { RandomSource } from '../../random/index.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { NewSha256 } from '../streaming-hash.ts';
import { blockBytes, digestBytes } from './binding.ts';
import type { Hello, Mode } from './messages.ts';
import { type Form, type Geometry, geometryOf, protocolVersion } from './parameters.ts';

export interface RunOptions {
  /** Id of the exchange, 32 bytes: `exchangeId`. */
  readonly exchange: Uint8Array;
  /** Digest of what both sides agreed to run, 32 bytes. */
  readonly plan: Uint8Array;
  readonly form: Form;
  readonly mode: Mode;
  /** This side's list: distinct identifiers to declare, the evidence's commitment to it (32 bytes), and the kernel that works on it. */
  readonly own: { readonly count: number; readonly commitment: Uint8Array; readonly kernel: string };
  /** How many identifiers the peer may declare, both inclusive. */
  readonly peerCount: { readonly min: number; readonly max: number };
  /** What an interrupted run of this exchange left. */
  readonly held?: Held;
  readonly random: RandomSource;
  readonly sha256: NewSha256;
}

/** What a side keeps of an exchange, so that a later run goes on from there. It holds no secret. */
export interface Held {
  /** K("part", 0) of the first run, 16 bytes: the lists stay cut as they are. */
  readonly partition: Uint8Array;
  /** Digests of the buckets that are done with, from bucket 0 on, packed. */
  readonly digests: Uint8Array;
  /** The list that the peer committed to. */
  readonly peer: { readonly count: number; readonly commitment: Uint8Array };
}

/**
 * What a role wants of its host: messages to send, in this order, and work to do, in any order and at the same time. The host gives each
 * work's result to `complete`.
 */
export interface Step<Work> {
  readonly send: readonly Uint8Array[];
  readonly work: readonly Work[];
  /** Set once the run is over. */
  readonly ended?: Ending;
}

/**
 * - `finished`: all buckets are done, and both sides saw the same messages.
 * - `overflow`: a bin or bucket got too many keys (probability 2^-42 a run); begin again without `held`, so that lists are cut anew.
 * - `not-encoded`: the keys of a bin could not be encoded (2^-42 a run); begin again, with `held`.
 */
export type Ending = 'finished' | 'overflow' | 'not-encoded';

/** What all work of a run is bound to. */
export interface RunContext {
  readonly geometry: Geometry;
  /** rid, 32 bytes. */
  readonly run: Uint8Array;
  /** K("part", 0) of the exchange's first run, 16 bytes: how the lists are cut. */
  readonly partition: Uint8Array;
}

/** What the two hellos settle. */
export interface Agreed {
  readonly geometry: Geometry;
  readonly peer: Hello;
  /** The partition that both sides still hold, where they go on with it. */
  readonly partition: Uint8Array | undefined;
  /** The first bucket that is to be run. */
  readonly firstBucket: number;
}

/** The own hello. @param nonce the receiver's commitment, or the sender's nonce. */
export function helloOf({ plan, form, mode, own, held }: RunOptions, nonce: Uint8Array): Hello {
  const resume = {
    partition: held?.partition ?? new Uint8Array(blockBytes),
    buckets: (held?.digests.length ?? 0) / digestBytes,
  };
  return { type: 'hello', version: protocolVersion, form, mode, plan, ...own, resume, nonce };
}

/** @throws {ProtocolError} `wrong-plan`, `set-size`, `not-distinct`, `commitment` or `wrong-count` for a hello that does not fit. */
export function agree(options: RunOptions, role: 'receiver' | 'sender', hello: Hello): Agreed {
  const { own, held } = options;
  checkPlan(options, hello);
  checkCount(options.peerCount, hello.count);
  if (equalBytes(hello.commitment, own.commitment)) {
    throw new ProtocolError('not-distinct', 'the partner committed to our own list');
  }
  if (held && !(held.peer.count === hello.count && equalBytes(held.peer.commitment, hello.commitment))) {
    throw new ProtocolError(
      'commitment',
      "the partner's list differs from the one it committed to at the start of this exchange",
    );
  }
  const sizes =
    role === 'receiver' ? { receiver: own.count, sender: hello.count } : { receiver: hello.count, sender: own.count };
  const geometry = geometryOf(sizes, options.form);
  if (hello.resume.buckets > geometry.bucketCount) {
    throw new ProtocolError('wrong-count', 'the partner claims to hold more than there is');
  }
  const peer = { ...hello, plan: hello.plan.slice(), commitment: hello.commitment.slice() };
  if (!held || !equalBytes(held.partition, hello.resume.partition)) {
    return { geometry, peer, partition: undefined, firstBucket: 0 };
  }
  const firstBucket = Math.min(held.digests.length / digestBytes, hello.resume.buckets);
  return { geometry, peer, partition: held.partition, firstBucket };
}

function checkPlan({ plan, form, mode }: RunOptions, hello: Hello): void {
  if (hello.version !== protocolVersion) {
    throw new ProtocolError('wrong-plan', `the partner speaks version ${hello.version}, this side ${protocolVersion}`);
  }
  if (!equalBytes(hello.plan, plan)) {
    throw new ProtocolError('wrong-plan', 'the partner runs another plan than the one agreed');
  }
  if (hello.form !== form || hello.mode !== mode) {
    throw new ProtocolError('wrong-plan', `the partner means to run ${hello.form}, ${hello.mode}: not what was agreed`);
  }
}

function checkCount({ min, max }: RunOptions['peerCount'], count: number): void {
  if (count < min) {
    throw new ProtocolError('set-size', `the partner's list is below the minimum of ${min} distinct identifiers`);
  }
  if (count > max) {
    throw new ProtocolError('set-size', `the partner's list is over the ${max} distinct identifiers agreed`);
  }
}
