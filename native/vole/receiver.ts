import {
  answerBase,
  type Response,
  type SessionOptions,
  type VoleReceiverSession,
} from '@causeway/core/protocols/psi-vole';
import type { ReceiverHandle } from './library.ts';
import { type Machine, Session, sessionArguments } from './session.ts';

/** Answers the base OTs, and opens the session with their seeds. @throws {ProtocolError} `malformed-point`. */
export function openReceiver(
  machine: Machine,
  options: SessionOptions,
  elements: Uint8Array,
): { readonly answer: Uint8Array; readonly session: VoleReceiverSession } {
  const { message, seeds0, seeds1 } = answerBase(options.run, elements, options.random);
  const handle = machine.library.psiReceiver(...sessionArguments(machine, options), seeds0, seeds1);
  seeds0.fill(0);
  seeds1.fill(0);
  return { answer: message, session: new NativeReceiver(machine, options, handle) };
}

class NativeReceiver extends Session implements VoleReceiverSession {
  readonly #handle: ReceiverHandle;

  constructor(machine: Machine, options: SessionOptions, handle: ReceiverHandle) {
    super(machine, options);
    this.#handle = handle;
  }

  async beginEpoch(epoch: number): Promise<Uint8Array> {
    const { library, pool } = this.machine;
    // Buckets of the epoch before may be in flight; those of the one before that are not.
    if (epoch >= 2) library.psiForgetReceiverEpoch(this.#handle, epoch - 2);
    const [choices] = await this.run(library.psiBeginEpoch(pool, this.#handle, ...this.epoch(epoch)));
    return choices!;
  }

  async finishEpoch(epoch: number, trees: Uint8Array): Promise<void> {
    const { library, pool } = this.machine;
    await this.run(library.psiFinishEpoch(pool, this.#handle, epoch, this.outputsOf(epoch), trees));
  }

  async begin(bucket: number, keys: Uint8Array): Promise<Uint8Array> {
    const { library, pool } = this.machine;
    const [choices] = await this.run(library.psiBegin(pool, this.#handle, ...this.bucket(bucket), keys));
    return choices!;
  }

  async respond(bucket: number, trees: Uint8Array): Promise<Response> {
    const { library, pool } = this.machine;
    const [okvs, encoded] = await this.run(library.psiRespond(pool, this.#handle, bucket, trees, this.seed()));
    return { okvs: okvs!, encoded: encoded![0] === 1 };
  }

  async join(bucket: number, tags: Uint8Array): Promise<{ matched: Uint8Array; match: Uint8Array }> {
    const { library, pool } = this.machine;
    const [matched, match] = await this.run(library.psiJoin(pool, this.#handle, bucket, tags));
    return { matched: matched!, match: match! };
  }

  async close(): Promise<void> {
    await this.settled();
    this.machine.library.psiCloseReceiver(this.#handle);
  }
}
