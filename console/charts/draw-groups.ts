import type { CustomSeriesRenderItem } from 'echarts';
import {
  columnOf,
  type Drawing,
  type Drawn,
  nameAxis,
  nameWidthPx,
  type Pointed,
  rowTold,
  textsOf,
  tooltip,
  valueAxis,
} from './drawing.ts';
import { type Chart, isHidden, numberIn, placeOf } from './figure.ts';

type Groups = Extract<Chart, { readonly kind: 'groups' }>;

/** Value columns side by side or on top of each other, for each row. */
export function drawGroups(chart: Groups, drawing: Drawing): Drawn | undefined {
  const { name, values, isStacked = false, isUpright = false } = chart;
  const { figure, look } = drawing;
  const names = textsOf(drawing, name);
  const { unit } = columnOf(drawing, values[0]!);
  const barPx = isStacked || values.length === 1 ? 18 : Math.max(6, 16 - values.length);
  const left = nameWidthPx(drawing, names);
  const hasLegend = values.length > 1;
  const categories = isUpright
    ? nameAxis(drawing, names, { axisLabel: { color: look.text, fontSize: 12, hideOverlap: true } })
    : nameAxis(drawing, names, {
        inverse: true,
        axisLabel: { color: look.text, fontSize: 13, width: left - 6, overflow: 'truncate', interval: 0 },
      });
  const numbers = valueAxis(drawing, unit);
  const held = figure.rows.flatMap((cells, at) =>
    values.every((key) => isHidden(cells[placeOf(figure, key)]!)) ? [at] : [],
  );
  const row: CustomSeriesRenderItem = (_, api) => {
    const [x, y] = api.coord(isUpright ? [api.value(0), 0] : [0, api.value(0)]) as [number, number];
    const place = isUpright
      ? ({ x, y: y - 8, textAlign: 'center', textVerticalAlign: 'bottom' } as const)
      : ({ x: x + 8, y, textVerticalAlign: 'middle' } as const);
    const font = `${isUpright ? 11 : 13}px ${look.font}`;
    return { type: 'text', style: { text: drawing.words.hidden, fill: look.muted, font, ...place } };
  };
  const rowPx = (isStacked ? 1 : values.length) * (barPx + 2) + 16;
  return {
    heightPx: (isUpright ? 250 : names.length * rowPx + 40) + (hasLegend ? 34 : 0),
    option: {
      ...tooltip(drawing, ({ dataIndex, seriesIndex }: Pointed) =>
        rowTold(drawing, seriesIndex < values.length ? dataIndex : held[dataIndex]!),
      ),
      ...(hasLegend
        ? {
            legend: {
              type: 'scroll',
              top: 0,
              left: 0,
              icon: 'roundRect',
              itemWidth: 12,
              itemHeight: 8,
              textStyle: { color: look.text, fontFamily: look.font },
              pageTextStyle: { color: look.muted },
              pageIconColor: look.text,
            },
          }
        : {}),
      grid: { left: isUpright ? 56 : left + 8, right: 24, top: hasLegend ? 40 : 8, bottom: 30 },
      xAxis: isUpright ? categories : numbers,
      yAxis: isUpright ? numbers : categories,
      series: [
        ...values.map((key) => ({
          type: 'bar',
          name: figure.columns[placeOf(figure, key)]!.title,
          ...(isStacked ? { stack: 'all' } : {}),
          barWidth: isUpright ? (hasLegend ? '30%' : '56%') : barPx,
          barGap: '15%',
          itemStyle: { borderRadius: isStacked ? 0 : 2 },
          data: columnOf(drawing, key).cells.map((cell) => numberIn(cell) ?? '-'),
        })),
        // Where nothing of a row is told, that stands in its place.
        {
          type: 'custom',
          renderItem: row,
          encode: isUpright ? { x: 0, y: 1 } : { x: 1, y: 0 },
          data: held.map((at) => [at, 0]),
        },
      ],
    },
  };
}
