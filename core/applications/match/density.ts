/** How densely the lists of telephone numbers of an agreement lie, for both sides' rules. */
import type { ListDensity } from '../../policy/index.ts';
import type { Side } from '../../protocols/index.ts';
import type { MatchedColumn, MatchTerms } from './terms.ts';

const sides: readonly Side[] = ['proposer', 'partner'];

/** Whether a round matches telephone numbers. Its form may be a stranger's, and need not be a profile. */
export function isPhoneRound({ form }: MatchTerms['rounds'][number]): boolean {
  return /^phone(?![a-z])/.test(form);
}

/**
 * @param published what the owner of a list has published of its columns, where there is a ledger: terms that say something else say nothing.
 * @returns both sides of every round of telephone numbers.
 */
export function listDensities(
  terms: MatchTerms,
  published?: (list: MatchTerms[Side]) => readonly Pick<MatchedColumn, 'column' | 'density'>[] | undefined,
): ListDensity[] {
  return terms.rounds.filter(isPhoneRound).flatMap((round) =>
    sides.map((side) => {
      const { organisation, rowsAbout } = terms[side];
      const { column, density } = round[side];
      const columns = published ? published(terms[side]) : [round[side]];
      const said = columns?.find((one) => one.column === column)?.density;
      return { organisation, rowsAbout, density: said === density ? density : undefined };
    }),
  );
}
