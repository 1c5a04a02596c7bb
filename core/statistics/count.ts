/**
 * A number of a report: exact, or released with noise of a known variance. Statistics take the noise into account where the
 * variance is not zero; nothing else tells the two apart.
 */
export interface Count {
  readonly value: number;
  /** Variance s² of the noise that was added on purpose; 0 for an exact number. The number's own sampling variance is not in it. */
  readonly noise: number;
}

/** A number as it is. @throws {RangeError} for one that is not finite: nothing is computed from it. */
export function exact(value: number): Count {
  return noisy(value, 0);
}

/** A number with noise of variance s². @throws {RangeError} for one that is not finite, or a negative variance. */
export function noisy(value: number, variance: number): Count {
  if (!Number.isFinite(value)) throw new RangeError(`value: expected a finite number, got ${value}`);
  if (!(variance >= 0 && Number.isFinite(variance))) {
    throw new RangeError(`variance: expected a finite number from 0, got ${variance}`);
  }
  return { value, noise: variance };
}

/** The sum of numbers whose noise is independent. */
export function sum(counts: Iterable<Count>): Count {
  let value = 0;
  let noise = 0;
  for (const count of counts) {
    value += count.value;
    noise += count.noise;
  }
  return { value, noise };
}

/** `a − b`, with independent noise. */
export function difference(a: Count, b: Count): Count {
  return { value: a.value - b.value, noise: a.noise + b.noise };
}
