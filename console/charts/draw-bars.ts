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

const rowPx = 34;

/** A bar for each row from the baseline to its value, with its interval, and the text of the cell behind it; what is held back says so in its place. */
export function drawBars(chart: Bars, drawing: Drawing): Drawn | undefined {
  const marks = marksOf(chart, drawing);
  const names = textsOf(drawing, chart.name);
  const { unit } = columnOf(drawing, chart.value);
  const { baseline = 0, most } = chart;
  const left = nameWidthPx(drawing, names);
  const ends = marks.flatMap(({ value, low, high }) => [value, low, high].filter((end) => end !== undefined));
  const shape: CustomSeriesRenderItem = (params, api) =>
    rowShapes(marks[params.dataIndex]!, { api, look: drawing.look, baseline, isBar: true });
  return {
    heightPx: names.length * rowPx + 46,
    option: {
      ...tooltip(drawing, ({ dataIndex }) => rowTold(drawing, dataIndex)),
      grid: { left: left + 8, right: 92, top: 8, bottom: 30 },
      xAxis: valueAxis(drawing, unit, {
        min: Math.min(baseline, 0, ...ends),
        ...(most === undefined ? {} : { max: most, interval: most / 4 }),
      }),
      yAxis: nameAxis(drawing, names, {
        inverse: true,
        axisLabel: { color: drawing.look.text, fontSize: 13, width: left - 6, overflow: 'truncate', interval: 0 },
      }),
      series: [
        {
          type: 'custom',
          renderItem: shape,
          encode: { x: [1, 2, 3], y: 0 },
          data: marks.map(({ value, low, high }, row) => ({
            value: [row, value ?? baseline, low ?? '-', high ?? '-'],
          })),
        },
      ],
    },
  };
}

function marksOf({ value, interval, sure }: Bars, drawing: Drawing): readonly RowMark[] {
  const { cells } = columnOf(drawing, value);
  const texts = textsOf(drawing, value);
  const low = interval && columnOf(drawing, interval.low).cells;
  const high = interval && columnOf(drawing, interval.high).cells;
  const held = sure === undefined ? undefined : columnOf(drawing, sure).cells;
  return cells.map((cell, row) => ({
    row,
    value: numberIn(cell),
    low: low && numberIn(low[row]!),
    high: high && numberIn(high[row]!),
    text: texts[row]!,
    isSure: held === undefined || held[row] !== null,
  }));
}
