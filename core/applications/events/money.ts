/** Amounts as whole units: minor units as ISO 4217 has them, or finer ones where a platform charges by the thousandth of a cent. */
import { fixed } from '../report/index.ts';

/** Digits after the point that a unit of each currency has, e.g. `{ CNY: 2 }`: a unit is a fen. At most 6. */
export type Currencies = Readonly<Record<string, number>>;

/** An amount in one currency. */
export interface Money {
  readonly units: number;
  readonly currency: string;
  /** Digits after the point that a unit has. */
  readonly digits: number;
}

/** `12,000.00 CNY`, with at most two digits after the point: finer units are rounded for people alone. */
export function moneyText({ units, currency, digits }: Money): string {
  return `${fixed(units / 10 ** digits, Math.min(digits, 2))} ${currency}`;
}

/** @throws {RangeError} for codes that are not three capital letters, and digits outside 0 … 6. */
export function checkCurrencies(currencies: Currencies): void {
  for (const [code, digits] of Object.entries(currencies)) {
    if (!/^[A-Z]{3}$/.test(code)) throw new RangeError(`currencies: expected three capital letters, got ${code}`);
    if (!Number.isInteger(digits) || digits < 0 || digits > 6) {
      throw new RangeError(`currencies: expected 0 to 6 digits for ${code}, got ${digits}`);
    }
  }
}
