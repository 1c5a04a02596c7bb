import { join } from 'node:path';
import pino, { type Level, type Logger } from 'pino';
import { type LogFields, safeFields } from './fields.ts';
import { RotatingFile } from './rotating-file.ts';

/** What the rest of the node writes to. `event` is a fixed phrase of the source; all that varies goes into fields. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log with fields on every line, such as the job. */
  with(fields: LogFields): Log;
}

export interface LogOptions {
  /** `<home>/logs/causeway.log`, where given, keeps every line from `info` up. */
  readonly home?: string;
  /** What goes to stderr, from this level up; `silent` for nothing. */
  readonly stderrLevel?: Level | 'silent';
  /** Where lines go that would go to stderr. */
  readonly stderr?: { write(line: string): void };
  readonly now: () => number;
  /** Lines of one event and level in one second; more are counted and told when the second is over. */
  readonly linesPerSecondMax?: number;
  readonly bytesMax?: number;
  readonly keptMax?: number;
}

export interface NodeLog extends Log {
  /** Tells what was held back and closes the file. */
  close(): void;
}

/**
 * One JSON object a line: `time` (RFC 3339), `level`, `event`, and the fields of `fields.ts`, which are the only ones.
 * JSON escapes line ends, so a value can never begin a line of its own.
 */
export function createLog(options: LogOptions): NodeLog {
  const file =
    options.home === undefined
      ? undefined
      : new RotatingFile({
          path: join(options.home, 'logs', 'causeway.log'),
          bytesMax: options.bytesMax ?? 10 * 2 ** 20,
          keptMax: options.keptMax ?? 5,
        });
  const stderrLevel = options.stderrLevel ?? 'info';
  const streams: pino.StreamEntry[] = [];
  if (file !== undefined) streams.push({ level: 'info', stream: file });
  if (stderrLevel !== 'silent') {
    streams.push({ level: stderrLevel, stream: options.stderr ?? pino.destination({ dest: 2, sync: true }) });
  }
  const logger = pino(
    {
      level: 'trace',
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date(options.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.multistream(streams),
  );
  const gate = new FloodGate(options.now, options.linesPerSecondMax ?? 100, logger);
  return {
    ...lines(logger, gate),
    close: () => {
      gate.flush();
      if (file !== undefined && file.lost > 0) logger.warn({ count: file.lost }, 'log lines could not be written');
      file?.close();
    },
  };
}

function lines(logger: Logger, gate: FloodGate): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: LogFields) => {
    if (gate.admits(level, event)) logger[level](fields === undefined ? {} : safeFields(fields), event);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => lines(logger.child(safeFields(fields)), gate),
  };
}

/** Keeps one event that repeats without end from filling the disk and hiding the others. */
class FloodGate {
  readonly #now: () => number;
  readonly #linesMax: number;
  readonly #logger: Logger;
  readonly #counts = new Map<string, number>();
  #second = 0;

  constructor(now: () => number, linesMax: number, logger: Logger) {
    this.#now = now;
    this.#linesMax = linesMax;
    this.#logger = logger;
  }

  admits(level: string, event: string): boolean {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) {
      this.flush();
      this.#second = second;
    }
    const key = `${level} ${event}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count <= this.#linesMax;
  }

  flush(): void {
    for (const [key, count] of this.#counts) {
      if (count <= this.#linesMax) continue;
      this.#logger.warn({ of: key, count: count - this.#linesMax }, 'lines of one event held back');
    }
    this.#counts.clear();
  }
}

/** For parts that log, in tests that do not look. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};
