import type { RoomOutcome, RoomTerms } from '@causeway/core/applications/room';
import type { RoomState } from '@causeway/core/ledger';
import type { NetworkLedger } from '../../ledger/index.ts';
import type { JobLife } from '../life/index.ts';

export interface RoomRun {
  readonly job: string;
  /** Digest of the terms, in hexadecimal. */
  readonly agreement: string;
  readonly terms: RoomTerms;
}

export interface RoomResult extends RoomRun {
  readonly outcome: RoomOutcome;
}

export interface RoomReport {
  /** Name of the stage. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

interface Waiting {
  readonly run: RoomRun;
  readonly ledger: NetworkLedger;
  readonly life: JobLife;
}

/** Waits until the keeper has opened the room. @throws {JobFailure} `partner-silent`; the signal's reason. */
export function untilOpened({ run, ledger, life }: Waiting): Promise<RoomState> {
  return until(life, () => {
    const room = ledger.state.room(run.job);
    return room ? { found: room } : { waitsFor: run.terms.room };
  });
}

/** Waits until every contributor has said what it uploads. @throws {JobFailure} `partner-silent`; the signal's reason. */
export function untilUploaded({ run, ledger, life }: Waiting): Promise<RoomState> {
  return until(life, () => {
    const room = ledger.state.room(run.job);
    const missing = run.terms.contributors.find(
      ({ organisation }) => !room?.uploads.some((upload) => upload.organisation === organisation),
    );
    return missing ? { waitsFor: missing.organisation } : { found: room! };
  });
}

async function until<T>(life: JobLife, look: () => { readonly found: T } | { readonly waitsFor: string }): Promise<T> {
  life.heard();
  for (;;) {
    const seen = look();
    if ('found' in seen) return seen.found;
    await life.checkSilence(seen.waitsFor);
    await life.pause(life.stop);
  }
}

/** Runs things that end together: the first failure ends the others, and none is left behind. */
export async function together<T>(
  life: JobLife,
  main: (signal: AbortSignal) => Promise<T>,
  others: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<T> {
  const failed = new AbortController();
  const all = AbortSignal.any([life.stop, failed.signal]);
  all.throwIfAborted();
  const guard = <R>(work: Promise<R>) =>
    work.catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
  const tasks = others.map((work) => guard(work(all)));
  for (const task of tasks) life.beside(task);
  const [ended, ...rest] = await Promise.allSettled([guard(main(all)), ...tasks]);
  if (failed.signal.aborted) throw failed.signal.reason;
  for (const one of [ended, ...rest]) if (one.status === 'rejected') throw one.reason;
  return (ended as PromiseFulfilledResult<T>).value;
}
