/** What both sides sign after a delivery: the receipt. It holds no value and no count. */
import { z } from 'zod';
import { bytesToHex } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const deliverOutcome = z.strictObject({
  version: z.literal(1),
  job: z.string().min(1).max(64),
  agreement: digest,
  /** SHA-256 of the manifest: see `DeliverManifest`. */
  manifest: digest,
});

export type DeliverOutcome = z.infer<typeof deliverOutcome>;

/** @returns SHA-256 of the canonical outcome, in hexadecimal: what the ledger carries and both sides sign. */
export function deliverOutcomeDigest(outcome: DeliverOutcome): string {
  return bytesToHex(sha256(canonicalBytes(outcome as unknown as JsonValue)));
}
