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
import { rowShapes } from './row-shapes.ts';

type Points = Extract<Chart, { readonly kind: 'points' }>;

const rowPx = 38;

/** A point and its interval for each row, held against a line: whether the interval leaves it out is what is to be seen. */
export function drawPoints({ name, value, interval, baseline }: Points, drawing: Drawing): Drawn | undefined {
  const names = textsOf(drawing, name);
  const texts = textsOf(drawing, value);
  const { cells, unit } = columnOf(drawing, value);
  const [low, high] = [columnOf(drawing, interval.low).cells, columnOf(drawing, interval.high).cells];
  const marks = cells.map((cell, row) => ({
    row,
    value: numberIn(cell),
    low: numberIn(low[row]!),
    high: numberIn(high[row]!),
    text: texts[row]!,
    isSure: true,
  }));
  const left = nameWidthPx(drawing, names);
  const { look } = drawing;
  const shape: CustomSeriesRenderItem = (params, api) =>
    rowShapes(marks[params.dataIndex]!, { api, look, baseline, isBar: false });
  return {
    heightPx: names.length * rowPx + 46,
    option: {
      ...tooltip(drawing, ({ dataIndex }) => rowTold(drawing, dataIndex)),
      grid: { left: left + 8, right: 92, top: 8, bottom: 30 },
      xAxis: valueAxis(drawing, unit),
      yAxis: nameAxis(drawing, names, {
        inverse: true,
        axisLine: { show: false },
        axisLabel: { color: look.text, fontSize: 13, width: left - 6, overflow: 'truncate', interval: 0 },
      }),
      series: [
        {
          type: 'custom',
          renderItem: shape,
          encode: { x: [1, 2, 3], y: 0 },
          data: marks.map((mark) => ({ value: [mark.row, mark.value ?? '-', mark.low ?? '-', mark.high ?? '-'] })),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: look.muted, type: 'solid', width: 1 },
            data: [{ xAxis: baseline }],
          },
        },
      ],
    },
  };
}
