/** Advertising and device identifiers by kind of device; unique, because part of each is a bijection of the person's index. */

import { Draw } from '@causeway/core/random';
import { ascii, type TextBuffer } from '../files/text-buffer.ts';
import { Permutation } from '../random/permutation.ts';

/** 400 type allocation codes from 86000000, each with a million serial numbers. */
const imeis = 400_000_000;
const typeAllocationFirst = 86_000_000;

export type OaidForm = 'uuid' | 'hex16' | 'hex64';

export class Devices {
  readonly #draw: Draw;
  readonly #unique: Permutation;
  readonly #imeis: Permutation;
  readonly #digits = new Uint8Array(15);

  constructor(seed: number) {
    this.#draw = new Draw(seed, 'device');
    this.#unique = new Permutation(2 ** 32, seed, 'advertising id');
    this.#imeis = new Permutation(imeis, seed, 'imei');
  }

  /** An OAID in the form that the person's vendor issues: lower-case UUID, 16 or 64 hexadecimal digits. */
  writeOaid(person: number, to: TextBuffer): void {
    const draw = this.#draw.at(person);
    const form = draw.below(10);
    const unique = this.#unique.forward(person);
    if (form < 4) writeUuid(unique, draw, 'lower', to);
    else {
      to.hex(unique, 8);
      for (let words = form < 7 ? 1 : 7; words > 0; words--) to.hex(draw.u32(), 8);
    }
  }

  /** An IDFA, a random UUID (RFC 9562 §5.4), in capitals as the system shows it or in small letters. */
  writeIdfa(person: number, letters: 'upper' | 'lower', to: TextBuffer): void {
    writeUuid(this.#unique.forward(person), this.#draw.at(person), letters, to);
  }

  /** An IMEI of 15 digits whose last is the Luhn check digit, plain or as `86-000000-000000-0`. */
  writeImei(person: number, form: 'plain' | 'hyphens', to: TextBuffer): void {
    const value = this.#imeis.forward(person);
    const type = Math.floor(value / 1_000_000);
    let rest = (typeAllocationFirst + type) * 1_000_000 + (value - type * 1_000_000);
    let sum = 0;
    for (let i = 13; i >= 0; i--) {
      const digit = rest % 10;
      rest = Math.floor(rest / 10);
      this.#digits[i] = digit;
      const weighed = i % 2 === 1 ? 2 * digit : digit;
      sum += weighed > 9 ? weighed - 9 : weighed;
    }
    this.#digits[14] = (10 - (sum % 10)) % 10;
    for (let i = 0; i < 15; i++) {
      if (form === 'hyphens' && (i === 2 || i === 8 || i === 14)) to.byte(ascii.hyphen);
      to.byte(ascii.zero + this.#digits[i]!);
    }
  }
}

function writeUuid(unique: number, draw: Draw, letters: 'upper' | 'lower', to: TextBuffer): void {
  const low = draw.u32();
  to.hex(unique, 8, letters);
  to.byte(ascii.hyphen);
  to.hex(draw.u32(), 4, letters);
  to.byte(ascii.hyphen);
  to.byte(ascii.zero + 4);
  to.hex(low, 3, letters);
  to.byte(ascii.hyphen);
  to.hex(0x8000 | ((low >>> 12) & 0x3fff), 4, letters);
  to.byte(ascii.hyphen);
  to.hex(draw.u32(), 8, letters);
  to.hex(draw.u32(), 4, letters);
}
