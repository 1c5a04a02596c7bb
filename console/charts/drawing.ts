/** What all kinds of charts share: the page that they are drawn on, axes, and what is told of a row. */
import type { EChartsCoreOption } from 'echarts/core';
import { type CellWords, cellText, numberText } from './cell-text.ts';
import { type Cell, type Figure, placeOf, type Unit } from './figure.ts';

/** Colours and type of the page that it is drawn on. */
export interface Look {
  readonly palette: readonly string[];
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly font: string;
  /** From low over the middle to high. */
  readonly heat: readonly [string, string, string];
}

export interface Drawing {
  readonly figure: Figure;
  readonly look: Look;
  readonly words: CellWords;
  /** Of the place that it has. */
  readonly widthPx: number;
}

export interface Drawn {
  readonly option: EChartsCoreOption;
  /** That it takes to be read. */
  readonly heightPx: number;
}

/** The cells of a column, from the first row on. */
export function columnOf({ figure }: Drawing, key: string): { readonly cells: readonly Cell[]; readonly unit: Unit } {
  const place = placeOf(figure, key);
  return { cells: figure.rows.map((row) => row[place]!), unit: figure.columns[place]!.unit };
}

export function textsOf(drawing: Drawing, key: string): readonly string[] {
  const { cells, unit } = columnOf(drawing, key);
  return cells.map((cell) => cellText(cell, unit, drawing.words));
}

/** What is told of a row where the pointer is: all of its cells, as in the table. */
export function rowTold({ figure, words }: Drawing, row: number): string {
  return figure.columns
    .map(({ title, unit }, i) => [title, figure.rows[row]![i]!, unit] as const)
    .filter(([, cell]) => cell !== null)
    .map(([title, cell, unit], i) => {
      const text = cellText(cell, unit, words);
      return i === 0 ? text : `${title}: ${text}`;
    })
    .join('\n');
}

/** Text alone, drawn as the chart is: no markup of a name can become part of the page. */
export function tooltip(drawing: Drawing, told: (item: Pointed) => string): EChartsCoreOption {
  const { look } = drawing;
  return {
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: look.surface,
      borderColor: look.line,
      borderWidth: 1,
      textStyle: { color: look.text, fontSize: 13, fontFamily: look.font },
      // Braces would be read as styles.
      formatter: (item: Pointed) => told(item).replaceAll('{', '(').replaceAll('}', ')'),
    },
  };
}

/** What the pointer is over. */
export interface Pointed {
  readonly dataIndex: number;
  readonly seriesIndex: number;
  readonly dataType?: string;
  readonly name: string;
}

export function valueAxis({ look, words }: Drawing, unit: Unit, more: object = {}): object {
  return {
    type: 'value',
    axisLabel: {
      color: look.muted,
      fontSize: 12,
      hideOverlap: true,
      formatter: (value: number) => numberText(value, unit, words.figures),
    },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: look.line } },
    splitNumber: 4,
    ...more,
  };
}

/** Names, the first on top where they stand on the left. */
export function nameAxis({ look }: Drawing, names: readonly string[], more: object = {}): object {
  return {
    type: 'category',
    data: [...names],
    axisLabel: { color: look.text, fontSize: 13, overflow: 'truncate', interval: 0 },
    axisLine: { lineStyle: { color: look.line } },
    axisTick: { show: false },
    ...more,
  };
}

/** Beside names on the left: as much of the width as they need, and no more than two fifths. */
export function nameWidthPx({ widthPx }: Drawing, names: readonly string[]): number {
  // A Chinese sign is as wide as two letters.
  const longest = Math.max(
    0,
    ...names.map((name) => [...name].reduce((sum, sign) => sum + (sign > '⺀' ? 13 : 7.2), 0)),
  );
  return Math.round(Math.min(longest + 14, widthPx * 0.4));
}
