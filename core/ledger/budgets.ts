/** Budgets: what answers about an organisation's people may tell a group of receivers. Only these entries renew one, at the ledger's time. */
import { formatTime, parseTime } from './bodies.ts';
import { activeMember, type Rule } from './books.ts';
import { LedgerError } from './error.ts';

export const budgetGranted: Rule<'budget.granted'> = (books, entry, place) => {
  const { subjects, receivers, period, rho, renewableAt } = entry.body;
  const owner = activeMember(books, entry.author).organisation;
  const key = `${owner}/${subjects}/${receivers}`;
  const known = books.budgets.get(key);
  const expected = (known?.period ?? 0) + 1;
  if (period !== expected) {
    const message = `this budget's next grant is number ${expected}, not ${period}`;
    throw new LedgerError('budget-period', message, { pointer: '/body/period' });
  }
  if (known !== undefined && place.sequencedAtMs < known.renewableAtMs) {
    const message = `this budget cannot be renewed before ${formatTime(known.renewableAtMs)}`;
    throw new LedgerError('budget-not-renewable', message);
  }
  const renewableAtMs = parseTime(renewableAt);
  return () => {
    const records = [...(known?.records ?? []), place.index];
    books.budgets.set(key, { owner, subjects, receivers, period, rho, renewableAtMs, records });
  };
};
