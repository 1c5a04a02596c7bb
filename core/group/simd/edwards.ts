/**
 * edwards25519, −x² + y² = 1 + D·x²y², in extended coordinates (Hisil, Wong, Carter, Dawson: Twisted Edwards Curves Revisited, 2008). The
 * formulas are complete: they hold for all pairs of points, so that nothing depends on which they are.
 */
import type { Element, FieldWriter } from './field.ts';
import { d, prime } from './field-constants.ts';

/** x = X/Z, y = Y/Z: what is doubled. */
export interface Projective {
  readonly x: Element;
  readonly y: Element;
  readonly z: Element;
}

/** Y + X, Y − X, Z and T = XY/Z: what is added to. X and Y come into additions only so. */
export interface Extended {
  readonly yPlusX: Element;
  readonly yMinusX: Element;
  readonly z: Element;
  readonly t: Element;
}

/** Y + X, Y − X, 2Z and 2D·T, as tables hold them: what is added, many times. */
export interface Cached {
  readonly yPlusX: Element;
  readonly yMinusX: Element;
  readonly z2: Element;
  readonly t2d: Element;
}

/** A sum before its last products: x = E/G, y = H/F. */
export interface Completed {
  readonly e: Element;
  readonly f: Element;
  readonly g: Element;
  readonly h: Element;
}

/** §3.3, dbl-2008-hwcd with a = −1 and all signs turned. The squares are added before their carries. */
export function doubled(field: FieldWriter, p: Projective): Completed {
  const a = field.square(p.x);
  const b = field.square(p.y);
  const c = field.square(p.z);
  const s = field.square(field.reduce(field.add(p.x, p.y)));
  const h = field.addColumns(a, b);
  const g = field.subtractColumns(a, b);
  return {
    e: field.carry(field.subtractColumns(h, s)),
    f: field.carry(field.addColumns(field.addColumns(c, c), g)),
    g: field.carry(g),
    h: field.carry(h),
  };
}

/** §3.1, add-2008-hwcd-3: p + q. */
export function added(field: FieldWriter, p: Extended, q: Cached): Completed {
  const a = field.product(p.yMinusX, q.yMinusX);
  const b = field.product(p.yPlusX, q.yPlusX);
  const c = field.product(p.t, q.t2d);
  const z = field.product(p.z, q.z2);
  return {
    e: field.carry(field.subtractColumns(b, a)),
    f: field.carry(field.subtractColumns(z, c)),
    g: field.carry(field.addColumns(z, c)),
    h: field.carry(field.addColumns(b, a)),
  };
}

export function projective(field: FieldWriter, { e, f, g, h }: Completed): Projective {
  return { x: field.times(e, f), y: field.times(g, h), z: field.times(f, g) };
}

export function extended(field: FieldWriter, { e, f, g, h }: Completed): Extended {
  const x = field.product(e, f);
  const y = field.product(g, h);
  return {
    yPlusX: field.carry(field.addColumns(y, x)),
    yMinusX: field.carry(field.subtractColumns(y, x)),
    z: field.times(f, g),
    t: field.times(e, h),
  };
}

/** (2X : 2Y : 2Z). */
export function projectiveOf(field: FieldWriter, p: Extended): Projective {
  return {
    x: field.reduce(field.subtract(p.yPlusX, p.yMinusX)),
    y: field.reduce(field.add(p.yPlusX, p.yMinusX)),
    z: field.reduce(field.add(p.z, p.z)),
  };
}

export function cached(field: FieldWriter, p: Extended): Cached {
  return {
    yPlusX: p.yPlusX,
    yMinusX: p.yMinusX,
    z2: field.reduce(field.add(p.z, p.z)),
    t2d: field.times(p.t, field.constant((2n * d) % prime)),
  };
}
