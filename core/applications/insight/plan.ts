/** The numbers that an insight takes: for each tag one table of the audience and one of the base. */
import type { ReportPlan } from '../report/index.ts';

export interface InsightShape {
  /** The tags, with the values that each may have. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** Pairs of tags that are crossed. */
  readonly crossed: readonly (readonly [string, string])[];
  /** Values of one tag that a person may have, at most; 1 for tags with one value. */
  readonly valuesMax: number;
}

/** @throws {RangeError} for a pair that names no tag. */
export function planInsight({ tags, crossed, valuesMax }: InsightShape): ReportPlan {
  const count = (tag: string) => {
    const values = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
    if (values === undefined) throw new RangeError(`crossed: there is no tag ${tag}`);
    return values.length;
  };
  const single = Object.keys(tags).map((tag) => ({ name: tag, numbers: count(tag), cells: valuesMax }));
  const pairs = crossed.map(([a, b]) => ({ name: `${a} × ${b}`, numbers: count(a) * count(b), cells: valuesMax ** 2 }));
  return {
    report: 'insight',
    tables: [
      {
        name: 'people',
        numbers: 1,
        sensitivity: 1,
        words: { en: 'how many people the audience has', zh: '人群的总人数' },
      },
      ...[...single, ...pairs].map(({ name, numbers, cells }) => ({
        name,
        numbers,
        sensitivity: Math.sqrt(cells),
        words: {
          en: `how many people of the audience have each value of ${name}`,
          zh: `人群在 ${name} 各取值上的人数`,
        },
      })),
    ],
  };
}
