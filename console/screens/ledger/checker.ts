/** The page's end of the thread that checks. */
import type { client as nodeClient } from '../../app/client.ts';
import { AskedThread } from '../../threads/asked-thread.ts';
import type { LedgerVerdict, Task, ToldRecord, Verdicts } from './ledger-worker.ts';

export type Checker = AskedThread<Task, Verdicts, string>;

/** Records in a page of the API. */
const pageRecords = 1000;

export function openChecker(): Checker {
  return new AskedThread(
    new Worker(new URL('./ledger-worker.ts', import.meta.url), { type: 'module' }),
    (failure) => new Error(failure ?? 'the thread that checks has ended'),
  );
}

/**
 * Reads the node's whole copy and checks every hash, signature and rule of it.
 * @param of.operatorKey Base64, as the reader knows it; the ledger's own first record says it otherwise.
 */
export async function verifyLedger(
  checker: Checker,
  of: {
    readonly client: typeof nodeClient;
    readonly operatorKey: string | undefined;
    readonly onProgress: (records: { readonly done: number; readonly total: number }) => void;
  },
): Promise<LedgerVerdict> {
  const { client, operatorKey, onProgress } = of;
  // The head comes first, so that no record that it covers is missing.
  const { note, records: size } = await client.ledger.head();
  const pages: (readonly ToldRecord[])[] = [];
  let after: string | undefined;
  do {
    const page = await client.ledger.show({ limit: pageRecords, ...(after === undefined ? {} : { after }) });
    pages.push(page.items);
    after = page.next;
  } while (after !== undefined);
  await checker.ask({ kind: 'begin', size, operatorKey });
  let done = 0;
  // The API tells the newest first, and the rules are replayed from the oldest on.
  for (const page of pages.reverse()) {
    const broken = await checker.ask({ kind: 'records', records: page.toReversed() });
    if (broken !== null) return broken;
    done += page.length;
    onProgress({ done, total: size });
  }
  return checker.ask({ kind: 'end', note });
}
