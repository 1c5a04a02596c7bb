/** From rows of bytes to points: four rows at a time, as two pairs whose long powers go together. */
import { added, cached, type Extended, extended } from './edwards.ts';
import { type Element, elementPairBytes, FieldWriter } from './field.ts';
import { type Powers, twoPairsBytes } from './field-powers.ts';
import { i32, v128 } from './instructions.ts';
import { extendedBytes, loadExtended, type MemoryPlan, storeExtended } from './memory.ts';
import type { Callable, ModuleWriter } from './module-writer.ts';
import { beginDecode, beginMap, endDecode, endMap, powerBase, sqrtRatio } from './ristretto.ts';

/** Rows that are read together: two pairs. */
export const groupRows = 4;
export const encodingBytes = 32;
/** What is mapped to an element (RFC 9496 §4.3.4). */
export const uniformBytes = 64;

export interface RowReaders {
  /** (rows, masks): four encodings; a mask of 64 bits for each becomes all ones where it holds no element. */
  readonly readEncodings: Callable;
  /** (rows): four times 64 bytes. Any will do. */
  readonly readUniform: Callable;
  /** Where the points of both pairs are then, one behind the other, as Extended. */
  readonly points: number;
}

export function writeRowReaders(module: ModuleWriter, memory: MemoryPlan, { power58 }: Powers): RowReaders {
  const points = memory.region(2 * extendedBytes);
  const image = memory.region(2 * extendedBytes);
  const names = ['input', 'a', 'b', 'v', 'uv3', 'base', 'power'] as const;
  const places = names.map((name) => [name, memory.region(twoPairsBytes)] as const);
  const at = Object.fromEntries(places) as Record<(typeof names)[number], number>;
  const zero = i32.constant(0);
  const pairs = [0, 1];

  /** Elements of pair `pair`, kept by name over the long power. */
  const keep = (field: FieldWriter, pair: number, elements: Partial<Record<keyof typeof at, Element>>) => {
    for (const [name, element] of Object.entries(elements))
      field.store(zero, at[name as keyof typeof at] + pair * elementPairBytes, element);
  };
  const kept = (field: FieldWriter, pair: number, name: keyof typeof at) =>
    field.load(zero, at[name] + pair * elementPairBytes);
  const storePoint = (field: FieldWriter, { to, pair }: { to: number; pair: number }, point: Extended) =>
    storeExtended(field, { address: zero, offset: to + pair * extendedBytes }, point);
  const raise = power58(i32.constant(at.power), i32.constant(at.base));

  const readEncodings = module.add(2, (code) => {
    const field = new FieldWriter(code);
    const [rows, masks] = [code.parameter(0), code.parameter(1)];
    for (const pair of pairs) {
      const first = { address: rows, offset: 2 * pair * encodingBytes };
      const { element: s, isEncoding } = field.decode(first, { ...first, offset: first.offset + encodingBytes });
      code.do(v128.store(masks, 16 * pair, v128.not(isEncoding)));
      const { u1, u2, v, radicand } = beginDecode(field, s);
      const { base, uv3 } = powerBase(field, { v: radicand });
      // The root is that of 1/radicand, which takes the place of v there.
      keep(field, pair, { input: s, a: u1, b: u2, v, uv3, base });
    }
    code.do(raise);
    for (const pair of pairs) {
      const [s, u1, u2, v] = (['input', 'a', 'b', 'v'] as const).map((name) => kept(field, pair, name)) as Four;
      const [uv3, power] = [kept(field, pair, 'uv3'), kept(field, pair, 'power')];
      const radicand = field.times(v, field.squared(u2));
      const { root, wasSquare } = sqrtRatio(field, { u: field.constant(1n), v: radicand, uv3, power });
      const { point, isElement } = endDecode(field, { s, u1, u2, v, inverseRoot: root });
      const isRight = v128.and(wasSquare, isElement);
      code.do(v128.store(masks, 16 * pair, v128.or(v128.load(masks, 16 * pair), v128.not(isRight))));
      storePoint(field, { to: points, pair }, point);
    }
  });

  /** (rows): the images of one half of each row, whose bytes begin there. */
  const mapHalves = module.add(1, (code) => {
    const field = new FieldWriter(code);
    for (const pair of pairs) {
      const first = { address: code.parameter(0), offset: 2 * pair * uniformBytes };
      const { element: t } = field.decode(first, { ...first, offset: first.offset + uniformBytes });
      const { r, u, v } = beginMap(field, t);
      const { base, uv3 } = powerBase(field, { u, v });
      keep(field, pair, { input: t, a: r, b: u, v, uv3, base });
    }
    code.do(raise);
    for (const pair of pairs) {
      const [t, r, u, v] = (['input', 'a', 'b', 'v'] as const).map((name) => kept(field, pair, name)) as Four;
      const [uv3, power] = [kept(field, pair, 'uv3'), kept(field, pair, 'power')];
      const { root, wasSquare } = sqrtRatio(field, { u, v, uv3, power });
      storePoint(field, { to: image, pair }, endMap(field, { t, r, v, root, wasSquare }));
    }
  });

  const readUniform = module.add(1, (code) => {
    const field = new FieldWriter(code);
    const imageOf = (pair: number) => loadExtended(field, { address: zero, offset: image + pair * extendedBytes });
    code.do(mapHalves(code.parameter(0)));
    for (const pair of pairs) storePoint(field, { to: points, pair }, imageOf(pair));
    code.do(mapHalves(i32.add(code.parameter(0), i32.constant(uniformBytes / 2))));
    for (const pair of pairs) {
      const first = loadExtended(field, { address: zero, offset: points + pair * extendedBytes });
      storePoint(field, { to: points, pair }, extended(field, added(field, first, cached(field, imageOf(pair)))));
    }
  });

  return { readEncodings, readUniform, points };
}

type Four = [Element, Element, Element, Element];
