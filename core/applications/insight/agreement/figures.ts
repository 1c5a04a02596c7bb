/** The figures of an insight as people are shown them: in units, with what was held back named and said why. */
import { noiseVariance, releasedMeasures } from '../../../protocols/join-sum/index.ts';
import type { Words } from '../../words.ts';
import { cellValues, sumPlanOf } from './sum-plan.ts';
import type { InsightTerms } from './terms.ts';

export interface InsightFigure {
  /** The cell: values by segment; none for all. */
  readonly values: Readonly<Record<string, string>>;
  /** People; absent where held back. */
  readonly people?: number;
  readonly sums: readonly {
    readonly column: string;
    readonly unit: string;
    readonly sum?: number;
    readonly mean?: number;
    /** Of the population of the cell. */
    readonly variance?: number;
  }[];
}

export interface InsightFigures {
  readonly figures: readonly InsightFigure[];
  /** The standard deviation of the noise on counts; absent where figures are exact. */
  readonly sigma?: number;
  /** Shared people, blurred. */
  readonly matchedAbout: number;
  /** What was held back, in one line that does not tell small cells from those that protect them. */
  readonly words: readonly Words[];
}

/** @param released in plan order, as `runReceiver` gives them. */
export function showFigures(
  terms: InsightTerms,
  released: readonly (number | undefined)[],
  matchedAbout: number,
): InsightFigures {
  const plan = sumPlanOf(terms);
  const measures = releasedMeasures(plan);
  const variance = noiseVariance(plan, plan.tables[0]!, { of: 'rows' });
  const sigma = Math.sqrt(Number(variance.numerator) / Number(variance.denominator));
  // Without a gate the node holds small noised figures, and must not show them: a true k − 1 shows with probability below 2.3 %.
  const least =
    terms.protection.kind === 'noise' && !terms.protection.gate
      ? terms.limits.minimumGroupRows + Math.ceil(2 * sigma)
      : Number.NEGATIVE_INFINITY;
  const figures = cellValues(terms).map((values, cell): InsightFigure => {
    const at = (measure: number) => (measure < 0 ? undefined : released[cell * measures.length + measure]);
    const count = at(0);
    const people = count === undefined || count < least ? undefined : count;
    return {
      values,
      ...(people === undefined ? {} : { people }),
      sums: terms.columns.map(({ column, unit, decimals }, i) => {
        const scale = 10 ** decimals;
        const sum = people === undefined ? undefined : at(1 + i);
        const squares =
          sum === undefined ? undefined : at(measures.findIndex((m) => m.of === 'squares' && m.column === i));
        const mean = sum === undefined || !people || people <= 0 ? undefined : sum / people;
        return {
          column,
          unit,
          ...(sum === undefined ? {} : { sum: sum / scale }),
          ...(mean === undefined ? {} : { mean: mean / scale }),
          ...(squares === undefined || mean === undefined
            ? {}
            : { variance: Math.max(0, squares / people! - mean * mean) / scale ** 2 }),
        };
      }),
    };
  });
  return {
    figures,
    ...(terms.protection.kind === 'noise' ? { sigma } : {}),
    matchedAbout: Math.max(0, matchedAbout),
    words: heldBack(terms, figures),
  };
}

function heldBack(terms: InsightTerms, figures: readonly InsightFigure[]): Words[] {
  const k = terms.limits.minimumGroupRows;
  const hidden = figures.filter(({ people }) => people === undefined).length;
  const sums = figures.flatMap((figure) =>
    figure.people === undefined ? [] : figure.sums.filter(({ sum }) => sum === undefined),
  );
  const words: Words[] = [];
  if (hidden > 0) {
    words.push({
      en: `${hidden} ${hidden === 1 ? 'cell' : 'cells'}: fewer than ${k} people, or hidden to protect such a cell.`,
      zh: `${hidden} 个单元：少于 ${k} 人，或为保护此类单元而隐藏。`,
    });
  }
  if (sums.length > 0) {
    words.push({
      en: `${sums.length} ${sums.length === 1 ? 'sum' : 'sums'}: fewer than ${k} people with a value other than 0, or hidden to protect such a cell.`,
      zh: `${sums.length} 个总和：数值不为 0 者少于 ${k} 人，或为保护此类单元而隐藏。`,
    });
  }
  return words;
}
