/** The rows of one sheet, in order, as they are unpacked. Formulas are never computed: a cell says that it has one. */
import { dateText, numberText } from './cell-number.ts';
import { workbookLimits } from './limits.ts';
import type { Part } from './part.ts';
import { type SharedStrings, unescapeText } from './shared-strings.ts';
import type { Workbook } from './workbook.ts';
import { damagedWorkbook } from './workbook-error.ts';
import { parseXml } from './xml.ts';

/** A row's cells by column, from 0; reused for the next row. */
export interface SheetRow {
  /** As the spreadsheet counts, from 1. */
  readonly number: number;
  readonly cells: readonly (string | undefined)[];
  readonly formulas: readonly boolean[];
}

export interface SheetHandlers {
  /** Rows with at least one value, ascending; those in between are empty. */
  row(row: SheetRow): void;
}

/** Yields the bytes of the sheet so far. @throws {WorkbookError} `damaged` for cells out of place, past the sheet's limits, or not well-formed. */
export async function* readSheet(
  sheet: { readonly part: Part; readonly workbook: Workbook; readonly strings: SharedStrings },
  handlers: SheetHandlers,
): AsyncGenerator<number> {
  yield* parseXml(sheet.part, new SheetReader(sheet.workbook, sheet.strings, handlers));
}

class SheetReader {
  readonly #workbook: Workbook;
  readonly #strings: SharedStrings;
  readonly #handlers: SheetHandlers;
  #cells: (string | undefined)[] = [];
  #formulas: boolean[] = [];
  #rowNumber = 0;
  #column = -1;
  #type = 'n';
  #style = 0;
  #value = '';
  #inline = '';
  #hasFormula = false;
  #reading: 'value' | 'inline' | undefined;
  #phoneticDepth = 0;

  constructor(workbook: Workbook, strings: SharedStrings, handlers: SheetHandlers) {
    this.#workbook = workbook;
    this.#strings = strings;
    this.#handlers = handlers;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row':
        this.#beginRow(attributes.r);
        break;
      case 'c':
        this.#beginCell(attributes);
        break;
      case 'v':
        this.#reading = 'value';
        break;
      case 't':
        if (this.#phoneticDepth === 0) this.#reading = 'inline';
        break;
      case 'rPh':
        this.#phoneticDepth += 1;
        break;
      case 'f':
        this.#hasFormula = true;
        break;
    }
  }

  close(name: string): void {
    this.#reading = undefined;
    if (name === 'rPh') this.#phoneticDepth -= 1;
    if (name === 'c') this.#endCell();
    if (name === 'row' && this.#cells.length > 0) {
      this.#handlers.row({ number: this.#rowNumber, cells: this.#cells, formulas: this.#formulas });
    }
  }

  text(text: string): void {
    if (this.#reading === 'value') this.#value += text;
    else if (this.#reading === 'inline') this.#inline += text;
  }

  #beginRow(reference: string | undefined): void {
    const number = reference === undefined ? this.#rowNumber + 1 : Number(reference);
    if (!Number.isInteger(number) || number <= this.#rowNumber || number > workbookLimits.sheetRows) {
      throw damagedWorkbook(`after row ${this.#rowNumber} stands a row that cannot be there`);
    }
    this.#rowNumber = number;
    this.#cells = [];
    this.#formulas = [];
    this.#column = -1;
  }

  #beginCell(attributes: Readonly<Record<string, string>>): void {
    const reference = attributes.r;
    const column = reference === undefined ? this.#column + 1 : columnIndex(reference);
    if (column <= this.#column || column >= workbookLimits.sheetColumns) {
      throw damagedWorkbook(`row ${this.#rowNumber} has a cell that cannot be there`);
    }
    this.#column = column;
    this.#type = attributes.t ?? 'n';
    this.#style = Number(attributes.s ?? 0);
    this.#value = '';
    this.#inline = '';
    this.#hasFormula = false;
  }

  #endCell(): void {
    const text = this.#cellText();
    if (text === '' && !this.#hasFormula) return;
    this.#cells[this.#column] = text;
    this.#formulas[this.#column] = this.#hasFormula;
  }

  #cellText(): string {
    const value = this.#value;
    switch (this.#type) {
      case 's':
        return value === '' ? '' : this.#strings.text(Number(value));
      case 'inlineStr':
        return unescapeText(this.#inline);
      case 'str':
        return unescapeText(value);
      case 'b':
        return value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : '';
      case 'e':
        return '';
      case 'd':
        return value;
      default:
        if (value === '') return '';
        return this.#workbook.dateStyles[this.#style] ? dateText(value, this.#workbook.is1904) : numberText(value);
    }
  }
}

/** "BC23" → 54; a reference that is none gives −1, which is out of place everywhere. */
function columnIndex(reference: string): number {
  let index = 0;
  for (const letter of /^[A-Z]{1,3}(?=[0-9]+$)/.exec(reference)?.[0] ?? '')
    index = 26 * index + letter.charCodeAt(0) - 64;
  return index - 1;
}

/** 54 → "BC". */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}
