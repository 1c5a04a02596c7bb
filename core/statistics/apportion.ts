/**
 * Shares a whole number out so that the parts are whole and add up exactly: each part is rounded down, and what is left goes one by one to the
 * largest fractions (Hamilton's method); equal fractions in the order of the parts.
 * @param total a safe integer.
 * @param weights of any common scale, negative ones too; their sum must not be 0.
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const scale = weights.reduce((sum, weight) => sum + weight, 0);
  if (scale === 0 || !Number.isFinite(scale)) throw new RangeError('weights: expected a finite sum other than 0');
  const ideal = weights.map((weight) => (total * weight) / scale);
  const parts = ideal.map(Math.floor);
  const left = total - parts.reduce((sum, part) => sum + part, 0);
  const order = ideal.map((value, i) => ({ i, fraction: value - parts[i]! }));
  order.sort((a, b) => b.fraction - a.fraction || a.i - b.i);
  // Rounding errors of the division may leave less than nothing, or more than one for each part.
  const [whole, rest] = [Math.floor(left / parts.length), left - Math.floor(left / parts.length) * parts.length];
  for (const [rank, { i }] of order.entries()) parts[i]! += whole + (rank < rest ? 1 : 0);
  return parts;
}
