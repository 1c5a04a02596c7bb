/** The colours of charts, beside those of the theme: told apart by people who see few colours by their lightness too. */
import type { Appearance } from '../app/theme.ts';
import type { Look } from './drawing.ts';

const font =
  "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif";

export const looks: Readonly<Record<Appearance, Look>> = {
  light: {
    palette: [
      '#0b6e69',
      '#d39a2d',
      '#5b6fc4',
      '#c0628a',
      '#8aa0a6',
      '#7d8f2e',
      '#3c8fc0',
      '#8c5aa8',
      '#a0622d',
      '#2f9e62',
    ],
    text: '#14201f',
    muted: '#566361',
    line: '#e3e6e8',
    surface: '#ffffff',
    font,
    heat: ['#e7b45f', '#f3f5f4', '#62b6ab'],
  },
  dark: {
    palette: [
      '#4fb8ae',
      '#e0a84e',
      '#8d9ef0',
      '#e08bb0',
      '#93a3a8',
      '#b5c56a',
      '#7bbbe0',
      '#bd93d8',
      '#d29a6a',
      '#6fcf97',
    ],
    text: '#e6ecea',
    muted: '#9aa7a4',
    line: '#2a3332',
    surface: '#161c1c',
    font,
    heat: ['#8a6526', '#20282a', '#1f7d74'],
  },
};

/** What is kept as a file or printed is on white. */
export const paperLook = looks.light;
