/** Numbers, sizes and times as the reader writes them. */
import { usePreferences } from '../app/preferences.ts';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export interface Figures {
  /** A count, grouped. */
  readonly count: (value: number) => string;
  /** A part of 1, in whole percent; with decimals where more is known. */
  readonly share: (part: number, digits?: number) => string;
  /** A number with at most so many decimals. */
  readonly decimal: (value: number, digits: number) => string;
  /** An amount of money. */
  readonly money: (amount: number, currency: string) => string;
  /** A size on a disk or a wire, in units of 1000. */
  readonly size: (bytes: number) => string;
  /** An RFC 3339 instant as day and minute. */
  readonly time: (instant: string) => string;
  /** Its day alone. */
  readonly day: (instant: string) => string;
}

export function figuresIn(locale: string, timeZone: string | undefined): Figures {
  const counts = new Intl.NumberFormat(locale);
  const times = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const days = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return {
    count: (value) => counts.format(value),
    share: (part, digits = 0) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(part),
    decimal: (value, digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
    money: (amount, currency) => new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount),
    size: (bytes) => {
      const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
      const format = { style: 'unit', unit: units[power]!, maximumFractionDigits: 1 } as const;
      return new Intl.NumberFormat(locale, format).format(bytes / 1000 ** power);
    },
    time: (instant) => times.format(new Date(instant)),
    day: (instant) => days.format(new Date(instant)),
  };
}

export function useFigures(): Figures {
  const { language, zone } = usePreferences();
  return figuresIn(language === 'zh' ? 'zh-CN' : 'en-GB', zone === 'utc' ? 'UTC' : undefined);
}
