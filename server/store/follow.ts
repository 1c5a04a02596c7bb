import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A row now and each time it has changed, until it has ended, is gone, or nobody listens any more. Changes between two looks come as one:
 * each row is whole, so nothing is lost by that.
 */
export async function* follow<Row extends { readonly sequence: number }>(options: {
  readonly read: () => Promise<Row | undefined>;
  readonly hasEnded: (row: Row) => boolean;
  /** Rows up to this sequence are known to the reader already. */
  readonly after?: number | undefined;
  readonly signal: AbortSignal;
  readonly intervalMs?: number;
}): AsyncGenerator<Row> {
  let seen = options.after ?? 0;
  while (!options.signal.aborted) {
    const row = await options.read();
    if (row === undefined) return;
    if (row.sequence > seen) {
      seen = row.sequence;
      yield row;
    }
    if (options.hasEnded(row)) return;
    await sleep(options.intervalMs ?? 250, undefined, { signal: options.signal, ref: false }).catch(() => {});
  }
}
