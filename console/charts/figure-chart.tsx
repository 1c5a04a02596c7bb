import type { EChartsType } from 'echarts/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CellWords } from './cell-text.ts';
import { drawFigure } from './draw.ts';
import type { Figure } from './figure.ts';
import { useLook } from './use-look.ts';

/** A figure drawn as wide as its place. For whoever cannot see it the table stands beside it. */
export function FigureChart({
  figure,
  words,
  label,
}: {
  readonly figure: Figure;
  readonly words: CellWords;
  readonly label: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const [widthPx, setWidth] = useState(0);
  const [library, setLibrary] = useState<typeof import('./echarts.ts')>();
  const look = useLook();
  const drawn = widthPx === 0 ? undefined : drawFigure({ figure, look, words, widthPx });

  useEffect(() => {
    let isHere = true;
    void import('./echarts.ts').then((loaded) => {
      if (isHere) setLibrary(loaded);
    });
    return () => {
      isHere = false;
    };
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current?.dispose();
      chart.current = undefined;
    };
  }, []);

  useLayoutEffect(() => {
    if (library === undefined || drawn === undefined || box.current === null) return;
    const size = { width: widthPx, height: drawn.heightPx };
    chart.current ??= library.init(box.current, null, { renderer: 'svg', ...size });
    chart.current.resize(size);
    chart.current.setOption(drawn.option, { notMerge: true });
    // On paper it is as wide as the paper.
    box.current.querySelector('svg')?.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  });

  return <div ref={box} className="chart" role="img" aria-label={label} style={{ height: drawn?.heightPx ?? 200 }} />;
}
