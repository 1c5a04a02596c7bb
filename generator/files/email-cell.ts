import type { rates } from '../rates.ts';
import { ascii, type TextBuffer } from './text-buffer.ts';

/** Appends a canonical address as a person or a program wrote it. */
export function writeEmail(
  address: TextBuffer,
  writing: 'plain' | 'capitalised' | 'upperCase' | 'padded',
  to: TextBuffer,
): void {
  switch (writing) {
    case 'plain':
      to.append(address);
      return;
    case 'upperCase':
      for (const byte of address.view()) to.byte(upper(byte));
      return;
    case 'capitalised': {
      let first = true;
      for (const byte of address.view()) {
        to.byte(first ? upper(byte) : byte);
        first = byte === ascii.at;
      }
      return;
    }
    case 'padded':
      to.byte(ascii.space);
      to.append(address);
      to.byte(ascii.space);
      return;
  }
}

/** The address that a writing of a Gmail address stands for. */
export function addressOf(writing: keyof typeof rates.gmailWriting): 'primary' | 'dotted' | 'tagged' {
  return writing === 'asRegistered' ? 'primary' : writing;
}

function upper(byte: number): number {
  return byte >= 97 && byte <= 122 ? byte - 32 : byte;
}
