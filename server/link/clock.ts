/** Time for a link: a clock that never jumps, the time of day, and timers. A simulation passes its own. */
export interface LinkClock {
  /** Milliseconds since an arbitrary moment; never goes back. */
  nowMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Runs `action` once after `delayMs`. @returns what cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: LinkClock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, action) => {
    const timer = setTimeout(action, Math.min(delayMs, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
