import { columnOf, type Drawing, type Drawn, rowTold, textsOf, tooltip } from './drawing.ts';
import { type Chart, numberIn } from './figure.ts';

type Flow = Extract<Chart, { readonly kind: 'flow' }>;

/** Streams between names (Sankey), as wide as their numbers; what is held back is in the table alone. */
export function drawFlow({ from, to, value }: Flow, drawing: Drawing): Drawn | undefined {
  const [sources, targets] = [textsOf(drawing, from), textsOf(drawing, to)];
  const { look } = drawing;
  const links = columnOf(drawing, value).cells.flatMap((cell, row) => {
    const number = numberIn(cell);
    if (number === undefined || number <= 0) return [];
    return [{ source: sources[row]!, target: targets[row]!, value: number, row }];
  });
  if (links.length === 0) return undefined;
  const names = [...new Set(links.flatMap(({ source, target }) => [source, target]))];
  const most = Math.max(
    new Set(links.map(({ source }) => source)).size,
    new Set(links.map(({ target }) => target)).size,
  );
  return {
    heightPx: Math.max(220, most * 44 + 40),
    option: {
      ...tooltip(drawing, ({ dataType, dataIndex, name }) =>
        dataType === 'edge' ? rowTold(drawing, links[dataIndex]!.row) : name,
      ),
      series: [
        {
          type: 'sankey',
          left: 8,
          right: 130,
          top: 12,
          bottom: 12,
          nodeGap: 14,
          nodeWidth: 12,
          draggable: false,
          emphasis: { focus: 'adjacency' },
          itemStyle: { borderWidth: 0 },
          lineStyle: { color: 'source', opacity: 0.28 },
          label: { color: look.text, fontSize: 13, fontFamily: look.font },
          data: names.map((name) => ({ name })),
          links: links.map(({ source, target, value: number }) => ({ source, target, value: number })),
        },
      ],
    },
  };
}
