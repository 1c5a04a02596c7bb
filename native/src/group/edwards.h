/**
 * edwards25519, −x² + y² = 1 + D·x²y², in extended coordinates (Hisil, Wong, Carter, Dawson: Twisted Edwards Curves
 * Revisited, 2008). The formulas are complete: they hold for all pairs of points, so that nothing depends on which they
 * are.
 */
#pragma once

#include "group/field.h"

namespace causeway {

/** x = X/Z, y = Y/Z: what is doubled. */
template <class Fe>
struct Projective {
  Fe x, y, z;
};

/** Y + X, Y − X, Z and T = XY/Z: what is added to. X and Y come into additions only so. */
template <class Fe>
struct Extended {
  Fe y_plus_x, y_minus_x, z, t;

  /** (2X : 2Y : 2Z). */
  Projective<Fe> projective() const { return {y_plus_x - y_minus_x, reduced(y_plus_x + y_minus_x), reduced(z + z)}; }
};

/** Y + X, Y − X, 2Z and 2D·T, as tables hold them: what is added, many times. */
template <class Fe>
struct Cached {
  typename Fe::Stored y_plus_x, y_minus_x, z2, t2d;

  Cached() = default;
  explicit Cached(const Extended<Fe>& p)
      : y_plus_x(stored(p.y_plus_x)),
        y_minus_x(stored(p.y_minus_x)),
        z2(stored(reduced(p.z + p.z))),
        t2d(stored(times(p.t, Fe::of(d2_limbs)))) {}
};

/** A sum before its last products: x = E/G, y = H/F. */
template <class Fe>
struct Completed {
  Fe e, f, g, h;

  CAUSEWAY_INLINE Projective<Fe> projective() const { return {times(e, f), times(g, h), times(f, g)}; }
  CAUSEWAY_INLINE Extended<Fe> extended() const {
    const auto x = e * f;
    const auto y = g * h;
    return {reduced(y + x), reduced(y - x), times(f, g), times(e, h)};
  }
};

/** §3.3, dbl-2008-hwcd with a = −1 and all signs turned. The squares are added before their carries. */
template <class Fe>
CAUSEWAY_INLINE Completed<Fe> doubled(const Projective<Fe>& p) {
  const auto a = square(p.x);
  const auto b = square(p.y);
  const auto c = square(p.z);
  const auto s = square(p.x + p.y);
  const auto h = a + b;
  const auto g = a - b;
  return {reduced(h - s), reduced((c + c) + g), reduced(g), reduced(h)};
}

/** §3.1, add-2008-hwcd-3: p + q, or p − q where the mask holds: −q has X and T negated. */
template <class Fe>
CAUSEWAY_INLINE Completed<Fe> added(const Extended<Fe>& p, const Cached<Fe>& q, typename Fe::Mask is_negative) {
  const auto a = p.y_minus_x * loaded(select(is_negative, q.y_plus_x, q.y_minus_x));
  const auto b = p.y_plus_x * loaded(select(is_negative, q.y_minus_x, q.y_plus_x));
  const auto c = p.t * loaded(q.t2d);
  const auto d = p.z * loaded(q.z2);
  const auto sum = d + c;
  const auto difference = d - c;
  return {reduced(b - a), reduced(select(is_negative, sum, difference)), reduced(select(is_negative, difference, sum)),
          reduced(b + a)};
}

template <class Fe>
CAUSEWAY_INLINE Completed<Fe> added(const Extended<Fe>& p, const Cached<Fe>& q) {
  return added(p, q, Fe::Mask::all(0));
}

}  // namespace causeway
