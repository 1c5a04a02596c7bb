/** What a command sees of the world that it was started in, so that a test can be that world. */
import type { Readable, Writable } from 'node:stream';

export interface Terminal {
  readonly input: Readable;
  /** The result, and nothing else. */
  readonly output: Writable;
  /** Progress, questions, problems. */
  readonly error: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  /** A person can be asked: input and `error` are both terminals. */
  readonly interactive: boolean;
  /** Width of the terminal behind `error`; undefined where there is none, or none that can rewrite a line. */
  readonly columns: () => number | undefined;
  /** Calls back on Ctrl-C or a request to end, instead of ending the process. Returns how to stop listening. */
  readonly onInterrupt: (handler: () => void) => () => void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    // The reader of a pipe has gone (`causeway job list | head -1`): end as SIGPIPE would.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(141);
      throw error;
    });
  }
  return {
    input: process.stdin,
    output: process.stdout,
    error: process.stderr,
    env: process.env,
    folder: process.cwd(),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    columns: () => (process.stderr.isTTY && process.env.TERM !== 'dumb' ? process.stderr.columns || 80 : undefined),
    onInterrupt: (handler) => {
      const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      for (const signal of signals) process.on(signal, handler);
      return () => {
        for (const signal of signals) process.off(signal, handler);
      };
    },
  };
}
