const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * How long to wait before attempt `attempt` (0: the first after a cut), doubling up to 30 s; half of it is random, so that many
 * nodes do not all return at once [F50].
 * @param random in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const ceilingMs = Math.min(FIRST_MS * 2 ** Math.min(attempt, 16), LONGEST_MS);
  return ceilingMs / 2 + (ceilingMs / 2) * random;
}
