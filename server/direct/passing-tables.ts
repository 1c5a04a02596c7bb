/**
 * Tables of a direct match: they live for the run. There is no ledger to publish a key on, so the key of the partner's first hello is the one that
 * all of the run is held to; both sides' digests of the exchange contain it. The agreed size of the list is the budget.
 */
import type { OprfPorts, PublishedKey } from '../jobs/match/oprf/index.ts';
import { openWorkFolder } from '../jobs/work/index.ts';

/** @param folder erased after the run. */
export async function passingTables(folder: string): Promise<OprfPorts> {
  let key: PublishedKey | undefined;
  return {
    tables: await openWorkFolder(folder, { durable: 'no' }),
    alone: (work) => work(),
    source: async () => 'this run',
    keys: {
      newest: async () => key,
      confirm: async ({ epoch, publicKey }) => {
        key ??= { epoch, publicKey };
        return key;
      },
      publish: async (own) => {
        key = own;
      },
    },
    // The protocol refuses a list over the size agreed, for which the table is made; and it is asked once.
    budget: { spent: async () => 0, spend: async () => {} },
    evaluationsOfEpoch: 0,
    nowMs: () => Date.now(),
  };
}
