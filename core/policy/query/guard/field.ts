/** Whole numbers modulo a prime below 2^26, so that products are exact in a double. What is zero here by chance, once in 6.7·10⁷, is zero in no second place. */
export const prime = 67_108_859;

export function invert(value: number): number {
  let [a, b, x, y] = [prime, value, 0, 1];
  while (b !== 0) {
    const quotient = Math.floor(a / b);
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0 ? x + prime : x;
}

/** a − factor · b, in place. */
export function subtractMultiple(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) {
    const value = (a[i]! - ((factor * b[i]!) % prime)) % prime;
    a[i] = value < 0 ? value + prime : value;
  }
}
