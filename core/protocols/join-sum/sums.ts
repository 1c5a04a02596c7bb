/** The sender's sums: ciphertexts of its slots, as they come, added up cell by cell. */
import { concatBytes } from '../../bytes/index.ts';
import { discreteGaussian, RandomIntegers } from '../../privacy/index.ts';
import { addRows, identity, pointOf } from './elgamal.ts';
import { noCell, type SumKernel } from './kernel.ts';
import { ciphertextBytes } from './parameters.ts';
import {
  boundOf,
  cellCountOf,
  cellSlotsOf,
  type Measure,
  measuresOf,
  noiseVariance,
  rangeOf,
  type SumPlan,
  sumIndex,
  tableOf,
} from './plan.ts';
import type { RunSeed } from './run-seed.ts';

/** What the sender knows of each of its rows, in the order of its keys. */
export interface SenderRows {
  /** Distinct match keys, 16 bytes each. */
  readonly keys: Uint8Array;
  /** For each row the cells that it is in, numbered through all tables: L of each table, {@link noCell} where there are fewer. */
  readonly cells: Uint16Array;
  /** For each row its values, column by column: integers; what is out of bounds is clipped. */
  readonly values: Float64Array;
}

/** Ciphertexts that are added up in one call: enough that a call's own cost does not count. */
const rowsPerCall = 2 ** 18;

export class CellSums {
  readonly #plan: SumPlan;
  readonly #kernel: SumKernel;
  readonly #rows: SenderRows;
  readonly #owners: Uint32Array;
  readonly #pending: Uint8Array[] = [];
  #pendingRows = 0;
  #firstSlot = 0;
  #sums: Uint8Array | undefined;

  /** @param owners for each slot the row that it belongs to; a number past the rows for a label or a filler. */
  constructor(plan: SumPlan, kernel: SumKernel, rows: SenderRows, owners: Uint32Array) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.#rows = rows;
    this.#owners = owners;
  }

  /** Adds the ciphertexts of the next slots. @throws {GroupError} with the number of a malformed one in its call. */
  async add(ciphertexts: Uint8Array): Promise<void> {
    this.#pending.push(ciphertexts);
    this.#pendingRows += ciphertexts.length / (this.#plan.groupCount * ciphertextBytes);
    if (this.#pendingRows * this.#plan.groupCount >= rowsPerCall) await this.#flush();
  }

  /** @returns a ciphertext for each figure of the plan: `sumIndex`. */
  async finish(): Promise<Uint8Array> {
    await this.#flush();
    return this.#sums!;
  }

  async #flush(): Promise<void> {
    if (this.#pendingRows === 0) return;
    const weighed = measuresOf(this.#plan).slice(1);
    const weighers = weighed.map((measure) => weigher(this.#plan, measure));
    const slotCount = cellSlotsOf(this.#plan);
    const weightCount = weighers.length;
    const columnCount = this.#plan.columns.length;
    const cells = new Uint16Array(this.#pendingRows * slotCount).fill(noCell);
    const weights = new Float64Array(this.#pendingRows * weightCount);
    const rowCount = this.#rows.keys.length / 16;
    for (let i = 0; i < this.#pendingRows; i++) {
      const row = this.#owners[this.#firstSlot + i]!;
      if (row >= rowCount) continue;
      cells.set(this.#rows.cells.subarray(row * slotCount, (row + 1) * slotCount), i * slotCount);
      for (let w = 0; w < weightCount; w++) {
        weights[i * weightCount + w] = weighers[w]!(this.#rows.values, row * columnCount);
      }
    }
    const sums = await this.#kernel.sumRows({
      ciphertexts: concatBytes(...this.#pending),
      groupCount: this.#plan.groupCount,
      cellCount: cellCountOf(this.#plan),
      cells,
      slotCount,
      weights,
      weightMax: weighed.map((measure) => boundOf(rangeOf(this.#plan, measure))),
    });
    this.#sums = this.#sums ? addRows(this.#sums, sums) : sums;
    this.#firstSlot += this.#pendingRows;
    this.#pending.length = 0;
    this.#pendingRows = 0;
  }
}

/** What a row's value adds to a measure. */
function weigher({ columns }: SumPlan, measure: Measure): (values: Float64Array, firstValue: number) => number {
  if (measure.of === 'rows') return () => 1;
  const { column, of } = measure;
  const { min, max } = columns[column]!;
  return (values, firstValue) => {
    const value = Math.min(max, Math.max(min, values[firstValue + column]!));
    if (of === 'squares') return value * value;
    return of === 'nonzero' ? Number(value !== 0) : value;
  };
}

/** Adds its noise to each figure. All of it is drawn before any figure leaves: how long a draw takes tells what was drawn. */
export function withNoise(plan: SumPlan, sums: Uint8Array, seed: RunSeed): Uint8Array {
  if (plan.protection.kind === 'exact') return sums;
  const integers = new RandomIntegers(seed.stream('noise'));
  const noised = sums.slice();
  for (let group = 0; group < plan.groupCount; group++) {
    for (let cell = 0; cell < cellCountOf(plan); cell++) {
      const table = plan.tables[tableOf(plan, cell).table]!;
      for (const [index, measure] of measuresOf(plan).entries()) {
        const noise = discreteGaussian(noiseVariance(plan, table, measure), integers);
        const at = sumIndex(plan, { group, cell, measure: index }) * ciphertextBytes;
        noised.set(addRows(noised.slice(at, at + ciphertextBytes), concatBytes(identity, pointOf(noise))), at);
      }
    }
  }
  return noised;
}

/** Rows of the sender's own in each cell. */
export function cellBases(plan: SumPlan, { cells }: SenderRows): Uint32Array {
  const bases = new Uint32Array(cellCountOf(plan));
  for (const cell of cells) if (cell !== noCell) bases[cell]! += 1;
  return bases;
}
