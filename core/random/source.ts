/**
 * A source of uniformly random bytes. In production this is the operating system's generator; a deterministic one belongs in tests and
 * simulations alone.
 */
export interface RandomSource {
  /** @returns `count` fresh bytes in an array that the caller owns. */
  bytes(count: number): Uint8Array;
}
