import { usePreferences } from '../app/preferences.ts';

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
type Unit = (typeof steps)[number][0] | 'second';

/** The symbols of the SI: what Intl writes for English changes with the number and between browsers. */
const symbols: Readonly<Record<Unit, string>> = { day: 'd', hour: 'h', minute: 'min', second: 's' };

/** A time span in the two largest units that it has: `2 min 5 s`, `0.4 s`. @param seconds not negative. */
export function durationIn(locale: string, seconds: number): string {
  const text = (unit: Unit, value: number, digits = 0) => {
    if (!locale.startsWith('zh')) {
      return `${new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)} ${symbols[unit]}`;
    }
    const format = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits } as const;
    return new Intl.NumberFormat(locale, format).format(value);
  };
  // What took next to nothing took some time all the same.
  if (seconds > 0 && seconds < 0.1) return `<${text('second', 0.1, 1)}`;
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
