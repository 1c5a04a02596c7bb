/** What stands in a cell, as text for people and as a value for a spreadsheet. */
import type { Figures } from '../show/figures.ts';
import { type Cell, type Column, type Figure, isHidden, type Unit } from './figure.ts';

export interface CellWords {
  /** For what is held back. */
  readonly hidden: string;
  readonly figures: Figures;
}

export function cellText(cell: Cell, unit: Unit, words: CellWords): string {
  if (cell === null) return '–';
  if (isHidden(cell)) return words.hidden;
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'object') return `>${numberText(cell.over, unit, words.figures)}`;
  return numberText(cell, unit, words.figures);
}

export function numberText(value: number, unit: Unit, figures: Figures): string {
  switch (unit.kind) {
    case 'name':
    case 'count':
      return figures.count(Math.round(value));
    case 'share':
      return figures.share(value, unit.digits);
    case 'decimal':
      return figures.decimal(value, unit.digits);
    case 'money':
      return figures.money(value / 10 ** unit.digits, unit.currency);
  }
}

/** The table for a spreadsheet: numbers as they are, with a dot, in the unit that the title names. */
export function csvRows(figure: Figure, words: Pick<CellWords, 'hidden'>): readonly (readonly (string | number)[])[] {
  return [
    figure.columns.map(titleForFile),
    ...figure.rows.map((row) => row.map((cell, i) => fileCell(cell, figure.columns[i]!.unit, words))),
  ];
}

function titleForFile({ title, unit }: Column): string {
  return unit.kind === 'money' ? `${title} (${unit.currency})` : title;
}

function fileCell(cell: Cell, unit: Unit, words: Pick<CellWords, 'hidden'>): string | number {
  if (cell === null) return '';
  if (isHidden(cell)) return words.hidden;
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'object') return `>${cell.over}`;
  return unit.kind === 'money' ? cell / 10 ** unit.digits : cell;
}
