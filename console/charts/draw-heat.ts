import { columnOf, type Drawing, type Drawn, nameAxis, nameWidthPx, rowTold, textsOf, tooltip } from './drawing.ts';
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
  const left = nameWidthPx(drawing, rows);
  return {
    heightPx: rows.length * cellPx + 56,
    option: {
      ...tooltip(drawing, ({ dataIndex }) => rowTold(drawing, dataIndex)),
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
          itemStyle: { borderColor: look.surface, borderWidth: 2, borderRadius: 4 },
          label: {
            show: true,
            color: look.text,
            fontSize: 12,
            formatter: ({ dataIndex }: { readonly dataIndex: number }) => texts[dataIndex]!,
          },
          data: cells.map((cell, row) => {
            const place = [columns.indexOf(across[row]!), rows.indexOf(down[row]!)];
            const number = numberIn(cell);
            if (number !== undefined) return { value: [...place, number] };
            const told = isHidden(cell) ? { color: look.muted, fontSize: 11 } : { color: look.muted };
            return { value: [...place, '-'], itemStyle: { color: 'transparent', borderColor: look.line }, label: told };
          }),
        },
      ],
    },
  };
}
