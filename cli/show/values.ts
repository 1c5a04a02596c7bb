/** Numbers, sizes, times and durations as a person reads them. */
import type { Words } from '../words/index.ts';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function number(value: number): string {
  return grouped.format(value);
}

/** Powers of 1,000, three figures: `18.4 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let value = count;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(value < 9.95 ? 1 : 0)} ${units[unit]}`;
}

/** Share as whole percent, never rounded up to 100 before it is done. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** An RFC 3339 instant in the local time zone, to the minute. */
export function time(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** At most two units: `2 h 5 min`. */
export function duration(seconds: number, words: Words): string {
  const whole = Math.max(0, Math.round(seconds));
  const { second, minute, hour, day } = words.units;
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), day],
    [Math.floor(whole / 3600) % 24, hour],
    [Math.floor(whole / 60) % 60, minute],
    [whole % 60, second],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `0 ${second}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
