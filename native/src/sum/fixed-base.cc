#include "sum/fixed-base.h"

#include "group/field-portable.h"
#include "group/multiply.h"
#include "group/ristretto.h"

namespace causeway {

namespace {

/** The generator (RFC 9496 appendix A.1). */
constexpr std::uint8_t generator[element_bytes] = {0xe2, 0xf2, 0xae, 0x0a, 0x6a, 0xbc, 0x4e, 0x71, 0xa8, 0x84, 0xa9,
                                                   0x61, 0xc5, 0x00, 0x51, 0x5f, 0x58, 0xe3, 0x0b, 0x6a, 0xa5, 0x82,
                                                   0xdd, 0x8d, 0xb6, 0xa6, 0x59, 0x45, 0xe0, 0x8d, 0x2d, 0x76};
/** Of which ScalarDigits takes the half. */
constexpr std::uint8_t one_scalar[scalar_bytes] = {1};

AffineLimbs affine(const Extended<Fe>& point, const Fe& inverse_z) {
  const Fe coordinates[3] = {times(point.y_plus_x, inverse_z), times(point.y_minus_x, inverse_z),
                             times(times(point.t, inverse_z), Fe::of(d2_limbs))};
  AffineLimbs out;
  for (std::size_t i = 0; i < 3; i++) {
    const Fe whole = canonical(coordinates[i]);
    for (std::size_t k = 0; k < 5; k++) out.coordinate[i][k] = whole.at[k];
  }
  return out;
}

}  // namespace

bool FixedBase::set(const std::uint8_t* encoding) {
  Extended<Fe> points[1];
  Mask is_valid[1];
  decode(encoding, points, is_valid);
  if (is_valid[0].bits() == 0) return false;
  const Fe one = Fe::of(one_limbs);
  const Projective<Fe> half = multiplied(points[0], ScalarDigits::of_half(one_scalar));
  constexpr std::size_t all = HalfDigits::count * entry_count;
  static_assert(all == 512, "one inversion for all");
  Extended<Fe> multiple[all];
  Extended<Fe> base = points[0];
  for (std::size_t i = 0; i < HalfDigits::count; i++) {
    const Cached<Fe> twice(doubled(base.projective()).extended());
    multiple[i * entry_count] = base;
    for (std::size_t j = 1; j < entry_count; j++) {
      multiple[i * entry_count + j] = added(multiple[i * entry_count + j - 1], twice).extended();
    }
    for (int k = 0; k < 4; k++) base = doubled(base.projective()).extended();
  }
  Fe product[all];
  for (std::size_t i = 0; i < all; i++) product[i] = i == 0 ? multiple[0].z : times(product[i - 1], multiple[i].z);
  Fe inverse = inverted(product[all - 1]);
  for (std::size_t i = all; i-- > 0;) {
    const Fe own = i == 0 ? inverse : times(inverse, product[i - 1]);
    inverse = times(inverse, multiple[i].z);
    entry_[i / entry_count][i % entry_count] = affine(multiple[i], own);
  }
  // T = XY/Z.
  const Fe half_inverse = inverted(half.z);
  const Fe x = times(half.x, half_inverse), y = times(half.y, half_inverse);
  half_ = affine({reduced(y + x), y - x, one, times(x, y)}, one);
  return true;
}

const FixedBase& generator_table() {
  static const FixedBase table = [] {
    FixedBase out;
    out.set(generator);
    return out;
  }();
  return table;
}

}  // namespace causeway
