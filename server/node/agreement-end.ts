/** Whether what an agreement gave may still be used: until somebody revokes it, and until its date. That all of its runs are used up does not matter. */
import { ApiProblem } from '../http/index.ts';
import type { AgreementRow } from '../store/index.ts';
import { termsOf } from './agreements.ts';
import type { Services } from './services.ts';

type Parts = Pick<Services, 'network' | 'store' | 'clock'>;

/** How an agreement ended, and by whom or when. */
export type AgreementEnd =
  | { readonly how: 'revoked'; readonly by: string }
  | { readonly how: 'expired'; readonly at: string };

/**
 * @returns how the agreement ended, by this node's copy of the ledger; or how the one did that it builds on, as a delivery does on its match.
 * @throws {ApiProblem} `conflict` where this node does not know the one that it builds on.
 */
export async function endOf(row: AgreementRow, parts: Parts): Promise<AgreementEnd | undefined> {
  const own = ownEnd(row, parts);
  const terms = termsOf(row);
  if (own !== undefined || terms.operation !== 'deliver') return own;
  const base = await parts.store.agreements.find(terms.match.agreement);
  if (base) return endOf(base, parts);
  throw new ApiProblem({
    code: 'conflict',
    detail: 'this node does not know the agreement of the match that the delivery stands on, so its end cannot be kept',
    remedy: 'run the match again, and agree on a delivery of it',
  });
}

/** In words: what an agreement ended by. */
export function endText(end: AgreementEnd): string {
  return end.how === 'revoked' ? `was revoked by ${end.by}` : `ended at ${end.at}`;
}

function ownEnd(row: AgreementRow, { network, clock }: Parts): AgreementEnd | undefined {
  const state = network.ledgerIfAny?.state.agreement(row.id);
  if (state?.revokedBy !== undefined) return { how: 'revoked', by: state.revokedBy };
  // Revoked here, where the network is not there to say so any more.
  if (row.status === 'revoked') return { how: 'revoked', by: 'this organisation' };
  const { expiresAt } = termsOf(row).limits;
  return Date.parse(expiresAt) > clock.wallMs() ? undefined : { how: 'expired', at: expiresAt };
}
