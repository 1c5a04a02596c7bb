import { describe, expect, it } from 'vitest';
import { figuresIn } from '../show/figures.ts';
import { csvRows } from './cell-text.ts';
import { drawFigure } from './draw.ts';
import type { Look } from './drawing.ts';
import { type Figure, hidden, numberIn } from './figure.ts';

const look: Look = {
  palette: ['#111111', '#222222', '#333333'],
  text: '#000000',
  muted: '#888888',
  line: '#cccccc',
  surface: '#ffffff',
  font: 'sans-serif',
  heat: ['#aa0000', '#ffffff', '#00aa00'],
};
const words = { hidden: 'fewer than 50', figures: figuresIn('en-GB', 'UTC') };
const count = { kind: 'count' } as const;
const columns = [
  { key: 'from', title: 'Channel', unit: { kind: 'name' } },
  { key: 'to', title: 'Stage', unit: { kind: 'name' } },
  { key: 'people', title: 'People', unit: count },
  { key: 'low', title: 'From', unit: count },
  { key: 'high', title: 'To', unit: count },
  { key: 'holds', title: 'Holds', unit: { kind: 'name' } },
] as const;
const rows: Figure['rows'] = [
  ['feed', 'order', 1234.4, 1100, 1300, 'yes'],
  ['search', 'order', hidden, hidden, hidden, null],
  ['video', 'visit', { over: 850 }, null, null, null],
  ['{x}<b>', 'visit', 77, 70, 90, 'yes'],
];
const figure: Figure = { id: 'people', title: 'People', columns, rows };
const interval = { low: 'low', high: 'high' };
const charts = [
  { kind: 'bars', name: 'from', value: 'people', interval, baseline: 100, sure: 'holds' },
  { kind: 'groups', name: 'from', values: ['people', 'low'] },
  { kind: 'groups', name: 'from', values: ['people', 'low'], isStacked: true, isUpright: true },
  { kind: 'points', name: 'from', value: 'people', interval, baseline: 0 },
  { kind: 'heat', x: 'from', y: 'to', value: 'people', middle: 100 },
  { kind: 'flow', from: 'from', to: 'to', value: 'people' },
] as const satisfies readonly Figure['chart'][];

/** The numbers that a chart draws: of the data of its series, without the places of names. */
function drawnNumbers(chart: NonNullable<Figure['chart']>, of: Figure = figure): number[] {
  const { option } = drawFigure({ figure: { ...of, chart }, look, words, widthPx: 600 })!;
  const series = option.series as readonly {
    readonly data?: unknown[];
    readonly links?: { readonly value: number }[];
  }[];
  const places = chart.kind === 'heat' ? 2 : chart.kind === 'bars' || chart.kind === 'points' ? 1 : 0;
  // Beside bars and fields, a series of texts says where something is held back.
  const drawn = chart.kind === 'groups' || chart.kind === 'heat' ? series.slice(0, -1) : series;
  return drawn.flatMap(({ data = [], links }) => {
    if (links !== undefined) return links.map(({ value }) => value);
    return data
      .flatMap((item) => {
        const value = typeof item === 'object' && item !== null && 'value' in item ? item.value : item;
        return Array.isArray(value) ? value.slice(places) : [value];
      })
      .filter((value): value is number => typeof value === 'number');
  });
}

/** Numbers of the figure's table. */
const told = new Set(rows.flat().flatMap((cell) => numberIn(cell) ?? []));

describe.each(charts.map((chart) => [chart.kind, chart] as const))('a chart of %s', (_, chart) => {
  it('draws no number that the table does not have', () => {
    const numbers = drawnNumbers(chart);
    expect(numbers.length).toBeGreaterThan(2);
    // A bar of what is held back has no length: it stands on the line that all begin at.
    const baseline: readonly number[] = chart.kind === 'bars' ? [chart.baseline] : [];
    expect(numbers.filter((number) => !told.has(number) && !baseline.includes(number))).toEqual([]);
  });

  it('tells where the pointer is what the table tells, as text', () => {
    const { option } = drawFigure({ figure: { ...figure, chart }, look, words, widthPx: 600 })!;
    const { renderMode, formatter } = option.tooltip as {
      renderMode: string;
      formatter: (item: { dataIndex: number; seriesIndex: number; dataType: string; name: string }) => string;
    };
    expect(renderMode).toBe('richText');
    const text = formatter({ dataIndex: 0, seriesIndex: 0, dataType: 'edge', name: 'feed' });
    expect(text).toContain('People: 1,234');
    const last = chart.kind === 'flow' || chart.kind === 'heat' ? 2 : 3;
    expect(formatter({ dataIndex: last, seriesIndex: 0, dataType: 'edge', name: 'x' })).toContain('(x)<b>');
  });
});

it('a number that is not in the table would be seen', () => {
  const wrong = { ...figure, rows: [['feed', 'order', 4321, 1, 2, 'yes'] as const, ...rows] };
  expect(drawnNumbers(charts[0], wrong).filter((number) => !told.has(number))).toContain(4321);
});

it('what is held back says so in its place', () => {
  const seriesOf = (chart: NonNullable<Figure['chart']>, of: Figure) =>
    drawFigure({ figure: { ...of, chart }, look, words, widthPx: 600 })!.option.series as { data: unknown[] }[];
  expect(seriesOf(charts[4], figure).at(-1)!.data).toEqual([[1, 0]]);
  // A row of bars of which one is told is not held back.
  const held: Figure = { ...figure, rows: [...rows, ['none', 'visit', hidden, hidden, hidden, null]] };
  expect(seriesOf(charts[1], held).at(-1)!.data).toEqual([
    [1, 0],
    [4, 0],
  ]);
});

it('nothing is drawn where nothing is told', () => {
  const all: Figure = { ...figure, rows: [['feed', 'order', hidden, hidden, hidden, null]] };
  expect(drawFigure({ figure: { ...all, chart: charts[4] }, look, words, widthPx: 600 })).toBeUndefined();
  expect(drawFigure({ figure: { ...all, chart: charts[5] }, look, words, widthPx: 600 })).toBeUndefined();
  expect(drawFigure({ figure, look, words, widthPx: 600 })).toBeUndefined();
});

it('a file for a spreadsheet has the same cells: what is held back in words, what is masked as more than', () => {
  const money = { key: 'cost', title: 'Cost', unit: { kind: 'money', currency: 'CNY', digits: 2 } } as const;
  const one: Figure = {
    id: 'x',
    title: 'x',
    columns: [columns[0], columns[2], money],
    rows: [
      ['feed', 1.5, 123],
      ['a', hidden, null],
      ['b', { over: 0.85 }, 5],
    ],
  };
  expect(csvRows(one, words)).toEqual([
    ['Channel', 'People', 'Cost (CNY)'],
    ['feed', 1.5, 1.23],
    ['a', 'fewer than 50', ''],
    ['b', '>0.85', 0.05],
  ]);
});
