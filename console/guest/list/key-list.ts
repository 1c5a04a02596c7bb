/**
 * From the cells of a column to the set that is matched: distinct match keys in a random order that this page alone knows, and for each of
 * them the rows that carry it. How densely telephone numbers lie is measured here as a node measures it, and told as one number.
 */
import { lift, liftText, normaliser, parseProfile, type RefusalReason } from '@causeway/core/identifiers';
import { keyContext, matchKey, matchKeyBytes } from '@causeway/core/protocols';
import { type RandomSource, randomPermutation } from '@causeway/core/random';
import { ListError } from './list-error.ts';
import type { Table } from './table.ts';

export interface KeyList {
  /** Distinct keys of 16 bytes, in secret order. */
  readonly keys: Uint8Array;
  readonly count: number;
  /** For each key, the rows that carry it. */
  readonly rows: readonly (readonly number[])[];
  /** Rows that have an identifier. */
  readonly rowCount: number;
  /** Rows that take no part, by reason; `no-counterpart` for a value that has none in the common form. */
  readonly refused: ReadonlyMap<RefusalReason | 'no-counterpart', number>;
  /** Whole percent of the densest number segment, rounded up; undefined for identifiers without segments. */
  readonly density: number | 'not-measurable' | undefined;
}

/** Numbers that differ in their last four digits. */
const segmentNumbers = 10_000;

/**
 * @param column.index in the table.
 * @param of.network what keys are bound to, with the form.
 * @throws {ListError} `formula`: what a formula's cell shows was computed elsewhere, and may be out of date [F15].
 */
export function keyList(
  table: Table,
  column: { readonly index: number; readonly profile: string; readonly form: string },
  of: { readonly network: string; readonly random: RandomSource },
): KeyList {
  const formula = table.formulas.get(column.index);
  if (formula !== undefined) throw new ListError('formula', formula);
  const profile = parseProfile(column.profile);
  const steps = lift(profile, parseProfile(column.form));
  if (!steps) throw new RangeError(`${column.profile} cannot be brought to ${column.form}`);
  const normalise = normaliser(profile);
  const context = keyContext(of.network, column.form);
  const rowsOf = new Map<string, number[]>();
  const density = new DensityMeter(profile.type === 'phone', profile.digests.length > 0);
  const refused = new Map<RefusalReason | 'no-counterpart', number>();
  let rowCount = 0;
  for (const [row, cells] of table.rows.entries()) {
    const value = normalise(cells[column.index] ?? '');
    const lifted = value.ok ? liftText(steps, value.value) : null;
    if (!value.ok || lifted === null) {
      const reason = value.ok ? 'no-counterpart' : value.reason;
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
      continue;
    }
    density.add(value.value);
    rowCount += 1;
    const rows = rowsOf.get(lifted);
    if (rows) rows.push(row);
    else rowsOf.set(lifted, [row]);
  }
  const ordered = [...rowsOf];
  const entries = Array.from(randomPermutation(ordered.length, of.random), (from) => ordered[from]!);
  const keys = new Uint8Array(entries.length * matchKeyBytes);
  for (const [i, [value]] of entries.entries()) keys.set(matchKey(context, value), i * matchKeyBytes);
  return {
    keys,
    count: entries.length,
    rows: entries.map(([, rows]) => rows),
    rowCount,
    refused,
    density: density.percent,
  };
}

class DensityMeter {
  readonly #isMeasured: boolean;
  readonly #isHashed: boolean;
  readonly #segments = new Map<number, Set<number>>();

  constructor(isPhone: boolean, isHashed: boolean) {
    this.#isMeasured = isPhone && !isHashed;
    this.#isHashed = isPhone && isHashed;
  }

  /** @param number in its canonical text: digits, with a plus sign before them or none. */
  add(number: string): void {
    if (!this.#isMeasured) return;
    const value = Number(number.replace('+', ''));
    const segment = Math.floor(value / segmentNumbers);
    const held = this.#segments.get(segment);
    if (held) held.add(value % segmentNumbers);
    else this.#segments.set(segment, new Set([value % segmentNumbers]));
  }

  get percent(): KeyList['density'] {
    if (this.#isHashed) return 'not-measurable';
    if (!this.#isMeasured) return undefined;
    let densest = 0;
    for (const { size } of this.#segments.values()) densest = Math.max(densest, size);
    return Math.ceil((100 * densest) / segmentNumbers);
  }
}
