/** Figures as people read them, the same in both languages. */
import type { Interval } from '../../statistics/index.ts';
import { grouped } from '../words.ts';

/** A number with so many decimals, thousands separated; −0 is 0. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const [whole = '', fraction] = text.split('.');
  const negative = value < 0 && /[1-9]/.test(text);
  return `${negative ? '−' : ''}${grouped(Number(whole))}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A share as a percentage. */
export function percentText(share: number, digits = 0): string {
  return `${fixed(100 * share, digits)} %`;
}

/** `0.15–1.05`. @param scale multiplies both ends, 100 for percentages. */
export function rangeText({ low, high }: Interval, digits: number, scale = 1): string {
  return `${fixed(scale * low, digits)}–${fixed(scale * high, digits)}`;
}
