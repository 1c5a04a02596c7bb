/** What each side of a run sees, as data: from the plan alone. README, "Who learns what". */
import { elementBytes } from '../../group/index.ts';
import type { Received } from '../disclosure.ts';
import { gateRange } from './gate.ts';
import type { Role } from './messages.ts';
import { checkCount, ciphertextBytes, labelCount, listSizes, tagBytes } from './parameters.ts';
import { canaryCounts, cellCountOf, gateLines, hasGate, releasedMeasures, type SumPlan } from './plan.ts';

export interface SumStatement {
  /** In words of the application. */
  readonly learns: readonly SumLearned[];
  /** All that comes over the wire but hello and done: no message of another kind, and none that is longer. */
  readonly receives: readonly Received[];
}

export type SumLearned =
  /** Rows of the other side, of each of its groups. */
  | { readonly what: 'partner-set-size' }
  /** For each cell and group a count, and sums of the columns, where they are not held back. */
  | { readonly what: 'figures'; readonly cells: number; readonly groups: number; readonly noisy: boolean }
  /** Which figures are held back. */
  | { readonly what: 'held-back' }
  /** The number of matched rows, blurred. */
  | { readonly what: 'blurred-total' }
  /** Of each of so many figures, whether it is below the minimum. */
  | { readonly what: 'verdicts'; readonly figures: number };

/** @param rows of each of the receiver's groups, and of the sender. */
export function discloseSide(
  role: Role,
  plan: SumPlan,
  rows: { readonly groups: readonly number[]; readonly sender: number },
): SumStatement {
  const sizes = listSizes(rows);
  const receiver = sizes.groups.reduce((sum, count) => sum + count, 0);
  const { groupCount } = plan;
  const lines = hasGate(plan) ? gateLines(plan).length : 0;
  const places = lines + canaryCounts(lines).all;
  if (role === 'sender') {
    return {
      learns: [{ what: 'partner-set-size' }, ...(lines > 0 ? [{ what: 'verdicts' as const, figures: lines }] : [])],
      receives: [
        { message: 'points', bytes: receiver * elementBytes, order: 'sorted' },
        { message: 'labels', bytes: groupCount * labelCount * elementBytes, order: 'none' },
        { message: 'bits', bytes: sizes.sender * groupCount * ciphertextBytes, order: 'own' },
        { message: 'opening', bytes: (groupCount + 1) * checkCount * groupCount * 32, order: 'none' },
        ...(lines > 0 ? [{ message: 'verdicts', bytes: 2 * places, order: 'none' as const }] : []),
      ],
    };
  }
  const figures = groupCount * cellCountOf(plan) * releasedMeasures(plan).length;
  return {
    learns: [
      { what: 'partner-set-size' },
      { what: 'figures', cells: cellCountOf(plan), groups: groupCount, noisy: plan.protection.kind === 'noise' },
      ...(lines > 0 ? [{ what: 'held-back' as const }] : []),
      { what: 'blurred-total' },
    ],
    receives: [
      { message: 'points', bytes: sizes.sender * elementBytes, order: 'sorted' },
      { message: 'tags', bytes: receiver * tagBytes({ receiver, sender: sizes.sender }), order: 'sorted' },
      { message: 'check', bytes: 4 * (groupCount + 1) * checkCount + 32, order: 'none' },
      ...(lines > 0
        ? [{ message: 'gate', bytes: 2 * places * gateRange(plan).length * ciphertextBytes, order: 'secret' as const }]
        : []),
      { message: 'release', bytes: figures * (1 + ciphertextBytes), order: 'none' },
    ],
  };
}
