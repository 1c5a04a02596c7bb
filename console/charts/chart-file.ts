/** A chart as a file: drawn anew on white, with its title, whatever the page looks like. */
import type { CellWords } from './cell-text.ts';
import { drawFigure } from './draw.ts';
import type { Figure } from './figure.ts';
import { paperLook } from './look.ts';

const widthPx = 900;
const titlePx = 44;
/** Sharp on a slide. */
const pngScale = 2;

/** @returns undefined for a figure that is a table alone. */
export async function chartSvg(figure: Figure, words: CellWords): Promise<string | undefined> {
  const drawn = drawFigure({ figure, look: paperLook, words, widthPx });
  if (drawn === undefined) return undefined;
  const { init } = await import('./echarts.ts');
  const { option, heightPx } = drawn;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: widthPx, height: heightPx + titlePx });
  chart.setOption({ ...option, ...belowTitle(option) });
  chart.setOption({
    backgroundColor: paperLook.surface,
    title: {
      text: figure.title,
      left: 8,
      top: 10,
      textStyle: { fontSize: 16, fontWeight: 600, color: paperLook.text, fontFamily: paperLook.font },
    },
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** Moves what is at the top of a chart below its title. */
function belowTitle(option: object): object {
  const moved = (part: unknown) => {
    const { top = 0 } = part as { readonly top?: number };
    return { ...(part as object), top: top + titlePx };
  };
  const { grid, legend, series } = option as { grid?: object; legend?: object; series?: readonly object[] };
  return {
    ...(grid === undefined ? { series: (series ?? []).map(moved) } : { grid: moved(grid) }),
    ...(legend === undefined ? {} : { legend: moved(legend) }),
  };
}

/** @throws {Error} where the browser cannot draw it. */
export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * pngScale;
    canvas.height = image.naturalHeight * pngScale;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture could not be made')) : resolve(blob)));
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
