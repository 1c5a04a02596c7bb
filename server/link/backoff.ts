/** How soon a lost connection is dialled again. */
export interface Reconnect {
  /** Before the first attempt after a cut, at most. */
  readonly firstMs: number;
  /** Between later attempts, at most. */
  readonly longestMs: number;
}

export const reconnectTiming: Reconnect = { firstMs: 250, longestMs: 30_000 };

/**
 * How long to wait before attempt `attempt` (0: the first after a cut), doubling each time; half of it is random, so that many nodes do
 * not all return at once [F50].
 * @param random in [0, 1).
 */
export function backoffMs({ firstMs, longestMs }: Reconnect, attempt: number, random: number): number {
  const ceilingMs = Math.min(firstMs * 2 ** Math.min(attempt, 20), longestMs);
  return ceilingMs / 2 + (ceilingMs / 2) * random;
}
