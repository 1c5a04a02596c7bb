/**
 * ristretto255 (RFC 9496) over pairs of elements: decoding with every check, the map from uniform bytes, and encoding. Both lanes take the
 * same steps; what is wrong with one is found in masks.
 */
import { type Completed, type Extended, extended, type Projective } from './edwards.ts';
import type { Element, FieldWriter, Mask } from './field.ts';
import {
  d,
  dMinusOneSquared,
  invSqrtAMinusD,
  oneMinusDSquared,
  prime,
  sqrtAdMinusOne,
  sqrtM1,
} from './field-constants.ts';
import { v128 } from './instructions.ts';

/** SQRT_RATIO_M1 (RFC 9496 §4.2) before its long power: u·v⁷ is raised to (p − 5)/8, and goes with u·v³ into {@link sqrtRatio}. */
export function powerBase(field: FieldWriter, { u, v }: { readonly u?: Element; readonly v: Element }) {
  const v3 = field.times(field.squared(v), v);
  const v7 = field.times(field.squared(v3), v);
  return { base: u ? field.times(u, v7) : v7, uv3: u ? field.times(u, v3) : v3 };
}

/** SQRT_RATIO_M1: where u/v is a square (0 counts) its non-negative root, elsewhere that of SQRT_M1·u/v. */
export function sqrtRatio(
  field: FieldWriter,
  { u, v, uv3, power }: { readonly u: Element; readonly v: Element; readonly uv3: Element; readonly power: Element },
): { readonly root: Element; readonly wasSquare: Mask } {
  const i = field.constant(sqrtM1);
  const r = field.times(uv3, power);
  const check = field.times(v, field.squared(r));
  const correct = field.isZero(field.subtract(check, u));
  const flipped = field.isZero(field.add(check, u));
  const flippedI = field.isZero(field.add(check, field.times(u, i)));
  const root = field.select(v128.or(flipped, flippedI), field.times(r, i), r);
  return { root: field.absolute(root), wasSquare: v128.or(correct, flipped) };
}

/** What DECODE (§4.3.1) has before its root, of s. */
export function beginDecode(field: FieldWriter, s: Element) {
  const one = field.constant(1n);
  const ss = field.squared(s);
  const u1 = field.reduce(field.subtract(one, ss));
  const u2 = field.reduce(field.add(one, ss));
  const u2Squared = field.square(u2);
  const v = field.carry(field.subtractColumns(field.product(field.constant(prime - d), field.squared(u1)), u2Squared));
  return { u1, u2, v, radicand: field.times(v, field.carry(u2Squared)) };
}

/** The end of DECODE. @returns the point, and where there is one: the identity is. */
export function endDecode(
  field: FieldWriter,
  of: {
    readonly s: Element;
    readonly u1: Element;
    readonly u2: Element;
    readonly v: Element;
    readonly inverseRoot: Element;
  },
): { readonly point: Extended; readonly isElement: Mask } {
  const denX = field.times(of.inverseRoot, of.u2);
  const denY = field.times(field.times(of.inverseRoot, denX), of.v);
  const x = field.absolute(field.times(field.add(of.s, of.s), denX));
  const y = field.times(of.u1, denY);
  const t = field.times(x, y);
  const isWrong = v128.or(field.isNegative(t), field.isZero(y));
  return {
    point: {
      yPlusX: field.reduce(field.add(y, x)),
      yMinusX: field.reduce(field.subtract(y, x)),
      z: field.constant(1n),
      t,
    },
    isElement: v128.not(isWrong),
  };
}

/** What MAP (§4.3.4) has before its root, of t. */
export function beginMap(field: FieldWriter, t: Element) {
  const [one, bigD] = [field.constant(1n), field.constant(d)];
  const r = field.times(field.constant(sqrtM1), field.squared(t));
  const u = field.times(field.add(r, one), field.constant(oneMinusDSquared));
  const minusOneMinusRd = field.negate(field.reduce(field.add(one, field.times(r, bigD))));
  const v = field.times(minusOneMinusRd, field.reduce(field.add(r, bigD)));
  return { r, u, v };
}

/** The end of MAP. */
export function endMap(
  field: FieldWriter,
  of: {
    readonly t: Element;
    readonly r: Element;
    readonly v: Element;
    readonly root: Element;
    readonly wasSquare: Mask;
  },
): Extended {
  const one = field.constant(1n);
  const sPrime = field.negate(field.absolute(field.times(of.root, of.t)));
  const s = field.select(of.wasSquare, of.root, sPrime);
  const c = field.select(of.wasSquare, field.negate(one), of.r);
  const rMinusOne = field.reduce(field.subtract(of.r, one));
  const n = field.subtract(field.times(field.times(c, rMinusOne), field.constant(dMinusOneSquared)), of.v);
  const ss = field.squared(s);
  const w: Completed = {
    e: field.times(field.add(s, s), of.v),
    g: field.times(n, field.constant(sqrtAdMinusOne)),
    h: field.reduce(field.subtract(one, ss)),
    f: field.reduce(field.add(one, ss)),
  };
  return extended(field, w);
}

/**
 * 2P on its way to an encoding (§4.3.2). Let e = 2XY, f = Y² − X², g = Y² + X², h = 2Z² − f for P = (X : Y : Z). By the curve's equation 2P
 * has x = e/f and y = g/h, and h² − g² = (−1 − D)·e², whose root ENCODE would have to compute: so that all it needs is 1/(efgh), and many
 * points share one inversion. (Hamburg: Decaf, 2015, §4; as in curve25519-dalek's double_and_compress_batch.)
 */
export interface Doubling {
  readonly e: Element;
  readonly f: Element;
  readonly g: Element;
  readonly h: Element;
  readonly eg: Element;
  readonly fh: Element;
}

export function doubling(field: FieldWriter, p: Projective): Doubling {
  const xx = field.square(p.x);
  const yy = field.square(p.y);
  const zz = field.square(p.z);
  const difference = field.subtractColumns(yy, xx);
  const f = field.carry(difference);
  const g = field.carry(field.addColumns(yy, xx));
  const e = field.times(field.add(p.x, p.x), p.y);
  const h = field.carry(field.subtractColumns(field.addColumns(zz, zz), difference));
  return { e, f, g, h, eg: field.times(e, g), fh: field.times(f, h) };
}

/** s of the encoding of 2P. @param inverse 1/(efgh); any element for the identity, whose encoding means nothing. */
export function encoding(field: FieldWriter, { e, f, g, h, eg, fh }: Doubling, inverse: Element): Element {
  const i = field.constant(sqrtM1);
  const inverseFh = field.times(eg, inverse);
  const inverseEg = field.times(fh, inverse);
  // x·y, that is T·Z_inv: where it is negative, ENCODE rotates by a point of order 4.
  const rotate = field.isNegative(field.times(eg, inverseFh));
  const rotatedE = field.select(rotate, g, e);
  const rotatedG = field.select(rotate, field.negate(e), g);
  const rotatedH = field.select(rotate, field.times(f, i), h);
  const magic = field.select(rotate, i, field.constant(invSqrtAMinusD));
  const negative = field.isNegative(field.times(field.times(rotatedE, rotatedH), inverseFh));
  const difference = field.add(rotatedH, field.negateIf(v128.not(negative), rotatedG));
  return field.absolute(field.times(field.times(difference, magic), field.times(rotatedG, inverseEg)));
}
