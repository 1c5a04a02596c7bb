/** The year that the files tell of, in seconds from its start: 2024-07-01 00:00:00 to 2025-06-30 23:59:59, Beijing time (UTC+8, no summer time). */

import type { Draw } from '@causeway/core/random';
import { ascii, type TextBuffer } from './files/text-buffer.ts';
import { Weighted } from './random/weighted.ts';

export const daySeconds = 86_400;
export const yearDays = 365;
/** Unix time of second 0. */
export const epochSeconds = Date.UTC(2024, 6, 1) / 1000 - 8 * 3_600;
/** The measured campaign's window: June 2025, the year's last 30 days. */
export const campaignDay = 335;
export const campaignDays = 30;

/** People are awake by day and most of all in the evening: weights of the hours 0 … 23. */
const hours = new Weighted(
  Object.fromEntries(
    [6, 3, 2, 1, 1, 2, 6, 14, 22, 28, 32, 34, 38, 34, 30, 30, 31, 33, 37, 45, 56, 60, 45, 18].map((weight, hour) => [
      `${hour}h`,
      weight,
    ]),
  ),
);

/** A second of a day, 0 … 86,399. */
export function secondOfDay(draw: Draw): number {
  return 3_600 * hours.index(draw) + draw.below(3_600);
}

const firstRegistration = Date.UTC(2015, 0, 1);
/** Days from 2015-01-01 to the day before the year begins: when customers registered. */
export const registrationDays = (Date.UTC(2024, 6, 1) - firstRegistration) / (daySeconds * 1000);
const dates = packDates(registrationDays + yearDays);

/** `2025-06-03 14:05:59`, Beijing time. */
export function writeTime(second: number, to: TextBuffer): void {
  const day = Math.floor(second / daySeconds);
  const rest = second - day * daySeconds;
  writeDate(registrationDays + day, ascii.hyphen, to);
  to.byte(ascii.space);
  to.decimal(Math.floor(rest / 3_600), 2);
  to.byte(ascii.colon);
  to.decimal(Math.floor(rest / 60) % 60, 2);
  to.byte(ascii.colon);
  to.decimal(rest % 60, 2);
}

/** `2019-05-06`, or `2019/05/06`. @param day days after 2015-01-01. */
export function writeDate(day: number, separator: number, to: TextBuffer): void {
  for (let i = 0; i < 10; i++) to.byte(i === 4 || i === 7 ? separator : dates[10 * day + i]!);
}

function packDates(days: number): Uint8Array {
  let text = '';
  for (let day = 0; day < days; day++) {
    text += new Date(firstRegistration + day * daySeconds * 1000).toISOString().slice(0, 10);
  }
  return new TextEncoder().encode(text);
}
