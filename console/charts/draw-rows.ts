import type { CustomSeriesRenderItem } from 'echarts';
import {
  columnOf,
  type Drawing,
  type Drawn,
  nameAxis,
  nameWidthPx,
  rowTold,
  textsOf,
  tooltip,
  valueAxis,
} from './drawing.ts';
import { type Chart, numberIn } from './figure.ts';
import { type RowMark, rowShapes } from './row-shapes.ts';

type Bars = Extract<Chart, { readonly kind: 'bars' }>;
type Points = Extract<Chart, { readonly kind: 'points' }>;

const rowPx = { bars: 34, points: 38 } as const;

/**
 * For each row a bar from the baseline to its value, or a point held against it, with its interval and the text of the cell behind it; what is
 * held back says so in its place.
 */
export function drawRows(chart: Bars | Points, drawing: Drawing): Drawn {
  const { look } = drawing;
  const marks = marksOf(chart, drawing);
  const names = textsOf(drawing, chart.name);
  const { unit } = columnOf(drawing, chart.value);
  const { baseline = 0 } = chart;
  const isBar = chart.kind === 'bars';
  const left = nameWidthPx(drawing, names);
  const shape: CustomSeriesRenderItem = (params, api) =>
    rowShapes(marks[params.dataIndex]!, { api, look, baseline, isBar });
  return {
    heightPx: names.length * rowPx[chart.kind] + 46,
    option: {
      ...tooltip(drawing, ({ dataIndex }) => rowTold(drawing, dataIndex)),
      grid: { left: left + 8, right: 92, top: 8, bottom: 30 },
      xAxis: valueAxis(drawing, unit, isBar ? scaleOf(chart, marks) : {}),
      yAxis: nameAxis(drawing, names, {
        inverse: true,
        ...(isBar ? {} : { axisLine: { show: false } }),
        axisLabel: { color: look.text, fontSize: 13, width: left - 6, overflow: 'truncate', interval: 0 },
      }),
      series: [
        {
          type: 'custom',
          renderItem: shape,
          encode: { x: [1, 2, 3], y: 0 },
          // A bar of what is held back has no length: it stands on the line that all begin at.
          data: marks.map(({ row, value, low, high }) => ({
            value: [row, value ?? (isBar ? baseline : '-'), low ?? '-', high ?? '-'],
          })),
          ...(isBar ? {} : lineAt(baseline, look.muted)),
        },
      ],
    },
  };
}

/** Bars begin at 0, or below it where any ends there. */
function scaleOf({ baseline = 0, most }: Bars, marks: readonly RowMark[]): object {
  const ends = marks.flatMap(({ value, low, high }) => [value, low, high].filter((end) => end !== undefined));
  return { min: Math.min(baseline, 0, ...ends), ...(most === undefined ? {} : { max: most, interval: most / 4 }) };
}

/** What points are held against. */
function lineAt(baseline: number, color: string): object {
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color, type: 'solid', width: 1 },
      data: [{ xAxis: baseline }],
    },
  };
}

function marksOf(chart: Bars | Points, drawing: Drawing): readonly RowMark[] {
  const { value, interval } = chart;
  const { cells } = columnOf(drawing, value);
  const texts = textsOf(drawing, value);
  const low = interval && columnOf(drawing, interval.low).cells;
  const high = interval && columnOf(drawing, interval.high).cells;
  const sure = chart.kind === 'bars' && chart.sure !== undefined ? columnOf(drawing, chart.sure).cells : undefined;
  return cells.map((cell, row) => ({
    row,
    value: numberIn(cell),
    low: low && numberIn(low[row]!),
    high: high && numberIn(high[row]!),
    text: texts[row]!,
    isSure: sure === undefined || sure[row] !== null,
  }));
}
