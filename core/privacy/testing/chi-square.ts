/** How likely a χ² as large as the one that was seen is under the hypothesis. */

/** @returns P(X ≥ statistic) for X ~ χ² with that many degrees of freedom. */
export function chiSquareTail(statistic: number, degrees: number): number {
  return upperGamma(degrees / 2, statistic / 2);
}

/** Pearson's statistic of observed counts against probabilities that sum to 1, cell by cell. */
export function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  const draws = observed.reduce((sum, count) => sum + count, 0);
  return observed.reduce((sum, count, i) => sum + (count - draws * expected[i]!) ** 2 / (draws * expected[i]!), 0);
}

/** The regularised upper incomplete gamma function Q(a, x), by its series or its continued fraction (DLMF 8.7.1, 8.9.2). */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; term > sum * 1e-16; n += 1) {
      term *= x / n;
      sum += term;
    }
    return 1 - scale * sum;
  }
  let fraction = 0;
  for (let n = 500; n > 0; n--) fraction = (n * (n - a)) / (x + 2 * n + 1 - a - fraction);
  return scale / (x + 1 - a - fraction);
}

/** Of a half integer or an integer. */
function logGamma(a: number): number {
  let value = a % 1 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let k = a % 1 === 0 ? 1 : 0.5; k < a; k++) value += Math.log(k);
  return value;
}
