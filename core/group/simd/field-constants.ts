/** Constants of edwards25519 and ristretto255 (RFC 9496 §4.1), from their definitions. */

/** p = 2^255 − 19. */
export const prime = 2n ** 255n - 19n;

function mod(a: bigint): bigint {
  return ((a % prime) + prime) % prime;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, mod(base)];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

const inverse = (a: bigint): bigint => power(a, prime - 2n);
const isNegative = (a: bigint): boolean => (a & 1n) === 1n;
/** 2^((p − 1)/4), a root of −1. */
const rootOfMinusOne = power(2n, (prime - 1n) / 4n);

/** The root of a square whose least significant bit is 0. */
function root(square: bigint): bigint {
  const candidate = power(square, (prime + 3n) / 8n);
  const found = mod(candidate * candidate) === mod(square) ? candidate : mod(candidate * rootOfMinusOne);
  return isNegative(found) ? prime - found : found;
}

/** D = −121665/121666. */
export const d = mod(-121_665n * inverse(121_666n));
/** SQRT_M1² = −1. */
export const sqrtM1 = root(-1n);
/** SQRT_AD_MINUS_ONE² = −D − 1; of its two roots the odd one. */
export const sqrtAdMinusOne = prime - root(-d - 1n);
/** INVSQRT_A_MINUS_D² = 1/(−1 − D). */
export const invSqrtAMinusD = root(inverse(-1n - d));
/** ONE_MINUS_D_SQ = 1 − D². */
export const oneMinusDSquared = mod(1n - d * d);
/** D_MINUS_ONE_SQ = (D − 1)². */
export const dMinusOneSquared = mod((d - 1n) * (d - 1n));
