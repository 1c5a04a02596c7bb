/** Figures as documents show them. */
import type { Spread } from '../report.ts';

const digits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three significant digits: `0.313`, `36.1`, `1,240`. */
export const three = (value: number): string => (Math.abs(value) >= 1000 ? whole.format(value) : digits.format(value));

export const count = (value: number): string => whole.format(value);

/** The median, and the range where there were more runs than one. */
export function ranged({ median, min, max, runs }: Spread): string {
  return runs === 1 || min === max ? three(median) : `${three(median)} (${three(min)}–${three(max)})`;
}

/** A table in Markdown. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}
