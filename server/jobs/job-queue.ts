/**
 * The durable queue of a node's jobs: DBOS on the node's own PostgreSQL. A workflow is one attempt at a job, which begins again when the
 * node comes back. How far it had come is for the job's folder to say, and for nothing beside it: the steps of a workflow would be known by
 * their position, and which of them are left to do depends on what the other parties have done in the meantime.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Log } from '../observe/index.ts';

export interface JobQueueOptions {
  /** Where the queue keeps its tables; holds the password and is never logged. */
  readonly databaseUrl: string;
  readonly log: Log;
  /** Runs an attempt to its end. It never throws for a failed job: what failed is on record before it returns. */
  readonly run: (attempt: string) => Promise<void>;
}

/** Changes when a release cannot go on with what another one has left in a job's folder. */
const jobFormat = 'causeway-jobs/1';

export class JobQueue {
  readonly #start: (attempt: string) => Promise<unknown>;

  private constructor(start: (attempt: string) => Promise<unknown>) {
    this.#start = start;
  }

  /** Opens the queue and goes on with what was under way. One queue a process. */
  static async open({ databaseUrl, log, run }: JobQueueOptions): Promise<JobQueue> {
    DBOS.setConfig({
      name: 'causeway',
      systemDatabaseUrl: withIdleLimit(databaseUrl),
      systemDatabaseSchemaName: 'jobs',
      systemDatabasePoolSize: 4,
      applicationVersion: jobFormat,
      executorID: 'node',
      logger: {
        // Its messages may quote a step's input: they are kept out of our log but for the fact.
        info: () => {},
        debug: () => {},
        warn: () => log.warn('the job queue warned', {}),
        error: (entry: unknown) =>
          log.error('the job queue reported an error', { error: entry instanceof Error ? entry : undefined }),
      },
    });
    // DBOS takes what is started in the wake of an attempt for its child, and refuses it once the attempt has ended; and a record that one job
    // has brought from the ledger starts the next. So no attempt leaves its mark on what it sets off.
    const outside = AsyncLocalStorage.snapshot();
    const workflow = DBOS.registerWorkflow((attempt: string) => outside(run, attempt), { name: 'attempt' });
    await DBOS.launch();
    return new JobQueue((attempt) => outside(() => DBOS.startWorkflow(workflow, { workflowID: attempt })(attempt)));
  }

  /** Starts an attempt; the same name again changes nothing. */
  async start(attempt: string): Promise<void> {
    await this.#start(attempt);
  }

  /** Attempts under way stay on record and go on when the queue is opened again. */
  async close(): Promise<void> {
    await DBOS.shutdown();
  }
}

const idleLimit = 'idle_in_transaction_session_timeout';

/**
 * The limit on idle transactions as the connection's own. DBOS else sends it on each new connection without waiting for the answer, beside the query that the
 * connection was opened for, which pg 9 refuses.
 */
function withIdleLimit(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const options = url.searchParams.get('options') ?? '';
  if (!options.includes(idleLimit)) url.searchParams.set('options', `${options} -c ${idleLimit}=60s`.trimStart());
  return url.href;
}
