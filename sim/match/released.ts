import type { RoundCounts } from '@causeway/core/applications/match';
import { outcomeDigest } from '@causeway/core/applications/match';
import { bytesToHex, utf8ToBytes } from '@causeway/core/bytes';
import { sha256 } from '@causeway/core/crypto';
import type { MatchResult } from '@causeway/server/jobs/match';
import type { Released } from '../node/released.ts';

/** What a node gave out for a match. */
export interface MatchReleased extends Released {
  readonly counts: readonly RoundCounts[];
  /** For each round the numbers of the own rows that matched in it; undefined unless this side learns rows. */
  readonly matched: readonly (readonly number[])[] | undefined;
}

export function releasedOf({ outcome, counts, matched, rowCount }: MatchResult): MatchReleased {
  const rows = Array.from({ length: rowCount }, (_, i) => i);
  const content = {
    outcome: outcomeDigest(outcome),
    counts: counts.map((count) => ({ ...count })),
    matched: matched?.map((bits) => rows.filter((row) => bits.has(row))),
  };
  return { ...content, digest: bytesToHex(sha256(utf8ToBytes(JSON.stringify(content)))) };
}
