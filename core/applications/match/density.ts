/** How densely the lists of telephone numbers of an agreement lie, for both sides' rules. */
import type { ListDensity } from '../../policy/index.ts';
import type { Side } from '../../protocols/index.ts';
import type { Words } from '../words.ts';
import type { MatchedColumn, MatchList } from './terms.ts';

/** Two lists of an agreement, and the identifiers that they are compared by, as far as density is concerned. */
export type Measured = Readonly<Record<Side, MeasuredList>> & {
  readonly rounds: readonly ({ readonly form: string } & Readonly<Record<Side, MeasuredColumn>>)[];
};

type MeasuredList = Pick<MatchList, 'organisation' | 'dataset' | 'rowsAbout'>;
type MeasuredColumn = Pick<MatchedColumn, 'column' | 'density'>;

const sides: readonly Side[] = ['proposer', 'partner'];

/** Whether a round matches telephone numbers. Its form may be a stranger's, and need not be a profile. */
function isPhoneRound({ form }: { readonly form: string }): boolean {
  return /^phone(?![a-z])/.test(form);
}

/**
 * @param published what the owner of a list has published of its columns, where there is a ledger: terms that say something else say nothing.
 * @returns both sides of every round of telephone numbers.
 */
export function listDensities(
  terms: Measured,
  published?: (list: MeasuredList) => readonly MeasuredColumn[] | undefined,
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

/** What a side says of its telephone numbers before anything runs. */
export function discloseDensities(terms: Measured, side: Side): { readonly code: string; readonly words: Words }[] {
  const { organisation } = terms[side];
  return terms.rounds.filter(isPhoneRound).flatMap((round) => {
    const { density } = round[side];
    if (density === undefined) return [];
    const words =
      density === 'not-measurable'
        ? {
            en: `that the telephone numbers of ${organisation} are hashed: how densely they cover number segments is not measurable`,
            zh: `${organisation} 的电话号码已经过摘要：其对号段的覆盖程度无法测量`,
          }
        : {
            en: `how densely the telephone numbers of ${organisation} cover their number segments: at most ${density} % of any 10,000 in a row`,
            zh: `${organisation} 的电话号码对号段的覆盖程度：任一号段（连续一万号）至多 ${density} %`,
          };
    return [{ code: 'partner-density', words }];
  });
}
