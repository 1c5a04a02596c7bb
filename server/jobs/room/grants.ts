import { budgetsOf, type RoomTerms } from '@causeway/core/applications/room';
import { type Bodies, formatTime, type LedgerState } from '@causeway/core/ledger';

/** A budget that the terms grant is renewed by its owner, no earlier than this. */
const renewableAfterMs = 30 * 24 * 3600_000;

/** What a person of an organisation has signed with the terms of a room; a budget that was granted before stays as it is. */
export function budgetsToGrant(
  terms: RoomTerms,
  of: { readonly organisation: string; readonly state: LedgerState; readonly wallMs: number },
): Bodies['budget.granted'][] {
  const granted = of.state.budgets({ owner: of.organisation });
  const renewableAt = formatTime(of.wallMs + renewableAfterMs);
  return budgetsOf(terms)
    .filter(({ owner }) => owner === of.organisation)
    .filter(
      (own) => !granted.some(({ subjects, receivers }) => subjects === own.subjects && receivers === own.receivers),
    )
    .map(({ subjects, receivers }) => ({ subjects, receivers, period: 1, rho: terms.budgetRho, renewableAt }));
}
