/** Counts by tag → an index for each tag, and which of them hold when all tags of the report are looked at together. */
import { benjaminiHochberg, type Count, holm } from '../../statistics/index.ts';
import { fixed, notEnoughData, type Released, rangeText } from '../report/index.ts';
import type { Words } from '../words.ts';
import { type Tgi, tgi } from './tgi.ts';

export interface InsightCells {
  /** What the audience is compared with, as people call it: "all users of media". */
  readonly baseName: Words;
  readonly audience: Count;
  readonly base: Count;
  /** Whether the audience is counted in the base. */
  readonly inside: boolean;
  /** A cell is one value of a tag, or of two crossed tags: `{ sex: 'f' }`, `{ sex: 'f', age: '25–34' }`. */
  readonly cells: readonly {
    readonly values: Readonly<Record<string, string>>;
    readonly withTag: Released;
    readonly baseWithTag: Released;
  }[];
}

export interface InsightRow {
  readonly values: Readonly<Record<string, string>>;
  /** Share of the audience, 0 … 1; absent where hidden. */
  readonly share?: number;
  readonly baseShare?: number;
  /** Absent: not enough data. */
  readonly tgi?: Tgi;
  /** Whether the difference from the base holds among all tags of the report. */
  readonly holds: boolean;
}

export interface InsightReport {
  readonly rows: readonly InsightRow[];
  readonly correction: 'benjamini-hochberg' | 'holm';
  readonly words: readonly Words[];
}

/** How many tags of each direction are put in words. */
const toldMax = 5;

/** @param options.correction Benjamini–Hochberg at 5 % unless Holm is asked for: few, or none, of the differences named are chance. */
export function reportInsight(
  cells: InsightCells,
  minimumGroup: number,
  options: { readonly correction?: InsightReport['correction'] } = {},
): InsightReport {
  const { audience, base, inside, baseName } = cells;
  const correction = options.correction ?? 'benjamini-hochberg';
  const indices = cells.cells.map(({ withTag, baseWithTag }) =>
    tgi({ withTag, audience, baseWithTag, base, inside }, minimumGroup),
  );
  const tested = indices.flatMap((each, i) => (each === undefined ? [] : [i]));
  const pValues = tested.map((i) => indices[i]!.p);
  const { kept } = correction === 'holm' ? holm(pValues) : benjaminiHochberg(pValues);
  const holding = new Set(tested.filter((_, rank) => kept[rank]));
  const rows = cells.cells.map(({ values, withTag, baseWithTag }, i): InsightRow => {
    const index = indices[i];
    return {
      values,
      ...shareOf('share', withTag, audience),
      ...shareOf('baseShare', baseWithTag, base),
      ...(index === undefined ? {} : { tgi: index }),
      holds: holding.has(i),
    };
  });
  return { rows, correction, words: sentences(rows, baseName, correction) };
}

function shareOf<Name extends string>(name: Name, part: Released, whole: Count): Partial<Record<Name, number>> {
  if (part === undefined || whole.value <= 0) return {};
  return { [name]: Math.min(Math.max(part.value / whole.value, 0), 1) } as Partial<Record<Name, number>>;
}

function sentences(rows: readonly InsightRow[], baseName: Words, correction: InsightReport['correction']): Words[] {
  const tested = rows.filter((row) => row.tgi !== undefined);
  const holding = tested.filter(({ holds }) => holds);
  const over = holding.filter((row) => row.tgi!.index > 100).sort((a, b) => b.tgi!.index - a.tgi!.index);
  const under = holding.filter((row) => row.tgi!.index < 100).sort((a, b) => a.tgi!.index - b.tgi!.index);
  const method = correction === 'holm' ? 'Holm' : 'Benjamini–Hochberg';
  const words: Words[] = [
    {
      en: `Compared with ${baseName.en}: ${holding.length} of ${tested.length} tags differ beyond chance (${method}, 5 %).`,
      zh: `与${baseName.zh}相比：${tested.length} 个标签中有 ${holding.length} 个差异显著（${method}，5%）。`,
    },
  ];
  if (over.length > 0) words.push({ en: `More frequent: ${listed(over)}.`, zh: `偏高：${listed(over)}。` });
  if (under.length > 0) words.push({ en: `Less frequent: ${listed(under)}.`, zh: `偏低：${listed(under)}。` });
  const missing = rows.length - tested.length;
  if (missing > 0) {
    words.push({
      en: `${missing} ${missing === 1 ? 'tag' : 'tags'}: ${notEnoughData.en}.`,
      zh: `${missing} 个标签：${notEnoughData.zh}。`,
    });
  }
  return words;
}

function listed(rows: readonly InsightRow[]): string {
  const shown = rows.slice(0, toldMax).map(({ values, tgi: index }) => {
    const name = Object.values(values).join(' × ');
    return `${name} ${fixed(index!.index, 0)} (${rangeText(index!.interval, 1)})`;
  });
  return shown.join(', ') + (rows.length > toldMax ? ' …' : '');
}
