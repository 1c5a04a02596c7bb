/** Points of a list by a few of their bytes: enough to find one that stands twice, and little enough to keep for every row. */
import { elementBytes } from '../group/index.ts';

/** First bytes of a point's encoding that stand for it when lists are compared; the first one is skewed and left out. */
export const printBytes = 12;
const printOffset = 8;

/** The print of each point in a batch, packed. */
export function pointPrints(points: Uint8Array): Uint8Array {
  const prints = new Uint8Array((points.length / elementBytes) * printBytes);
  for (let from = printOffset, to = 0; to < prints.length; from += elementBytes) {
    for (let k = 0; k < printBytes; k++) prints[to++] = points[from + k]!;
  }
  return prints;
}
