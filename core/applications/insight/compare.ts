/** Two insights of the same segments as one report of indices: what an audience is like, against a base that the receiver chose when it ran the other one. */
import { type Count, exact, noisy } from '../../statistics/index.ts';
import type { Released } from '../report/index.ts';
import type { Words } from '../words.ts';
import { type InsightReport, reportInsight } from './report.ts';

export interface ComparedFigures {
  readonly figures: readonly {
    readonly values: Readonly<Record<string, string>>;
    /** Absent where held back. */
    readonly people?: number | undefined;
  }[];
  /** The standard deviation of the noise on counts; absent where they are exact. */
  readonly sigma?: number | undefined;
}

/**
 * @param of.inside whether the audience's people are among the base's.
 * @param minimumGroup of both agreements, the larger one.
 * @returns rows of the cells that both have; undefined where the count of all people of either is held back.
 */
export function compareInsights(
  of: {
    readonly audience: ComparedFigures;
    readonly base: ComparedFigures;
    readonly baseName: Words;
    readonly inside: boolean;
  },
  minimumGroup: number,
): InsightReport | undefined {
  const { baseName, inside } = of;
  const [audience, base] = [countsOf(of.audience), countsOf(of.base)];
  const [all, baseAll] = [audience.get(nameOf({})), base.get(nameOf({}))];
  if (all === undefined || baseAll === undefined) return undefined;
  const cells = of.audience.figures
    .filter(({ values }) => Object.keys(values).length > 0 && base.has(nameOf(values)))
    .map(({ values }) => ({ values, withTag: audience.get(nameOf(values)), baseWithTag: base.get(nameOf(values)) }));
  return reportInsight({ baseName, audience: all, base: baseAll, inside, cells }, minimumGroup);
}

function countsOf({ figures, sigma }: ComparedFigures): ReadonlyMap<string, Released> {
  const count = (people: number): Count => (sigma === undefined ? exact(people) : noisy(people, sigma ** 2));
  return new Map(
    figures.map(({ values, people }) => [nameOf(values), people === undefined ? undefined : count(people)]),
  );
}

/** The same whatever the order of the segments. */
function nameOf(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
