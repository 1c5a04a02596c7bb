/** What a number cell says: spreadsheets keep dates as numbers of days, and numbers as doubles. */

/** ECMA-376 part 1, 18.8.30: the formats without a code that are dates or times, those of East Asian versions included. */
const builtInDates: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** @param code the format's own code, where the workbook defines it. */
export function isDateFormat(format: number, code: string | undefined): boolean {
  if (code === undefined) return builtInDates.some(([from, to]) => format >= from && format <= to);
  // Letters in quotes, after a backslash or in brackets (colours, locales) are no date parts; [h] is a duration.
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '').split(';')[0]!;
  return !/general/i.test(bare) && /[ymdhs]/i.test(bare);
}

/**
 * The number as a person reads it in a plain cell: 13800138000, not 1.3800138E10; a double's noise past 15 digits is not shown.
 * From 10^15 on a spreadsheet has lost digits: such a number keeps its exponent, by which normalisation knows it.
 */
export function numberText(stored: string): string {
  if (/^-?\d+$/.test(stored)) return stored;
  const number = Number(stored);
  if (!Number.isFinite(number) || stored.trim() === '') return stored;
  if (Math.abs(number) >= 1e15) return stored;
  return String(Number(number.toPrecision(15)));
}

const dayMs = 86_400_000;
const lastDay = 2_958_465; // 9999-12-31

/**
 * A day number as ISO 8601 text, with the time where it has one.
 * The 1900 system has a 29 February 1900 that never was, as day 60; days before it are off by one.
 */
export function dateText(stored: string, is1904: boolean): string {
  const serial = Number(stored);
  if (!(serial >= 0 && serial < lastDay + 1) || stored.trim() === '') return numberText(stored);
  const seconds = Math.round((serial % 1) * 86_400);
  const day = Math.floor(serial) + (seconds === 86_400 ? 1 : 0);
  const time = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19);
  if (serial < 1 && !is1904) return time;
  const date = is1904 ? isoDay(Date.UTC(1904, 0, 1) + day * dayMs) : isoDay1900(day);
  return seconds % 86_400 === 0 ? date : `${date} ${time}`;
}

function isoDay1900(day: number): string {
  if (day === 60) return '1900-02-29';
  return isoDay(Date.UTC(1899, 11, day < 60 ? 31 : 30) + day * dayMs);
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
