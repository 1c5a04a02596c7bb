/**
 * What a kernel has to answer before it is trusted with anybody's list: a batch of a length that fills no vector evenly, hashed to the
 * group, blinded and evaluated. A test computes the same by libsodium.
 */
import { utf8ToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import type { Kernel } from '@causeway/core/group';

const rowCount = 21;
const expected = '03704dabbcd239a9e1bde170169598613ae7b45227556b2073dce85a84e5b981';

/** @returns hexadecimal SHA-256 over the blinded points of a fixed list and the tags of these points. */
export async function answersOf(kernel: Pick<Kernel, 'blind' | 'evaluate'>): Promise<string> {
  const keys = Uint8Array.from({ length: 16 * rowCount }, (_, i) => (i * 37 + (i >> 4)) & 255);
  const scalar = Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 7 : (i * 91 + 5) & 255));
  const label = utf8ToBytes('causeway/v1/known-answers');
  const points = await kernel.blind({ keys, prefix: label, dst: label, scalar });
  const tags = await kernel.evaluate({ points, scalar, tag: { context: label, bytes: 11 } });
  const all = new Uint8Array(points.length + tags.length);
  all.set(points);
  all.set(tags, points.length);
  return Buffer.from(sha256(all)).toString('hex');
}

/** Whether the kernel gives the known answers. */
export async function isRight(kernel: Pick<Kernel, 'blind' | 'evaluate'>): Promise<boolean> {
  return (await answersOf(kernel)) === expected;
}
