/** The shapes of one row of a chart of bars or points: the mark, its interval, and what its cell says. */
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import type { Look } from './drawing.ts';

export interface RowMark {
  readonly row: number;
  /** Absent: nothing is drawn but what the cell says. */
  readonly value: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly text: string;
  readonly isSure: boolean;
}

export function rowShapes(
  mark: RowMark,
  of: {
    readonly api: CustomSeriesRenderItemAPI;
    readonly look: Look;
    readonly baseline: number;
    /** Or a point. */
    readonly isBar: boolean;
  },
): CustomSeriesRenderItemReturn {
  const { value, low, high, text, row } = mark;
  const { api, look, baseline } = of;
  const at = (number: number): readonly [number, number] => api.coord([number, row]) as [number, number];
  const [zero, y] = at(baseline);
  const label = (x: number, fill: string) => ({
    type: 'text' as const,
    style: { text, x: x + 8, y, fill, font: `13px ${look.font}`, textVerticalAlign: 'middle' as const },
  });
  if (value === undefined) return { type: 'group', children: [label(zero, look.muted)] };
  const [x] = at(value);
  const fill = value < baseline ? look.palette[1]! : look.palette[0]!;
  const opacity = mark.isSure ? 1 : 0.4;
  const body = of.isBar
    ? {
        type: 'rect' as const,
        shape: { x: Math.min(zero, x), y: y - 8, width: Math.abs(x - zero), height: 16, r: 2 },
        style: { fill, opacity },
      }
    : { type: 'circle' as const, shape: { cx: x, cy: y, r: 5 }, style: { fill, opacity } };
  if (low === undefined || high === undefined) {
    return { type: 'group', children: [body, label(Math.max(zero, x), look.text)] };
  }
  const [[from], [to]] = [at(low), at(high)];
  const stroke = { stroke: look.text, lineWidth: 1.2, opacity: 0.75 };
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style: stroke,
  });
  const whisker = [line(from, y, to, y), line(from, y - 4, from, y + 4), line(to, y - 4, to, y + 4)];
  // A point stands before its interval, and a bar behind.
  const shapes = of.isBar ? [body, ...whisker] : [...whisker, body];
  return { type: 'group', children: [...shapes, label(Math.max(zero, to, x), look.text)] };
}
