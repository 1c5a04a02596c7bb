/** What happened in a run, line by line; kept only where somebody wants to read it. */
export type Trace = (who: string, what: string) => void;

/** @returns the trace, and its lines so far: virtual seconds, who, what. */
export function recordTrace(nowMs: () => number): { trace: Trace; lines: string[] } {
  const lines: string[] = [];
  const trace: Trace = (who, what) => {
    lines.push(`${(nowMs() / 1000).toFixed(4).padStart(9)}  ${who.padEnd(8)}  ${what}`);
  };
  return { trace, lines };
}

export const noTrace: Trace = () => {};
