/** What people ask of a node. It is asked again after a crash, as people do, until the ledger has it or refuses it. */
import type { Bodies, EntryType } from '@causeway/core/ledger';
import { LedgerError } from '@causeway/core/ledger';
import type { NetworkLedger } from '@causeway/server/ledger';
import { LinkError } from '@causeway/server/link';
import { DatabaseFailure } from '../world/database-failure.ts';
import type { Process } from '../world/process.ts';

export interface Wish<Type extends EntryType = EntryType> {
  readonly type: Type;
  /** Made anew for each attempt. */
  readonly body: () => Promise<Bodies[Type]>;
  /** Refusals that pass: the wish waits and asks again. */
  readonly passing: readonly string[];
  /** A refusal that says that an earlier attempt was taken. */
  readonly taken: readonly string[];
  /** How often it was brought before the ledger. */
  attemptCount?: number;
  granted?: { readonly index: number | undefined } | { readonly refused: string };
}

const againMs = 700;

/** Brings a wish before the ledger until it is granted or refused. */
export async function pursue(wish: Wish, ledger: NetworkLedger, process: Process): Promise<void> {
  while (wish.granted === undefined) {
    wish.attemptCount = (wish.attemptCount ?? 0) + 1;
    try {
      const index = await ledger.append(wish.type, (await wish.body()) as never);
      wish.granted = { index };
    } catch (error) {
      if (error instanceof LedgerError && !wish.passing.includes(error.code)) {
        // Only who asks again may hear that the ledger has it already: one call answers for all that it tried.
        const isTaken = wish.attemptCount > 1 && wish.taken.includes(error.code);
        wish.granted = isTaken ? { index: undefined } : { refused: error.code };
      } else if (error instanceof LedgerError || error instanceof LinkError || error instanceof DatabaseFailure) {
        await process.pause(againMs);
      } else {
        throw error;
      }
    }
  }
}
