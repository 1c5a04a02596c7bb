/** The advertiser's labels on disk: sealed once and as a whole before anything is sent, so that what is sent again is byte for byte the same. */
import { createHash } from 'node:crypto';
import { type LabelManifest, labelsPerChunk } from '@causeway/core/applications/activate';
import { type Campaign, nonceBytes } from '@causeway/core/protocols/opja';
import type { RandomSource } from '@causeway/core/random';
import { labelCipher } from '../../opja/label-cipher.ts';
import { type BitSet, RowWriter, type WorkFile } from '../work/index.ts';

/**
 * Seals a label for each position of the publisher's list.
 * @param of.matched positions of people whom both have.
 */
export async function sealLabels(
  labels: WorkFile,
  of: {
    readonly campaign: Campaign;
    readonly key: Uint8Array;
    readonly count: number;
    readonly matched: BitSet;
    readonly random: RandomSource;
  },
): Promise<LabelManifest> {
  const { campaign, key, count, matched, random } = of;
  const cipher = labelCipher(campaign, key);
  const base = random.bytes(nonceBytes);
  const [writer, hash] = [new RowWriter(labels), createHash('sha256')];
  for (let first = 0; first < count; first += labelsPerChunk) {
    const part = { base, first, count: Math.min(labelsPerChunk, count - first) };
    const sealed = cipher.seal({ ...part, isMatched: (position) => matched.has(position) });
    hash.update(sealed);
    await writer.write(sealed);
  }
  await writer.finish();
  return { campaign, count, digest: hash.digest('hex') };
}
