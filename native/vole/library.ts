/** The functions of the native library that work for psi/vole; what JavaScript passes is checked in C++. */
import type { CpuClass, Pool } from '../addon.ts';

declare const receiverBrand: unique symbol;
declare const senderBrand: unique symbol;
/** The secrets of one run at a side, and what its buckets leave between their stages. */
export interface ReceiverHandle {
  readonly [receiverBrand]: true;
}
export interface SenderHandle {
  readonly [senderBrand]: true;
}

/** What was made; or a number that says why nothing was: see `failureOf`. */
export type Outcome = readonly Uint8Array[] | number;

/** class, whether the form is low (0 or 1), public keys of the run, T, ℓ. */
type SessionArguments = [cpuClass: CpuClass, low: number, keys: Uint8Array, binCount: number, tagBits: number];
/** Number, outputs, the two instances' numbers, keys and a seed. */
type EpochArguments = [epoch: number, outputs: number, base: number, setup: number, keys: Uint8Array];
/** Number, its epoch and place there, β, M, outputs, keys and a seed. */
type BucketArguments = [
  bucket: number,
  epoch: number,
  slot: number,
  binCount: number,
  tagCount: number,
  outputs: number,
  keys: Uint8Array,
];

export interface VoleLibrary {
  psiPartition(
    pool: Pool,
    cpuClass: CpuClass,
    partition: Uint8Array,
    binCount: number,
    rows: Uint8Array,
  ): Promise<Outcome>;
  psiLoads(
    pool: Pool,
    cpuClass: CpuClass,
    partition: Uint8Array,
    binCount: number,
    bucket: number,
    rows: Uint8Array,
  ): Promise<Outcome>;

  psiReceiver(...all: [...SessionArguments, zero: Uint8Array, one: Uint8Array]): ReceiverHandle;
  psiBeginEpoch(pool: Pool, session: ReceiverHandle, ...epoch: EpochArguments): Promise<Outcome>;
  psiFinishEpoch(
    pool: Pool,
    session: ReceiverHandle,
    epoch: number,
    outputs: number,
    trees: Uint8Array,
  ): Promise<Outcome>;
  psiForgetReceiverEpoch(session: ReceiverHandle, epoch: number): void;
  psiBegin(pool: Pool, session: ReceiverHandle, ...bucket: [...BucketArguments, rows: Uint8Array]): Promise<Outcome>;
  psiRespond(
    pool: Pool,
    session: ReceiverHandle,
    bucket: number,
    trees: Uint8Array,
    seed: Uint8Array,
  ): Promise<Outcome>;
  psiJoin(pool: Pool, session: ReceiverHandle, bucket: number, tags: Uint8Array): Promise<Outcome>;
  psiCloseReceiver(session: ReceiverHandle): void;

  psiSender(...all: [...SessionArguments, delta: Uint8Array, chosen: Uint8Array]): SenderHandle;
  psiAnswerEpoch(
    pool: Pool,
    session: SenderHandle,
    ...epoch: [...EpochArguments, choices: Uint8Array]
  ): Promise<Outcome>;
  psiForgetSenderEpoch(session: SenderHandle, epoch: number): void;
  psiAnswer(pool: Pool, session: SenderHandle, ...bucket: [...BucketArguments, choices: Uint8Array]): Promise<Outcome>;
  psiTags(
    pool: Pool,
    session: SenderHandle,
    bucket: number,
    okvs: Uint8Array,
    rows: Uint8Array,
    seed: Uint8Array,
  ): Promise<Outcome>;
  psiMatched(pool: Pool, session: SenderHandle, bucket: number, match: Uint8Array): Promise<Outcome>;
  psiCloseSender(session: SenderHandle): void;
}
