/** Following long work to its end. It goes on in the node whatever happens here. */
import { ApiError, type ResponseOf } from '@causeway/sdk';
import type { Cli } from './cli.ts';
import { CommandError } from './problem.ts';
import type { Job } from './show/job.ts';
import { progressLine, type Standing } from './show/progress.ts';

export type Operation = ResponseOf<'operation.show'>;

/** @returns the job as it ended. @throws {CommandError} `interrupted` after Ctrl-C; the job runs on. */
export function followJob(cli: Cli, job: string): Promise<Job> {
  return follow(cli, {
    events: (signal) => cli.api().job.events({ job }, { signal }),
    standing: (event) => event.job,
    left: cli.words.follow.jobLeft(job),
    comeBack: `causeway job show ${job} --follow`,
  });
}

/** @returns the operation as it ended. @throws {CommandError} `interrupted` after Ctrl-C; the operation runs on. */
export function followOperation(cli: Cli, operation: string): Promise<Operation> {
  return follow(cli, {
    events: (signal) => cli.api().operation.events({ operation }, { signal }),
    standing: (event) => event.operation,
    left: cli.words.follow.operationLeft(operation),
    comeBack: `causeway operation show ${operation} --follow`,
  });
}

/** Whether a job or an operation will not change any more; an interrupted job may still go on. */
export function hasEnded({ status }: Standing): boolean {
  return status === 'finished' || status === 'failed' || status === 'cancelled';
}

async function follow<Event, Item extends Standing>(
  cli: Cli,
  {
    events,
    standing,
    left,
    comeBack,
  }: {
    readonly events: (signal: AbortSignal) => AsyncIterable<Event>;
    readonly standing: (event: Event) => Item;
    readonly left: string;
    readonly comeBack: string;
  },
): Promise<Item> {
  const line = progressLine(cli);
  const stop = new AbortController();
  const forget = cli.terminal.onInterrupt(() => stop.abort());
  try {
    for await (const event of events(stop.signal)) {
      const item = standing(event);
      if (hasEnded(item)) return item;
      line.update(item);
    }
  } catch (error) {
    const gone = error instanceof ApiError && error.code === 'unreachable';
    if (!stop.signal.aborted && !gone) throw error;
  } finally {
    line.end();
    forget();
  }
  if (stop.signal.aborted) throw new CommandError('interrupted', left, cli.words.follow.comeBack(comeBack));
  throw new CommandError('lost', cli.words.follow.lost, cli.words.follow.comeBack(comeBack));
}
