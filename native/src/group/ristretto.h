/**
 * ristretto255 (RFC 9496) over lanes of elements: decoding with every check, the map from uniform bytes, and encoding.
 * All lanes take the same steps; what is wrong with one is found in masks.
 */
#pragma once

#include "group/edwards.h"

namespace causeway {

/**
 * DECODE (§4.3.1) of n groups of lanes; `rows` are encodings of 32 bytes. `is_valid` is set for lanes that hold the
 * encoding of an element, be it the identity; the coordinates of others mean nothing.
 */
template <class Fe, std::size_t n>
void decode(const std::uint8_t* rows, Extended<Fe> (&points)[n], typename Fe::Mask (&is_valid)[n]) {
  const Fe zero = Fe::of(zero_limbs), one = Fe::of(one_limbs), minus_d = zero - Fe::of(d_limbs);
  Fe s[n], u1[n], u2[n], v[n], radicand[n], ones[n];
  for (std::size_t i = 0; i < n; i++) {
    s[i] = Fe::decoded(rows + 32 * Fe::lanes * i, &is_valid[i]);
    is_valid[i] = is_valid[i] & ~is_negative(s[i]);
    const Fe ss = squared(s[i]);
    u1[i] = one - ss;
    u2[i] = reduced(one + ss);
    const Fe u2_sqr = squared(u2[i]);
    v[i] = times(minus_d, squared(u1[i])) - u2_sqr;
    radicand[i] = times(v[i], u2_sqr);
    ones[i] = one;
  }
  const Roots<Fe, n> inverse = sqrt_ratios(ones, radicand);
  for (std::size_t i = 0; i < n; i++) {
    const Fe den_x = times(inverse.root[i], u2[i]);
    const Fe den_y = times(times(inverse.root[i], den_x), v[i]);
    const Fe x = absolute(times(s[i] + s[i], den_x));
    const Fe y = times(u1[i], den_y);
    const Fe t = times(x, y);
    points[i] = {reduced(y + x), y - x, one, t};
    is_valid[i] = is_valid[i] & inverse.was_square[i] & ~is_negative(t) & ~is_zero(y);
  }
}

/** MAP (§4.3.4) of n elements. */
template <class Fe, std::size_t n>
void map(const Fe (&t)[n], Extended<Fe> (&out)[n]) {
  const Fe one = Fe::of(one_limbs), minus_one = Fe::of(zero_limbs) - one, d = Fe::of(d_limbs);
  Fe r[n], u[n], v[n];
  for (std::size_t i = 0; i < n; i++) {
    r[i] = times(Fe::of(sqrt_m1_limbs), squared(t[i]));
    u[i] = times(r[i] + one, Fe::of(one_minus_d_sq_limbs));
    v[i] = times(minus_one - times(r[i], d), r[i] + d);
  }
  const Roots<Fe, n> roots = sqrt_ratios(u, v);
  for (std::size_t i = 0; i < n; i++) {
    const Fe s_prime = Fe::of(zero_limbs) - absolute(times(roots.root[i], t[i]));
    const Fe s = select(roots.was_square[i], roots.root[i], s_prime);
    const Fe c = select(roots.was_square[i], minus_one, r[i]);
    const Fe n_t = times(times(c, r[i] - one), Fe::of(d_minus_one_sq_limbs)) - v[i];
    const Fe ss = squared(s);
    const Fe w0 = times(s + s, v[i]);
    const Fe w1 = times(n_t, Fe::of(sqrt_ad_minus_one_limbs));
    const Fe w2 = one - ss;
    const Fe w3 = reduced(one + ss);
    out[i] = Completed<Fe>{w0, w3, w1, w2}.extended();
  }
}

/**
 * 2P on its way to an encoding (§4.3.2). Let e = 2XY, f = Y² − X², g = Y² + X², h = 2Z² − f for P = (X : Y : Z). By the
 * curve's equation 2P has x = e/f and y = g/h, and h² − g² = (−1 − D)·e², whose root ENCODE would have to compute: so
 * that all it needs is 1/(efgh), and many points share one inversion. (Hamburg: Decaf, 2015, §4; as in
 * curve25519-dalek's double_and_compress_batch.)
 */
template <class Fe>
struct Doubling {
  Fe e, f, g, h, eg, fh;

  Doubling() = default;
  explicit Doubling(const Projective<Fe>& p) {
    const auto xx = square(p.x);
    const auto yy = square(p.y);
    const auto zz = square(p.z);
    f = reduced(yy - xx);
    g = reduced(yy + xx);
    e = times(p.x + p.x, p.y);
    h = reduced(zz + zz) - f;
    eg = times(e, g);
    fh = times(f, h);
  }

  /** Lanes whose 2P is the identity of the group: there e·g = 0. f·h is never 0, since neither D nor −D is a square. */
  typename Fe::Mask is_identity() const { return is_zero(eg); }

  /** What has to be inverted: efgh, which is 0 for the identity alone. */
  Fe denominator() const { return times(eg, fh); }

  /** s of the encoding. @param inverse of the denominator; any element for the identity, whose encoding means nothing.
   */
  Fe encoding(const Fe& inverse) const {
    const Fe inverse_fh = times(eg, inverse);
    const Fe inverse_eg = times(fh, inverse);
    // x·y, that is T·Z_inv: where it is negative, ENCODE rotates by a point of order 4.
    const auto rotate = is_negative(times(eg, inverse_fh));
    const Fe e_rotated = select(rotate, g, e);
    const Fe g_rotated = select(rotate, Fe::of(zero_limbs) - e, g);
    const Fe h_rotated = select(rotate, times(f, Fe::of(sqrt_m1_limbs)), h);
    const Fe magic = select(rotate, Fe::of(sqrt_m1_limbs), Fe::of(invsqrt_a_minus_d_limbs));
    const auto negative = is_negative(times(times(e_rotated, h_rotated), inverse_fh));
    const Fe difference = select(negative, reduced(h_rotated + g_rotated), h_rotated - g_rotated);
    return absolute(times(times(difference, magic), times(g_rotated, inverse_eg)));
  }
};

}  // namespace causeway
