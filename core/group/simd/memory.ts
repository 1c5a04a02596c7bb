/** Where the module keeps what: regions one behind the other, and elements and points in them. */
import type { Cached, Extended, Projective } from './edwards.ts';
import { type Element, elementPairBytes, type FieldWriter } from './field.ts';
import type { I32 } from './instructions.ts';

/** A place in memory: an address that may be computed, and a number of bytes behind it. */
export interface Place {
  readonly address: I32;
  readonly offset: number;
}

/** Hands out regions, each at a multiple of 16 bytes. */
export class MemoryPlan {
  #end = 0;

  /** @returns the offset of a new region. */
  region(bytes: number): number {
    const offset = this.#end;
    this.#end += Math.ceil(bytes / 16) * 16;
    return offset;
  }

  get bytes(): number {
    return this.#end;
  }
}

export const projectiveBytes = 3 * elementPairBytes;
/** Bytes of a point as {@link Extended}, or as {@link Cached}. */
export const extendedBytes = 4 * elementPairBytes;

function load(field: FieldWriter, { address, offset }: Place, index: number): Element {
  return field.load(address, offset + index * elementPairBytes);
}

function storeAll(field: FieldWriter, { address, offset }: Place, elements: readonly Element[]): void {
  for (const [i, element] of elements.entries()) field.store(address, offset + i * elementPairBytes, element);
}

export function loadProjective(field: FieldWriter, place: Place): Projective {
  return { x: load(field, place, 0), y: load(field, place, 1), z: load(field, place, 2) };
}

export function storeProjective(field: FieldWriter, place: Place, { x, y, z }: Projective): void {
  storeAll(field, place, [x, y, z]);
}

export function loadExtended(field: FieldWriter, place: Place): Extended {
  const [yPlusX, yMinusX, z, t] = [0, 1, 2, 3].map((i) => load(field, place, i)) as [
    Element,
    Element,
    Element,
    Element,
  ];
  return { yPlusX, yMinusX, z, t };
}

export function storeExtended(field: FieldWriter, place: Place, { yPlusX, yMinusX, z, t }: Extended): void {
  storeAll(field, place, [yPlusX, yMinusX, z, t]);
}

export function loadCached(field: FieldWriter, place: Place): Cached {
  const { yPlusX, yMinusX, z: z2, t: t2d } = loadExtended(field, place);
  return { yPlusX, yMinusX, z2, t2d };
}

export function storeCached(field: FieldWriter, place: Place, { yPlusX, yMinusX, z2, t2d }: Cached): void {
  storeAll(field, place, [yPlusX, yMinusX, z2, t2d]);
}
