/** For tests of figures: words as they are in English, and what holds of every figure. */
import { expect } from 'vitest';
import { drawFigure } from '../../../charts/draw.ts';
import type { Cell, Figure } from '../../../charts/figure.ts';
import { paperLook } from '../../../charts/look.ts';
import { figuresIn } from '../../../show/figures.ts';
import { resultWords } from '../../../words/en/result-words.ts';
import type { Telling, ToldResult } from './told.ts';

export const english: Telling = {
  say: (word, blanks = {}) =>
    resultWords[word].replaceAll(/\{\{(\w+)\}\}/g, (_, blank: string) => String(blanks[blank])),
  words: ({ en }) => en,
  day: (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10),
};

/** Each row has a cell for each column, each chart can be drawn, and no two figures share a file's name. */
export function expectSound({ figures }: ToldResult): void {
  const words = { hidden: 'held back', figures: figuresIn('en-GB', 'UTC') };
  for (const figure of figures) {
    for (const row of figure.rows) expect(row.length, figure.id).toBe(figure.columns.length);
    expect(new Set(figure.columns.map(({ key }) => key)).size, figure.id).toBe(figure.columns.length);
    expect(() => drawFigure({ figure, look: paperLook, words, widthPx: 600 })).not.toThrow();
  }
  const names = figures.map(({ id, part }) => `${id} ${part}`);
  expect(new Set(names).size).toBe(names.length);
}

/** The cells of a column, by its key. */
export function cellsOf(figure: Figure | undefined, key: string): readonly Cell[] {
  const place = figure?.columns.findIndex((column) => column.key === key) ?? -1;
  expect(place, `column ${key}`).toBeGreaterThanOrEqual(0);
  return figure!.rows.map((row) => row[place]!);
}
