/** What both sides sign after an activation: both lists by their commitments, the exchange by its digest, and what was made of it. It holds no count. */
import { z } from 'zod';
import { bytesToHex } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';
import { campaign } from '../../protocols/opja/index.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const activateOutcome = z.strictObject({
  version: z.literal(1),
  job: z.string().min(1).max(64),
  agreement: digest,
  /** Merkle roots over the blinded lists that were sent. */
  roots: z.strictObject({ proposer: digest, partner: digest }),
  kernels: z.strictObject({ proposer: z.string(), partner: z.string() }),
  transcript: digest,
  made: z.discriminatedUnion('kind', [
    /** The hash key by its digest: see `hashKeyDigest`. */
    z.strictObject({ kind: z.literal('pair'), hashKey: digest }),
    z.strictObject({
      kind: z.literal('opja'),
      campaign: z.strictObject(campaign.shape),
      /** SHA-256 over all labels, in the publisher's secret order. */
      labels: digest,
    }),
  ]),
});

export type ActivateOutcome = z.infer<typeof activateOutcome>;

/** @returns SHA-256 of the canonical outcome, in hexadecimal: what the ledger carries and both sides sign. */
export function activateOutcomeDigest(outcome: ActivateOutcome): string {
  return bytesToHex(sha256(canonicalBytes(outcome as unknown as JsonValue)));
}
