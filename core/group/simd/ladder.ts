/**
 * Multiplication of pairs of points by one secret scalar, by a fixed window of 4 bits: per digit four doublings and one addition, always, of
 * an entry that is chosen by reading the whole table under masks.
 */
import { added, cached, doubled, extended, projective, projectiveOf } from './edwards.ts';
import { type Element, elementPairBytes, FieldWriter } from './field.ts';
import { i32, type V128, v128 } from './instructions.ts';
import {
  extendedBytes,
  loadCached,
  loadExtended,
  loadProjective,
  type MemoryPlan,
  projectiveBytes,
  storeCached,
  storeExtended,
  storeProjective,
} from './memory.ts';
import type { Callable, ModuleWriter } from './module-writer.ts';

/** Digits of a scalar; each is odd, and from −15 to 15. */
export const digitCount = 64;
/** Entry j of the table is 2j + 1 times the point. */
export const tableSize = 8;
/** A digit in memory: a mask in both lanes for each entry, and one that is set where it is negative. */
export const digitBytes = 16 * (tableSize + 1);

export interface Ladder {
  /** (point): multiplies the points, stored as Extended, by the scalar of the digits. */
  readonly multiply: Callable;
  /** Where the product is then, as Projective. */
  readonly product: number;
}

/** @param digits where the digits are, the most significant, which is positive, being the last. */
export function writeLadder(module: ModuleWriter, memory: MemoryPlan, digits: number): Ladder {
  const at = (offset: number) => ({ address: i32.constant(0), offset });
  const table = memory.region(tableSize * extendedBytes);
  const twice = memory.region(extendedBytes);
  const multiple = memory.region(extendedBytes);
  const chosen = memory.region(extendedBytes);
  const sum = memory.region(projectiveBytes);
  const lastEntry = table + (tableSize - 1) * extendedBytes;

  /** (point): P, 3P, …, 15P. */
  const fillTable = module.add(1, (code) => {
    const field = new FieldWriter(code);
    const point = loadExtended(field, { address: code.parameter(0), offset: 0 });
    storeCached(field, at(twice), cached(field, extended(field, doubled(field, projectiveOf(field, point)))));
    storeExtended(field, at(multiple), point);
    storeCached(field, at(table), cached(field, point));
    code.count({ from: i32.constant(table), to: i32.constant(lastEntry), step: extendedBytes }, (entry) => {
      const next = extended(field, added(field, loadExtended(field, at(multiple)), loadCached(field, at(twice))));
      storeExtended(field, at(multiple), next);
      storeCached(field, { address: entry, offset: extendedBytes }, cached(field, next));
    });
  });

  /** (digit): the entry of a digit, with its sign: −P has X and T negated. */
  const choose = module.add(1, (code) => {
    const digit = code.parameter(0);
    const masks = Array.from({ length: tableSize }, (_, j) => code.keep(v128.load(digit, 16 * j)));
    const isNegative = code.keep(v128.load(digit, 16 * tableSize));
    const field = new FieldWriter(code);
    const [yPlusX, yMinusX, z2, t2d] = [0, 1, 2, 3].map((coordinate) =>
      chosenElement(field, masks, table + coordinate * elementPairBytes),
    ) as [Element, Element, Element, Element];
    storeCached(field, at(chosen), {
      yPlusX: field.select(isNegative, yMinusX, yPlusX),
      yMinusX: field.select(isNegative, yPlusX, yMinusX),
      z2,
      t2d: field.negateIf(isNegative, t2d),
    });
  });

  const double = module.add(0, (code) => {
    const field = new FieldWriter(code);
    storeProjective(field, at(sum), projective(field, doubled(field, loadProjective(field, at(sum)))));
  });

  const doubleAndAdd = module.add(0, (code) => {
    const field = new FieldWriter(code);
    const shifted = extended(field, doubled(field, loadProjective(field, at(sum))));
    storeProjective(field, at(sum), projective(field, added(field, shifted, loadCached(field, at(chosen)))));
  });

  const begin = module.add(0, (code) => {
    const field = new FieldWriter(code);
    const { yPlusX, yMinusX, z2 } = loadCached(field, at(chosen));
    const [x, y] = [field.subtract(yPlusX, yMinusX), field.add(yPlusX, yMinusX)];
    storeProjective(field, at(sum), { x: field.reduce(x), y: field.reduce(y), z: z2 });
  });

  const multiply = module.add(1, (code) => {
    const last = digits + (digitCount - 1) * digitBytes;
    code.do(fillTable(code.parameter(0)));
    code.do(choose(i32.constant(last)));
    code.do(begin());
    code.count({ from: i32.constant(last), to: i32.constant(digits), step: -digitBytes }, (previous) => {
      code.do(choose(i32.sub(previous, i32.constant(digitBytes))));
      for (let doublings = 0; doublings < 3; doublings++) code.do(double());
      code.do(doubleAndAdd());
    });
  });
  return { multiply, product: sum };
}

/** An element of the entry whose mask is set, which stands at `first` in entry 0: all entries are read. */
function chosenElement(field: FieldWriter, masks: readonly V128[], first: number): Element {
  const at = (j: number) => field.load(i32.constant(0), first + j * extendedBytes);
  return masks
    .slice(1)
    .reduce((sum, mask, j) => field.merge(sum, field.masked(mask, at(j + 1))), field.masked(masks[0]!, at(0)));
}
