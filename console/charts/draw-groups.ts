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
import { type Chart, numberIn, placeOf } from './figure.ts';

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
  const rowPx = (isStacked ? 1 : values.length) * (barPx + 2) + 16;
  return {
    heightPx: (isUpright ? 250 : names.length * rowPx + 40) + (hasLegend ? 34 : 0),
    option: {
      ...tooltip(drawing, ({ dataIndex }: Pointed) => rowTold(drawing, dataIndex)),
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
      series: values.map((key) => ({
        type: 'bar',
        name: figure.columns[placeOf(figure, key)]!.title,
        ...(isStacked ? { stack: 'all' } : {}),
        barWidth: isUpright ? (hasLegend ? '30%' : '56%') : barPx,
        barGap: '15%',
        itemStyle: { borderRadius: isStacked ? 0 : 2 },
        data: columnOf(drawing, key).cells.map((cell) => numberIn(cell) ?? '-'),
      })),
    },
  };
}
