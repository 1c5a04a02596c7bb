/** What all parties sign when a room is loaded: its key, and every upload by its manifest. It holds no count. */
import { z } from 'zod';
import { bytesToHex } from '../../bytes/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { canonicalBytes, type JsonValue } from '../../json/index.ts';
import { contributorsOf, type RoomTerms } from './terms.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const roomOutcome = z.strictObject({
  version: z.literal(1),
  job: z.string().min(1).max(64),
  agreement: digest,
  /** The room's key, Base64. */
  key: z.string().max(44),
  /** In the order of the terms. */
  uploads: z.array(z.strictObject({ organisation: z.string().max(63), manifest: digest })).min(2),
});

export type RoomOutcome = z.infer<typeof roomOutcome>;

/**
 * The outcome as the ledger's record of the room gives it.
 * @throws {RangeError} while an upload is missing.
 */
export function outcomeOf(
  { job, agreement, terms }: { readonly job: string; readonly agreement: string; readonly terms: RoomTerms },
  room: {
    readonly key: string;
    readonly uploads: readonly { readonly organisation: string; readonly manifest: string }[];
  },
): RoomOutcome {
  const uploads = contributorsOf(terms).map((organisation) => {
    const upload = room.uploads.find((one) => one.organisation === organisation);
    if (!upload) throw new RangeError(`${organisation} has not said what it uploads`);
    return { organisation, manifest: upload.manifest };
  });
  return { version: 1, job, agreement, key: room.key, uploads };
}

/** @returns SHA-256 of the canonical outcome, in hexadecimal. */
export function outcomeDigest(outcome: RoomOutcome): string {
  return bytesToHex(sha256(canonicalBytes(outcome as unknown as JsonValue)));
}
