/** What an import counts, chunk after chunk: reasons with their first rows, and what types the attributes could have. */
import type { ChangeReason, RefusalReason } from '@causeway/core/identifiers';
import { type AttributeType, decideType, noTypeCounts, type TypeCounts } from './attribute-type.ts';
import type { Tally } from './types.ts';

const firstRowsMax = 5;

interface MutableTally {
  count: number;
  firstRows: number[];
}

export class Statistics {
  readonly #ids: readonly {
    readonly changed: Map<string, MutableTally>;
    readonly refused: Map<string, MutableTally>;
  }[];
  readonly #attributes: readonly TypeCounts[];

  constructor(counts: { readonly ids: number; readonly attributes: number }) {
    this.#ids = Array.from({ length: counts.ids }, () => ({ changed: new Map(), refused: new Map() }));
    this.#attributes = Array.from({ length: counts.attributes }, noTypeCounts);
  }

  /** @param reasons one code, or several joined by commas, that hold for all of these rows; @param rows the first of them, from 0. */
  addReasons(id: number, kind: 'changed' | 'refused', reasons: string, count: number, rows: readonly number[]): void {
    const tallies = this.#ids[id]![kind];
    for (const reason of reasons.split(',')) {
      const tally = tallies.get(reason) ?? { count: 0, firstRows: [] };
      tally.count += count;
      tally.firstRows = [...tally.firstRows, ...rows].sort((a, b) => a - b).slice(0, firstRowsMax);
      tallies.set(reason, tally);
    }
  }

  /** @param counts for each attribute the numbers of `TypeCounts`, in its order. */
  addTypes(counts: readonly number[]): void {
    for (const [i, sums] of this.#attributes.entries()) {
      const [filled = 0, integer = 0, decimal = 0, date = 0, timestamp = 0] = counts.slice(5 * i, 5 * i + 5);
      sums.filled += filled;
      sums.integer += integer;
      sums.decimal += decimal;
      sums.date += date;
      sums.timestamp += timestamp;
    }
  }

  typeCounts(attribute: number): Readonly<TypeCounts> {
    return this.#attributes[attribute]!;
  }

  refusedCount(id: number, reason: RefusalReason): Tally {
    return this.#ids[id]!.refused.get(reason) ?? { count: 0, firstRows: [] };
  }

  /** @param firstRowNumber what a person calls row 0. */
  changed(id: number, firstRowNumber: number): Readonly<Partial<Record<ChangeReason, Tally>>> {
    return told(this.#ids[id]!.changed, firstRowNumber);
  }

  refused(id: number, firstRowNumber: number): Readonly<Partial<Record<RefusalReason, Tally>>> {
    return told(this.#ids[id]!.refused, firstRowNumber);
  }

  filled(attribute: number): number {
    return this.#attributes[attribute]!.filled;
  }

  type(attribute: number): AttributeType {
    return decideType(this.#attributes[attribute]!);
  }
}

function told(tallies: ReadonlyMap<string, MutableTally>, firstRowNumber: number): Record<string, Tally> {
  const byCount = [...tallies].sort(([, a], [, b]) => b.count - a.count);
  return Object.fromEntries(
    byCount.map(([reason, { count, firstRows }]) => [
      reason,
      { count, firstRows: firstRows.map((row) => row + firstRowNumber) },
    ]),
  );
}
