/** A non-negative rational number; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function ratio(numerator: bigint, denominator = 1n): Ratio {
  if (numerator < 0n || denominator <= 0n)
    throw new RangeError('expected a numerator of 0 or more over one of 1 or more');
  return { numerator, denominator };
}

/** The same number in lowest terms, so that equal numbers are written alike. */
export function reduced({ numerator, denominator }: Ratio): Ratio {
  let [a, b] = [numerator, denominator];
  while (b > 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}

/** Negative, zero or positive as `a` is smaller, equal or larger. */
export function compareRatios(a: Ratio, b: Ratio): bigint {
  return a.numerator * b.denominator - b.numerator * a.denominator;
}

/** The smallest integer that is not below the ratio. */
export function ceiling({ numerator, denominator }: Ratio): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** ⌊√value⌋ by Newton's iteration from above. */
export function integerRoot(value: bigint): bigint {
  if (value < 0n) throw new RangeError('expected 0 or more');
  if (value < 2n) return value;
  let root = value;
  for (let next = (root + 1n) / 2n; next < root; next = (root + value / root) / 2n) root = next;
  return root;
}

/** ⌈√ratio⌉. */
export function ceilingRoot(value: Ratio): bigint {
  const least = ceiling(value);
  const root = integerRoot(least);
  return root * root === least ? root : root + 1n;
}
