/**
 * What a match is to give, worked out from the two plain lists by the definition alone: no key, no group, no code of the product. A row
 * matches in the first round in which its identifier is in the partner's list; where both sides learn rows, a row that matched takes no
 * part in later rounds.
 */
import type { Receiver } from '@causeway/core/applications/match';
import type { Row } from '../scenario/lists.ts';

export interface PlainRound {
  /** Rows with an identifier, distinct ones among them, and the partner's distinct ones. */
  readonly rows: number;
  readonly keys: number;
  readonly partnerKeys: number;
  /** Distinct identifiers in both lists. */
  readonly shared: number;
  /** Numbers of the own rows that matched in this round first. */
  readonly matched: readonly number[];
}

export interface PlainMatch {
  readonly proposer: readonly PlainRound[];
  readonly partner: readonly PlainRound[];
}

export function plainMatch(
  lists: { readonly proposer: readonly Row[]; readonly partner: readonly Row[] },
  { receiver, rounds }: { readonly receiver: Receiver; readonly rounds: number },
): PlainMatch {
  const gone = { proposer: new Set<number>(), partner: new Set<number>() };
  const result = { proposer: [] as PlainRound[], partner: [] as PlainRound[] };
  for (let round = 0; round < rounds; round++) {
    const taking = (side: 'proposer' | 'partner') =>
      lists[side].flatMap((ids, row) => {
        const id = ids[round];
        const left = receiver === 'both' && gone[side].has(row);
        return id === undefined || left ? [] : [{ row, id }];
      });
    const present = { proposer: taking('proposer'), partner: taking('partner') };
    const distinct = {
      proposer: new Set(present.proposer.map(({ id }) => id)),
      partner: new Set(present.partner.map(({ id }) => id)),
    };
    for (const [own, other] of [
      ['proposer', 'partner'],
      ['partner', 'proposer'],
    ] as const) {
      const hits = present[own].filter(({ id }) => distinct[other].has(id));
      const matched = hits.map(({ row }) => row).filter((row) => !gone[own].has(row));
      result[own].push({
        rows: present[own].length,
        keys: distinct[own].size,
        partnerKeys: distinct[other].size,
        shared: new Set(hits.map(({ id }) => id)).size,
        matched,
      });
    }
    for (const side of ['proposer', 'partner'] as const)
      for (const row of result[side][round]!.matched) gone[side].add(row);
  }
  return result;
}
