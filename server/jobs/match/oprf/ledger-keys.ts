/** Keys as the ledger has them: what both sides, and later an outsider, can show. */
import { base64ToBytes, bytesToBase64, equalBytes } from '@causeway/core/bytes';
import { LedgerError, type LedgerErrorCode, type OprfKeyScope } from '@causeway/core/ledger';
import type { NetworkLedger } from '../../../ledger/index.ts';
import { type LinkClock, LinkError } from '../../../link/index.ts';
import type { PublishedKey, PublishedKeys } from './ports.ts';

/** How long an operator that cannot be reached is left alone. */
const againMs = 1_000;
/** What an entry is refused with that is on the ledger already, or came after another. */
const overtaken = new Set<LedgerErrorCode>(['duplicate-entry', 'epoch-not-next', 'key-in-use']);

export function ledgerKeys(ledger: NetworkLedger, scope: OprfKeyScope, clock: LinkClock): PublishedKeys {
  const known = (): PublishedKey | undefined => {
    const key = ledger.state.oprfKey(scope);
    return key && { epoch: key.epoch, publicKey: base64ToBytes(key.publicKey) };
  };
  const isKnown = ({ epoch, publicKey }: PublishedKey) => {
    const newest = known();
    return newest?.epoch === epoch && equalBytes(newest.publicKey, publicKey);
  };
  const pause = () => new Promise<void>((resolve) => clock.after(againMs, resolve));
  return {
    newest: async () => known(),

    async confirm(said, signal) {
      // Whoever answers under a key has published it before, so one look at the operator's head is enough.
      while ((known()?.epoch ?? 0) < said.epoch) {
        signal.throwIfAborted();
        try {
          await ledger.sync();
          break;
        } catch (error) {
          // The exchange is tried again where the operator cannot be reached; the own database comes back.
          if (error instanceof LinkError || error instanceof LedgerError) throw error;
          await pause();
        }
      }
      return known();
    },

    async publish(key, signal) {
      const { dataset, form, partner } = scope;
      const body = { dataset, form, partner, epoch: key.epoch, publicKey: bytesToBase64(key.publicKey) };
      while (!isKnown(key)) {
        signal.throwIfAborted();
        try {
          await ledger.append('oprf-key.published', body);
          return;
        } catch (error) {
          if (error instanceof LedgerError) {
            if (overtaken.has(error.code)) await ledger.sync();
            if (!isKnown(key)) throw error;
          } else await pause();
        }
      }
    },
  };
}
