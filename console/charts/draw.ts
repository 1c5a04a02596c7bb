/** A figure as ECharts draws it. Every number comes from the table's cells, and is told as the table tells it. */
import type { EChartsCoreOption } from 'echarts/core';
import { drawFlow } from './draw-flow.ts';
import { drawGroups } from './draw-groups.ts';
import { drawHeat } from './draw-heat.ts';
import { drawRows } from './draw-rows.ts';
import type { Drawing, Drawn } from './drawing.ts';
import { type Chart, hasNumbers } from './figure.ts';

/** @returns undefined for a figure that is a table alone, or has nothing to draw. */
export function drawFigure(drawing: Drawing): Drawn | undefined {
  const { figure, look } = drawing;
  if (figure.chart === undefined || !hasNumbers(figure)) return undefined;
  const drawn = drawChart(figure.chart, drawing);
  if (drawn === undefined) return undefined;
  const option: EChartsCoreOption = {
    animation: false,
    color: [...look.palette],
    textStyle: { fontFamily: look.font, color: look.text },
    ...drawn.option,
  };
  return { ...drawn, option };
}

function drawChart(chart: Chart, drawing: Drawing): Drawn | undefined {
  switch (chart.kind) {
    case 'bars':
    case 'points':
      return drawRows(chart, drawing);
    case 'groups':
      return drawGroups(chart, drawing);
    case 'heat':
      return drawHeat(chart, drawing);
    case 'flow':
      return drawFlow(chart, drawing);
  }
}
