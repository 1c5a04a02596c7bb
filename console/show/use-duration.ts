import { usePreferences } from '../app/preferences.ts';

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A time span in the two largest units that it has: `2 min 5 s`, `0.4 s`. @param seconds not negative. */
export function durationIn(locale: string, seconds: number): string {
  const text = (unit: string, value: number, digits = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: locale.startsWith('zh') ? 'short' : 'narrow',
      maximumFractionDigits: digits,
    }).format(value);
  if (seconds < 10) return text('second', seconds, 1);
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of steps) {
    if (left < size) continue;
    parts.push(text(unit, Math.floor(left / size)));
    left %= size;
  }
  if (left > 0 || parts.length === 0) parts.push(text('second', left));
  return parts.slice(0, 2).join(' ');
}

export function useDuration(): (seconds: number) => string {
  const { language } = usePreferences();
  return (seconds) => durationIn(language === 'zh' ? 'zh-CN' : 'en-GB', seconds);
}
