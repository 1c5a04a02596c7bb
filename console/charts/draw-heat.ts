import type { CustomSeriesRenderItem, CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import {
  columnOf,
  type Drawing,
  type Drawn,
  type Look,
  nameAxis,
  nameWidthPx,
  rowTold,
  textsOf,
  tooltip,
} from './drawing.ts';
import { type Chart, isHidden, numberIn } from './figure.ts';

type Heat = Extract<Chart, { readonly kind: 'heat' }>;

const cellPx = 44;

/** A field for each row, by two names; what is held back stays without colour and says so. */
export function drawHeat({ x, y, value, middle }: Heat, drawing: Drawing): Drawn | undefined {
  const [across, down] = [textsOf(drawing, x), textsOf(drawing, y)];
  const [columns, rows] = [[...new Set(across)], [...new Set(down)]];
  const { cells } = columnOf(drawing, value);
  const texts = textsOf(drawing, value);
  const { look } = drawing;
  const known = cells.flatMap((cell) => numberIn(cell) ?? []);
  if (known.length === 0) return undefined;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  // Held against a middle, both sides have one scale.
  const reach = middle === undefined ? 0 : Math.max(most - middle, middle - least, 1e-9);
  const placeOfRow = (row: number) => [columns.indexOf(across[row]!), rows.indexOf(down[row]!)];
  const shown = cells.flatMap((cell, row) => (numberIn(cell) === undefined ? [] : [row]));
  const held = cells.flatMap((cell, row) => (isHidden(cell) ? [{ row, text: texts[row]! }] : []));
  const left = nameWidthPx(drawing, rows);
  const field: CustomSeriesRenderItem = ({ dataIndex }, api) => heldBack(api, { text: held[dataIndex]!.text, look });
  return {
    heightPx: rows.length * cellPx + 56,
    option: {
      ...tooltip(drawing, ({ dataIndex, seriesIndex }) =>
        rowTold(drawing, seriesIndex === 0 ? shown[dataIndex]! : held[dataIndex]!.row),
      ),
      grid: { left: left + 8, right: 8, top: 8, bottom: 44 },
      xAxis: nameAxis(drawing, columns, {
        axisLabel: { color: look.text, fontSize: 12, interval: 0, hideOverlap: true, overflow: 'truncate', width: 90 },
      }),
      yAxis: nameAxis(drawing, rows, {
        inverse: true,
        axisLabel: { color: look.text, fontSize: 13, width: left - 6, overflow: 'truncate', interval: 0 },
      }),
      visualMap: {
        show: false,
        type: 'continuous',
        dimension: 2,
        min: middle === undefined ? Math.min(0, least) : middle - reach,
        max: middle === undefined ? most : middle + reach,
        inRange: { color: middle === undefined ? [look.heat[1], look.heat[2]] : [...look.heat] },
      },
      series: [
        {
          type: 'heatmap',
          // What is held back is in a series of its own: only rows that are drawn are pointed at here.
          itemStyle: { borderColor: look.surface, borderWidth: 2, borderRadius: 4 },
          label: {
            show: true,
            color: look.text,
            fontSize: 12,
            formatter: ({ dataIndex }: { readonly dataIndex: number }) => texts[shown[dataIndex]!]!,
          },
          data: cells.flatMap((cell, row) => {
            const number = numberIn(cell);
            return number === undefined ? [] : [{ value: [...placeOfRow(row), number], row }];
          }),
        },
        {
          type: 'custom',
          renderItem: field,
          encode: { x: 0, y: 1 },
          data: held.map(({ row }) => placeOfRow(row)),
        },
      ],
    },
  };
}

/** In the field of what is not told: what the table says there, in as many lines as it takes. */
function heldBack(
  api: CustomSeriesRenderItemAPI,
  { text, look }: { readonly text: string; readonly look: Look },
): CustomSeriesRenderItemReturn {
  const [x, y] = api.coord([api.value(0), api.value(1)]) as [number, number];
  const [width = 0, height = 0] = api.size!([1, 1]) as number[];
  return {
    type: 'group',
    children: [
      {
        type: 'rect',
        shape: { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2, r: 4 },
        style: { fill: 'transparent', stroke: look.line, lineDash: [3, 3] },
      },
      {
        type: 'text',
        style: {
          ...{ text, x, y, fill: look.muted, font: `11px ${look.font}` },
          ...{ width: width - 6, overflow: 'break', lineHeight: 13 },
          ...{ textAlign: 'center', textVerticalAlign: 'middle' },
        },
      },
    ],
  };
}
