/** What both sides sign after a run: inputs by their commitments, the whole exchange by its digest. It holds no count. */
import { z } from 'zod';
import { bytesToHex } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const matchOutcome = z.strictObject({
  version: z.literal(1),
  job: z.string().min(1).max(64),
  agreement: digest,
  rounds: z.array(
    z.strictObject({
      form: z.string(),
      /** Merkle roots over the blinded lists that were sent. */
      roots: z.strictObject({ proposer: digest, partner: digest }),
      kernels: z.strictObject({ proposer: z.string(), partner: z.string() }),
      transcript: digest,
      /** Under which the side with the table answered, where the protocol has one: as it is published on the ledger. */
      key: z
        .strictObject({ epoch: z.int().min(1), publicKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/) })
        .exactOptional(),
    }),
  ),
});

export type MatchOutcome = z.infer<typeof matchOutcome>;

/** @returns SHA-256 of the canonical outcome, in hexadecimal: what the ledger carries and both sides sign. */
export function outcomeDigest(outcome: MatchOutcome): string {
  return bytesToHex(sha256(canonicalBytes(outcome as unknown as JsonValue)));
}
