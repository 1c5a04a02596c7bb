/** A network’s whole ledger as one document, which verifies without a node. */
import { bytesToHex } from '@causeway/core/bytes';
import { encodeRecord, LedgerError, parseRecord, verifyLog } from '@causeway/core/ledger';
import type { Client } from '@causeway/sdk';
import { z } from 'zod';

export const copyFormat = 'causeway/ledger-copy/v1';

/** Records in the order of the ledger, from 0, as the local API tells them. */
const ledgerCopy = z.strictObject({
  format: z.literal(copyFormat),
  /** The latest checkpoint, a signed note with its cosignatures. */
  head: z.string(),
  records: z.array(z.strictObject({ index: z.int().min(0), sequencedAt: z.iso.datetime(), entry: z.unknown() })),
});
export type LedgerCopy = z.infer<typeof ledgerCopy>;

export interface CopyReport {
  readonly ok: boolean;
  readonly records: number;
  readonly root: string;
  readonly cosigners: readonly string[];
  readonly detail: string;
  readonly firstBroken?: number | undefined;
  readonly network?: string;
  readonly operator?: string;
  /** False where the operator’s key was read from record 0: then all hangs on that record being the right one. */
  readonly operatorKeyGiven?: boolean;
}

/** Reads all of a node’s copy. The head comes first, so that no record that it covers is missing. */
export async function copyLedger(api: Client): Promise<LedgerCopy> {
  const { note } = await api.ledger.head();
  const records: LedgerCopy['records'] = [];
  let after: string | undefined;
  do {
    const page = await api.ledger.show({ limit: 1000, ...(after === undefined ? {} : { after }) });
    records.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return { format: copyFormat, head: note, records: records.reverse() };
}

/** Recomputes every hash, signature and rule. What does not hold is told, not thrown. */
export function verifyCopy(document: unknown, operatorKey: Uint8Array | undefined): CopyReport {
  const broken = { ok: false, records: 0, root: '', cosigners: [] };
  const copy = ledgerCopy.safeParse(document);
  if (!copy.success) return { ...broken, detail: `not a document of the form ${copyFormat}` };
  const { head, records } = copy.data;
  try {
    const leaves = records.map(({ index, sequencedAt, entry }) =>
      encodeRecord(parseRecord({ index, sequencedAt: Date.parse(sequencedAt), entry })),
    );
    const report = verifyLog({ leaves, head, operatorKey });
    const { size, root } = report.head;
    const beyond = report.beyondHead === 0 ? '' : `; ${report.beyondHead} more that nobody has signed for yet`;
    return {
      ok: true,
      records: size,
      root: bytesToHex(root),
      cosigners: report.cosigned.map(({ organisation }) => organisation),
      detail: `${size} records, every hash, signature and rule holds${beyond}`,
      network: report.log.network,
      operator: report.log.operator,
      operatorKeyGiven: report.operatorKeyGiven,
    };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return {
      ...broken,
      records: records.length,
      detail: error.message,
      ...(error.index === undefined ? {} : { firstBroken: error.index }),
    };
  }
}
