/** Numbers, sizes and times as the reader writes them. */
import { usePreferences } from '../app/preferences.ts';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export interface Figures {
  /** A count, grouped. */
  readonly count: (value: number) => string;
  /** A size on a disk or a wire, in units of 1000. */
  readonly size: (bytes: number) => string;
  /** An RFC 3339 instant as day and minute. */
  readonly time: (instant: string) => string;
}

export function figuresIn(locale: string, timeZone: string | undefined): Figures {
  const counts = new Intl.NumberFormat(locale);
  const times = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return {
    count: (value) => counts.format(value),
    size: (bytes) => {
      const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
      const format = { style: 'unit', unit: units[power]!, maximumFractionDigits: 1 } as const;
      return new Intl.NumberFormat(locale, format).format(bytes / 1000 ** power);
    },
    time: (instant) => times.format(new Date(instant)),
  };
}

export function useFigures(): Figures {
  const { language, zone } = usePreferences();
  return figuresIn(language === 'zh' ? 'zh-CN' : 'en-GB', zone === 'utc' ? 'UTC' : undefined);
}
