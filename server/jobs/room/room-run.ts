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

/**
 * Waits until the ledger's record of the room says something.
 * @throws {JobFailure} `partner-silent` when nothing was heard for too long; the signal's reason.
 */
export async function untilRoom<T>(
  of: { readonly job: string; readonly ledger: NetworkLedger; readonly life: JobLife; readonly waitsFor: string },
  look: (room: RoomState) => T | undefined,
): Promise<T> {
  const { job, ledger, life, waitsFor } = of;
  life.heard();
  for (;;) {
    const room = ledger.state.room(job);
    const found = room && look(room);
    if (found !== undefined) return found;
    life.checkSilence(waitsFor);
    await life.pause(life.stop);
  }
}

/** Runs things that end together: the first failure ends the others, and none is left behind. */
export async function together<T>(
  signal: AbortSignal,
  main: (signal: AbortSignal) => Promise<T>,
  others: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<T> {
  const failed = new AbortController();
  const all = AbortSignal.any([signal, failed.signal]);
  const guard = <R>(work: Promise<R>) =>
    work.catch((error: unknown) => {
      failed.abort(error);
      throw error;
    });
  const [ended, ...rest] = await Promise.allSettled([guard(main(all)), ...others.map((work) => guard(work(all)))]);
  if (failed.signal.aborted) throw failed.signal.reason;
  for (const one of [ended, ...rest]) if (one.status === 'rejected') throw one.reason;
  return (ended as PromiseFulfilledResult<T>).value;
}
