/** What every application's figures are told in: the reader's words, and cells for what a report says or holds back. */
import type { Words } from '@causeway/core/applications';
import { type Cell, type Column, type Figure, hidden, type Unit } from '../../../charts/figure.ts';
import type { en } from '../../../words/en/index.ts';

export type FigureWord = keyof typeof en.resultWords;

/** The reader's language. */
export type Say = (word: FigureWord, blanks?: Readonly<Record<string, string | number>>) => string;

export interface Telling {
  readonly say: Say;
  /** A sentence or a name that came with the report. */
  readonly words: (words: Words) => string;
  /** A day, of Unix seconds. */
  readonly day: (seconds: number) => string;
}

/** A number that stands above the figures. */
export interface Fact {
  readonly label: string;
  readonly cell: Cell;
  readonly unit: Unit;
  readonly interval?: { readonly low: number; readonly high: number };
}

/** A result as it is shown: its chief numbers, then its figures. */
export interface ToldResult {
  readonly facts: readonly Fact[];
  readonly figures: readonly Figure[];
}

export const name: Unit = { kind: 'name' };
export const count: Unit = { kind: 'count' };
export const share = (digits = 0): Unit => ({ kind: 'share', digits });
export const decimal = (digits: number): Unit => ({ kind: 'decimal', digits });

export const column = (key: string, title: string, unit: Unit): Column => ({ key, title, unit });

/** What a report leaves out it holds back; JSON has null in the place of it in a list. */
export function told(value: number | null | undefined): Cell {
  return value ?? hidden;
}

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Both ends of an interval; an exact number has none. */
export function ends(interval: Ends | undefined): readonly [Cell, Cell] {
  return interval === undefined ? [null, null] : [interval.low, interval.high];
}

export function intervalColumns(say: Say, unit: Unit, prefix = ''): readonly [Column, Column] {
  return [column(`${prefix}low`, say('low'), unit), column(`${prefix}high`, say('high'), unit)];
}

/** @returns the interval of a chart, where any row has one. */
export function intervalOf(rows: readonly { readonly interval?: Ends | undefined }[]): {
  readonly interval?: { readonly low: string; readonly high: string };
} {
  return rows.some(({ interval }) => interval !== undefined) ? { interval: { low: 'low', high: 'high' } } : {};
}

/** A name that stands alone, as a title: dimensions and models are small in sentences. */
export function heading(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
