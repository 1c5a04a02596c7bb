/** Which of many tests hold when all of them are looked at together. */

export interface Corrected {
  /** In the order of the p-values. */
  readonly kept: readonly boolean[];
  /** What each p-value was compared with, in the same order. */
  readonly thresholds: readonly number[];
}

/**
 * Benjamini and Hochberg's step-up procedure (JRSS B 57, 1995): of the tests that are kept, at most a share `level` is expected to be false.
 * @param pValues 0 … 1, in any order.
 */
export function benjaminiHochberg(pValues: readonly number[], level = 0.05): Corrected {
  return correct(pValues, (rank, count) => (level * rank) / count, 'up');
}

/**
 * Holm's step-down procedure (Scandinavian Journal of Statistics 6, 1979): with probability 1 − `level` not one of the tests that are kept is
 * false.
 */
export function holm(pValues: readonly number[], level = 0.05): Corrected {
  return correct(pValues, (rank, count) => level / (count - rank + 1), 'down');
}

/** @param threshold by rank, 1 for the smallest p-value. Stepping up keeps all below the last that passes, stepping down all above the first that fails. */
function correct(
  pValues: readonly number[],
  threshold: (rank: number, count: number) => number,
  step: 'up' | 'down',
): Corrected {
  const count = pValues.length;
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
  const thresholds = new Array<number>(count).fill(0);
  const passes = order.map((i, at) => {
    thresholds[i] = threshold(at + 1, count);
    return pValues[i]! <= thresholds[i]!;
  });
  const firstFailing = passes.indexOf(false);
  const keptCount = step === 'up' ? passes.lastIndexOf(true) + 1 : firstFailing < 0 ? count : firstFailing;
  const kept = new Array<boolean>(count).fill(false);
  for (const i of order.slice(0, keptCount)) kept[i] = true;
  return { kept, thresholds };
}
