import {
  beginBase,
  finishBase,
  type SenderOpening,
  type SessionOptions,
  type VoleSenderSession,
} from '@causeway/core/protocols/psi-vole';
import type { SenderHandle } from './library.ts';
import { type Machine, Session, sessionArguments } from './session.ts';

/** Begins the base OTs; the peer's answer opens the session. */
export function openSender(machine: Machine, options: SessionOptions): SenderOpening {
  const { message, state } = beginBase(options.run, options.random);
  return {
    elements: message,
    finish: async (answer) => {
      const { delta, seeds } = finishBase(state, answer);
      const handle = machine.library.psiSender(...sessionArguments(machine, options), delta, seeds);
      delta.fill(0);
      seeds.fill(0);
      return new NativeSender(machine, options, handle);
    },
  };
}

class NativeSender extends Session implements VoleSenderSession {
  readonly #handle: SenderHandle;

  constructor(machine: Machine, options: SessionOptions, handle: SenderHandle) {
    super(machine, options);
    this.#handle = handle;
  }

  async answerEpoch(epoch: number, choices: Uint8Array): Promise<Uint8Array> {
    const { library, pool } = this.machine;
    // Buckets of the epoch before may be in flight; those of the one before that are not.
    if (epoch >= 2) library.psiForgetSenderEpoch(this.#handle, epoch - 2);
    const [trees] = await this.run(library.psiAnswerEpoch(pool, this.#handle, ...this.epoch(epoch), choices));
    return trees!;
  }

  async answer(bucket: number, choices: Uint8Array): Promise<Uint8Array> {
    const { library, pool } = this.machine;
    const [trees] = await this.run(library.psiAnswer(pool, this.#handle, ...this.bucket(bucket), choices));
    return trees!;
  }

  async tags(bucket: number, okvs: Uint8Array, keys: Uint8Array): Promise<Uint8Array> {
    const { library, pool } = this.machine;
    const [tags] = await this.run(library.psiTags(pool, this.#handle, bucket, okvs, keys, this.seed()));
    return tags!;
  }

  async matched(bucket: number, match: Uint8Array): Promise<Uint8Array> {
    const { library, pool } = this.machine;
    const [matched] = await this.run(library.psiMatched(pool, this.#handle, bucket, match));
    return matched!;
  }

  async close(): Promise<void> {
    await this.settled();
    this.machine.library.psiCloseSender(this.#handle);
  }
}
