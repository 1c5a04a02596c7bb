import type { CrmCells } from './crm-cells.ts';
import { ascii, type TextBuffer } from './text-buffer.ts';

/** The pieces around a number, in the file's encoding. */
export type MobileTexts = ReturnType<typeof mobileTexts>;

export function mobileTexts(encode: (text: string) => Uint8Array) {
  return {
    plus86: encode('+86'),
    bare86: encode('86'),
    idd0086: encode('0086'),
    brackets86: encode('(86)'),
    fullWidthDigits: [...'０１２３４５６７８９'].map(encode),
    zeroWidthSpace: encode('\u200b'),
  };
}

/**
 * Appends a mobile as a person or a spreadsheet wrote it.
 * @param number 11 digits as an integer; `cells` says the writing, and its draw goes on for what is left open.
 */
export function writeMobile(number: number, cells: CrmCells, texts: MobileTexts, line: TextBuffer): void {
  const grouped = (separator: number) => {
    line.decimal(Math.floor(number / 100_000_000));
    line.byte(separator);
    line.decimal(Math.floor(number / 10_000) % 10_000, 4);
    line.byte(separator);
    line.decimal(number % 10_000, 4);
  };
  switch (cells.mobileWriting) {
    case 'plain':
      line.decimal(number);
      return;
    case 'spaces':
      grouped(ascii.space);
      return;
    case 'hyphens':
      grouped(ascii.hyphen);
      return;
    case 'plus86':
      line.text(texts.plus86);
      if (cells.draw.chance(5_000)) line.byte(ascii.space);
      line.decimal(number);
      return;
    case 'bare86':
      line.text(texts.bare86);
      line.decimal(number);
      return;
    case 'idd0086':
      line.text(texts.idd0086);
      if (cells.draw.chance(3_000)) line.byte(ascii.hyphen);
      line.decimal(number);
      return;
    case 'brackets86':
      line.text(texts.brackets86);
      line.decimal(number);
      return;
    case 'apostrophe':
      line.byte(ascii.apostrophe);
      line.decimal(number);
      return;
    case 'padded': {
      const before = cells.draw.chance(5_000);
      if (before) line.byte(ascii.space);
      line.decimal(number);
      if (!before) line.byte(ascii.space);
      return;
    }
    case 'fullWidth':
      for (let power = 10_000_000_000; power >= 1; power /= 10) {
        line.text(texts.fullWidthDigits[Math.floor(number / power) % 10]!);
      }
      return;
    case 'zeroWidthSpace':
      line.decimal(number);
      line.text(texts.zeroWidthSpace);
      return;
  }
}
