/** What both sides sign after a run: inputs by their commitments, the exchange and the salted result by digests. It holds no figure. */
import { z } from 'zod';
import { bytesToHex } from '../../../bytes/index.ts';
import { sha256 } from '../../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../../json/index.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const insightOutcome = z.strictObject({
  version: z.literal(1),
  job: z.string().min(1).max(64),
  agreement: digest,
  /** SHA-256 over the blinded lists that were sent. */
  roots: z.strictObject({ proposer: digest, partner: digest }),
  kernels: z.strictObject({ proposer: z.string(), partner: z.string() }),
  /** Of all messages, M1 to M8. */
  transcript: digest,
  /** Of the figures with a salt: they are small, and could be guessed. */
  result: digest,
});

export type InsightOutcome = z.infer<typeof insightOutcome>;

/** @returns SHA-256 of the canonical outcome, in hexadecimal: what the ledger carries and both sides sign. */
export function insightOutcomeDigest(outcome: InsightOutcome): string {
  return bytesToHex(sha256(canonicalBytes(outcome as unknown as JsonValue)));
}
