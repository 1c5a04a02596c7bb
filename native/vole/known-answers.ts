/**
 * What the arithmetic of psi/vole has to answer before it is trusted with anybody's list: one bucket of a run, by both roles, from fixed
 * seeds. A test holds every class to the same bytes, and the bucket's result to a plain join.
 */
import { bytesToHex, concatBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import { ProtocolError } from '@causeway/core/protocols';
import { geometryOf, type SessionOptions, type VoleKernel } from '@causeway/core/protocols/psi-vole';

const expected = 'cf4bba6e1ed68a5554814af2c1528cdaa30c0f6ae0347d5766f4fb90a35640e8';

const counting = (from: number, length: number) =>
  Uint8Array.from({ length }, (_, i) => (from + 29 * i + (i >> 3)) & 255);
const key = (n: number) => counting(7 * n, 16);
/** Keys 0 to 9 and 5 to 11: five are shared. */
const lists = {
  receiver: concatBytes(...Array.from({ length: 10 }, (_, i) => key(i))),
  sender: concatBytes(...Array.from({ length: 7 }, (_, i) => key(5 + i))),
};

function options(side: number): SessionOptions {
  let call = 0;
  return {
    geometry: geometryOf({ receiver: 10, sender: 7 }),
    run: counting(1, 32),
    partition: counting(2, 16),
    random: { bytes: (length) => counting(100 * side + call++, length) },
  };
}

/** @returns every message of a bucket from the first point on, and a bit for each of the receiver's keys. */
export async function runOneBucket(
  kernel: VoleKernel,
): Promise<{ messages: readonly Uint8Array[]; matched: Uint8Array }> {
  const opening = await kernel.openSender(options(1));
  const { answer, session: receiver } = await kernel.openReceiver(options(2), opening.elements);
  const sender = await opening.finish(answer);
  try {
    const epochChoices = await receiver.beginEpoch(0);
    const epochTrees = await sender.answerEpoch(0, epochChoices);
    await receiver.finishEpoch(0, epochTrees);
    const choices = await receiver.begin(0, lists.receiver);
    const trees = await sender.answer(0, choices);
    const { okvs } = await receiver.respond(0, trees);
    const tags = await sender.tags(0, okvs, lists.sender);
    const { matched, match } = await receiver.join(0, tags);
    const heard = await sender.matched(0, match);
    const messages = [opening.elements, answer, epochChoices, epochTrees, choices, trees, okvs, tags, match, heard];
    return { messages, matched };
  } finally {
    await Promise.all([receiver.close(), sender.close()]);
  }
}

export async function digestOfBucket(kernel: VoleKernel): Promise<string> {
  const { messages, matched } = await runOneBucket(kernel);
  return bytesToHex(sha256(concatBytes(...messages, matched)));
}

/** Whether the kernel gives the known answers. One that refuses its own messages does not. */
export async function isVoleRight(kernel: VoleKernel): Promise<boolean> {
  try {
    return (await digestOfBucket(kernel)) === expected;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
