/**
 * What becomes, in a home that was restored, of the runs that were under way when its backup was made: they are over. Their working data is
 * in no backup, because the secrets of a run must never be used twice, and the partner may have come to its end with the node of before.
 */
import { LedgerError } from '@causeway/core/ledger';
import { problemFrom } from '../http/index.ts';
import { JobFailure } from '../jobs/life/index.ts';
import type { NetworkLedger } from '../ledger/index.ts';
import type { Services } from './services.ts';

const failure = new JobFailure(
  'restored',
  'this run was under way when the backup was made from which this node was restored; run the agreement again',
);
const againMs = 5_000;

/** Ends them here, before the queue is opened, and says so on the ledger as soon as that can be reached. */
export async function endRestoredJobs({ store, clock, home, network, log }: Services): Promise<void> {
  for (const { id } of await store.jobs.unfinished()) {
    const row = await store.jobs.take(id, { name: home.config.organisation, atMs: clock.wallMs() });
    if (!row) continue;
    const error = { ...problemFrom(failure), job: id };
    await store.jobs.end({ id, fence: row.fence }, { status: 'failed', atMs: clock.wallMs(), error });
    log.warn('a job ended without a result', { job: id, code: failure.code });
    network.whenOpen((ledger) => void sayFailed(ledger, id, clock));
  }
}

async function sayFailed(ledger: NetworkLedger, job: string, clock: Services['clock']): Promise<void> {
  try {
    // Something may have been sent: what this node knows of it ends with the backup.
    await ledger.append('job.failed', { job, code: failure.code, exchanged: true });
  } catch (error) {
    // A rule refuses it where the job has ended; else the ledger could not be reached.
    const isRefused = error instanceof LedgerError && error.code !== 'unconfirmed';
    if (!isRefused) clock.after(againMs, () => void sayFailed(ledger, job, clock));
  }
}
