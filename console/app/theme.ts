/** Colours, sizes and type of the console, for antd's components and, as custom properties, for our own styles. */
import { type ThemeConfig, theme } from 'antd';
import { useSyncExternalStore } from 'react';
import { usePrinting } from '../show/use-printing.ts';
import { usePreferences } from './preferences.ts';

export type Appearance = 'light' | 'dark';

const fonts =
  "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif";

const palettes = {
  light: {
    accent: '#0b6e69',
    ground: '#f6f7f8',
    surface: '#ffffff',
    line: '#e3e6e8',
    text: '#14201f',
    muted: '#566361',
    danger: '#b3261e',
  },
  dark: {
    accent: '#4fb8ae',
    ground: '#0f1414',
    surface: '#161c1c',
    line: '#2a3332',
    text: '#e6ecea',
    muted: '#9aa7a4',
    danger: '#ff8f86',
  },
} as const;

export function themeOf(appearance: Appearance): ThemeConfig {
  const palette = palettes[appearance];
  return {
    algorithm: appearance === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: 'causeway' },
    token: {
      colorPrimary: palette.accent,
      colorLink: palette.accent,
      colorInfo: palette.accent,
      colorError: palette.danger,
      colorBgBase: palette.surface,
      colorTextBase: palette.text,
      colorTextDescription: palette.muted,
      colorTextPlaceholder: palette.muted,
      colorBorderSecondary: palette.line,
      fontFamily: fonts,
      fontSize: 14,
      borderRadius: 6,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
      // Whoever has asked the system for less motion gets none.
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    },
    components: {
      Table: {
        headerBg: 'transparent',
        headerSplitColor: 'transparent',
        headerColor: palette.muted,
        cellPaddingBlock: 11,
      },
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        ...(appearance === 'dark' ? { primaryColor: '#06211f' } : {}),
      },
    },
  };
}

/** The custom properties that `console.css` speaks of. */
export function propertiesOf(appearance: Appearance): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(palettes[appearance]).map(([name, colour]) => [`--${name}`, colour]));
}

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** As the reader wants it; on paper always light. */
export function useAppearance(): Appearance {
  const { appearance } = usePreferences();
  const isPrinting = usePrinting();
  const isSystemDark = useSyncExternalStore(
    (listener) => {
      systemDark.addEventListener('change', listener);
      return () => systemDark.removeEventListener('change', listener);
    },
    () => systemDark.matches,
  );
  if (isPrinting) return 'light';
  if (appearance !== 'system') return appearance;
  return isSystemDark ? 'dark' : 'light';
}
