/** ENCODE of RFC 9496 §4.3.2 for single points, and for many points that are doubled on the way, with one inversion. */
#pragma once

#include <cstring>

#include "group/kernel.h"
#include "group/ristretto.h"

namespace causeway {

/** The encodings of a group of lanes, row after row; 32 zero bytes for the identity. */
template <class Fe>
void encode_points(const Extended<Fe>& point, std::uint8_t* rows) {
  // 2X, 2Y, 2Z and 2T: the same point.
  const Projective<Fe> p = point.projective();
  const Fe t0 = reduced(point.t + point.t);
  const Fe u1 = times(p.z + p.y, p.z - p.y);
  const Fe u2 = times(p.x, p.y);
  const Fe ones[1] = {Fe::of(one_limbs)}, radicands[1] = {times(u1, squared(u2))};
  const Fe inverse_root = sqrt_ratios(ones, radicands).root[0];
  const Fe den1 = times(inverse_root, u1);
  const Fe den2 = times(inverse_root, u2);
  const Fe z_inverse = times(times(den1, den2), t0);
  const auto rotate = is_negative(times(t0, z_inverse));
  const Fe x = select(rotate, times(p.y, Fe::of(sqrt_m1_limbs)), p.x);
  const Fe y = select(rotate, times(p.x, Fe::of(sqrt_m1_limbs)), p.y);
  const Fe den_inverse = select(rotate, times(den1, Fe::of(invsqrt_a_minus_d_limbs)), den2);
  const Fe minus_y = Fe::of(zero_limbs) - y;
  const Fe y_signed = select(is_negative(times(x, z_inverse)), minus_y, y);
  encode(absolute(times(den_inverse, p.z - y_signed)), rows);
}

/** Groups of lanes whose encodings share one inversion. */
inline constexpr std::size_t doublings_held = 32;

/**
 * Encodings of 2P, group of lanes after group; 32 zero bytes where it is the identity.
 * @param out room for `count` · lanes rows of 32 bytes.
 */
template <class Fe>
void encode_doubled(const Doubling<Fe> (&points)[doublings_held], std::size_t count, std::uint8_t* out) {
  Fe denominator[doublings_held], product[doublings_held];
  for (std::size_t i = 0; i < count; i++) {
    // A lane that cannot be inverted must not spoil those that share its inversion.
    denominator[i] = select(points[i].is_identity(), Fe::of(one_limbs), points[i].denominator());
    product[i] = i == 0 ? denominator[0] : times(product[i - 1], denominator[i]);
  }
  Fe inverse = inverted(product[count - 1]);
  for (std::size_t i = count; i-- > 0;) {
    const Fe own = i == 0 ? inverse : times(inverse, product[i - 1]);
    inverse = times(inverse, denominator[i]);
    const Fe encoding = select(points[i].is_identity(), Fe::of(zero_limbs), points[i].encoding(own));
    encode(encoding, out + i * Fe::lanes * element_bytes);
  }
}

}  // namespace causeway
