/**
 * What a kernel has to answer before it is trusted with anybody's list: a batch of a length that fills no vector evenly, hashed to the
 * group, blinded, evaluated, finalised and weighed. A test computes the same by libsodium.
 */
import { bytesToHex, concatBytes, utf8ToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import { GroupError, type Kernel } from '@causeway/core/group';

const rowCount = 21;
const expected = '3f79c804dce8fad438fac8699988648200975f154b3d2e1c84b86f9eccbe8e0d';

type Operations = Pick<Kernel, 'blind' | 'evaluate' | 'multiply' | 'finalize' | 'prf' | 'composites'>;

/** @returns hexadecimal SHA-256 over what every operation gives for a fixed list. */
async function answersOf(kernel: Operations): Promise<string> {
  const keys = Uint8Array.from({ length: 16 * rowCount }, (_, i) => (i * 37 + (i >> 4)) & 255);
  const scalar = Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 7 : (i * 91 + 5) & 255));
  const seed = Uint8Array.from({ length: 64 }, (_, i) => i);
  const label = utf8ToBytes('causeway/v1/known-answers');
  const points = await kernel.blind({ keys, prefix: label, dst: label, scalar });
  const products = await kernel.multiply({ points, scalar });
  const answers = concatBytes(
    points,
    await kernel.evaluate({ points, scalar, tag: { context: label, bytes: 11 } }),
    products,
    await kernel.finalize({ keys, prefix: label, points: products, bytes: 9 }),
    await kernel.prf({ keys, prefix: label, dst: label, scalar, bytes: 33 }),
    await kernel.composites({ c: points, d: products, seed, dst: label, over: 'both' }),
  );
  return bytesToHex(sha256(answers));
}

/** Whether the kernel gives the known answers. One that refuses the points that it made itself does not. */
export async function isRight(kernel: Operations): Promise<boolean> {
  try {
    return (await answersOf(kernel)) === expected;
  } catch (error) {
    if (error instanceof GroupError) return false;
    throw error;
  }
}
