/** Errors whose message is written for people and holds no identifier. */
const named = new Set(['ProtocolError', 'WorkError', 'DataError', 'PolicyDenied', 'LedgerError']);
/** Those that speak of this node's own files and columns, which are no partner's business. */
const ofOwnData = new Set(['WorkError', 'DataError']);

/** How a job failed, as both sides show it: what happened, and what to do. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  /** A word of the kind `set-size`: stands on the ledger. */
  readonly code: string;
  /** Whose failure it was, where it was not this node's. */
  readonly partner: string | undefined;

  constructor(code: string, message: string, options: ErrorOptions & { readonly partner?: string } = {}) {
    super(message, options);
    this.code = code;
    this.partner = options.partner;
  }

  /** What partners are told of it. */
  get told(): string {
    const { name } = (this.cause ?? {}) as { name?: string };
    if (!ofOwnData.has(name ?? '')) return this.message;
    return `the other side could not go on with its own data or disk (${this.code}): its job says there what to do`;
  }

  /**
   * Any error of a job as its failure; one that nobody foresaw keeps its message for this node's log alone.
   * @param partner who left the protocol, if anybody did.
   */
  static of(error: unknown, partner?: string): JobFailure {
    if (error instanceof JobFailure) return error;
    const { name, code, message } = error as { name?: string; code?: string; message?: string };
    if (!named.has(name ?? '') || !code) {
      return new JobFailure('internal', 'this node failed in a way that its log describes', { cause: error });
    }
    return new JobFailure(code, message ?? code, {
      cause: error,
      ...(name === 'ProtocolError' && partner ? { partner } : {}),
    });
  }
}

/** This node stops while the job runs: nothing has failed, and the job goes on when the node is back. */
export class JobStopped extends Error {
  override readonly name = 'JobStopped';

  constructor(job: string) {
    super(`job ${job} was stopped and goes on later`);
  }
}

/** The machine under the job gave out (a full disk): what is there is kept, and the job goes on when it is resumed. */
export class JobPaused extends Error {
  override readonly name = 'JobPaused';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The pause that an error asks for; undefined for one that fails the job. */
  static of(error: unknown): JobPaused | undefined {
    const { code, message } = error as { code?: string; message?: string };
    return pausing.has(code ?? '') ? new JobPaused(code!, message ?? code!, { cause: error }) : undefined;
  }
}

const pausing = new Set(['disk-full', 'too-many-open-files', 'read-only']);
