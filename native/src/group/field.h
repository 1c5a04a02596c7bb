/**
 * What is the same for every representation of GF(2^255 − 19): powers, roots, signs. `Fe` is the element type of a
 * class (field-*.h), whose lanes all do the same; nothing here branches on a value.
 */
#pragma once

#include <cstddef>

#include "group/field-constants.h"

namespace causeway {

/** Several independent elements that go through the same long chain of squarings together, so that none waits for its
 * own carries. */
template <class Fe, std::size_t n>
struct Batch {
  Fe element[n];

  /** Squares each `count` times. */
  void square_times(int count) {
    for (int round = 0; round < count; round++) {
      for (std::size_t i = 0; i < n; i++) element[i] = squared(element[i]);
    }
  }
  friend Batch operator*(const Batch& a, const Batch& b) {
    Batch out;
    for (std::size_t i = 0; i < n; i++) out.element[i] = times(a.element[i], b.element[i]);
    return out;
  }
};

/** a^(2^count). */
template <class Fe, std::size_t n>
Batch<Fe, n> squared_times(Batch<Fe, n> a, int count) {
  a.square_times(count);
  return a;
}

/** Powers from which those of p − 2 and (p − 5)/8 are made. */
template <class Fe, std::size_t n>
struct LongPowers {
  Batch<Fe, n> to_2_250_minus_1;
  Batch<Fe, n> to_11;
};

/** The usual addition chain: 2^k − 1 for k = 5, 10, 20, 40, 50, 100, 200, 250. */
template <class Fe, std::size_t n>
LongPowers<Fe, n> long_powers(const Batch<Fe, n>& z) {
  const Batch<Fe, n> z2 = squared_times(z, 1);
  const Batch<Fe, n> z9 = squared_times(z2, 2) * z;
  const Batch<Fe, n> z11 = z9 * z2;
  const Batch<Fe, n> k5 = squared_times(z11, 1) * z9;
  const Batch<Fe, n> k10 = squared_times(k5, 5) * k5;
  const Batch<Fe, n> k20 = squared_times(k10, 10) * k10;
  const Batch<Fe, n> k40 = squared_times(k20, 20) * k20;
  const Batch<Fe, n> k50 = squared_times(k40, 10) * k10;
  const Batch<Fe, n> k100 = squared_times(k50, 50) * k50;
  const Batch<Fe, n> k200 = squared_times(k100, 100) * k100;
  return {squared_times(k200, 50) * k50, z11};
}

/** z^((p − 5)/8) = z^(2^252 − 3). */
template <class Fe, std::size_t n>
Batch<Fe, n> power_p58(const Batch<Fe, n>& z) {
  return squared_times(long_powers(z).to_2_250_minus_1, 2) * z;
}

/** 1/z = z^(p − 2) = z^(2^255 − 21); 0 for 0. */
template <class Fe>
Fe inverted(const Fe& z) {
  const LongPowers<Fe, 1> powers = long_powers(Batch<Fe, 1>{{z}});
  return (squared_times(powers.to_2_250_minus_1, 5) * powers.to_11).element[0];
}

/** CT_ABS of RFC 9496 §3.1. */
template <class Fe>
Fe absolute(const Fe& a) {
  return select(is_negative(a), Fe::of(zero_limbs) - a, a);
}

template <class Fe, std::size_t n>
struct Roots {
  /** Where u/v is a square (0 counts): its non-negative root. Elsewhere: that of SQRT_M1·u/v. */
  Fe root[n];
  typename Fe::Mask was_square[n];
};

/** SQRT_RATIO_M1 of RFC 9496 §4.2, for several pairs at a time. */
template <class Fe, std::size_t n>
Roots<Fe, n> sqrt_ratios(const Fe (&u)[n], const Fe (&v)[n]) {
  Batch<Fe, n> v3, base;
  for (std::size_t i = 0; i < n; i++) {
    v3.element[i] = times(squared(v[i]), v[i]);
    const Fe v7 = times(squared(v3.element[i]), v[i]);
    base.element[i] = times(u[i], v7);
  }
  const Batch<Fe, n> power = power_p58(base);
  const Fe sqrt_m1 = Fe::of(sqrt_m1_limbs);
  Roots<Fe, n> out;
  for (std::size_t i = 0; i < n; i++) {
    const Fe r = times(times(u[i], v3.element[i]), power.element[i]);
    const Fe check = times(v[i], squared(r));
    const Fe minus_u = Fe::of(zero_limbs) - u[i];
    const auto correct = is_zero(check - u[i]);
    const auto flipped = is_zero(check - minus_u);
    const auto flipped_i = is_zero(check - times(minus_u, sqrt_m1));
    out.root[i] = absolute(select(flipped | flipped_i, times(r, sqrt_m1), r));
    out.was_square[i] = correct | flipped;
  }
  return out;
}

}  // namespace causeway
