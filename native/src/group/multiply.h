/**
 * Multiplication of many points by one secret scalar, by a fixed window of 4 bits: per digit four doublings and one
 * addition, always, of an entry that is chosen by reading the whole table under masks.
 */
#pragma once

#include "group/edwards.h"
#include "group/scalar.h"

namespace causeway {

/** A digit of a scalar of each lane. */
template <class Fe>
struct LaneDigit {
  typename Fe::Mask is_entry[ScalarDigits::table_size];
  typename Fe::Mask is_negative;
};

/** P, 3P, …, 15P. */
template <class Fe>
class OddMultiples {
 public:
  explicit OddMultiples(const Extended<Fe>& point) {
    const Cached<Fe> twice(doubled(point.projective()).extended());
    Extended<Fe> multiple = point;
    entry_[0] = Cached<Fe>(multiple);
    for (std::size_t j = 1; j < ScalarDigits::table_size; j++) {
      multiple = added(multiple, twice).extended();
      entry_[j] = Cached<Fe>(multiple);
    }
  }

  /** The entry of a digit that all lanes have, without its sign. */
  CAUSEWAY_INLINE Cached<Fe> operator[](const ScalarDigits::Digit& digit) const {
    return chosen_by([&digit](std::size_t j) { return Fe::Mask::all(digit.is_entry[j]); });
  }

  /** In each lane the entry of its digit, without its sign. */
  CAUSEWAY_INLINE Cached<Fe> operator[](const LaneDigit<Fe>& digit) const {
    return chosen_by([&digit](std::size_t j) { return digit.is_entry[j]; });
  }

 private:
  template <class MaskOf>
  CAUSEWAY_INLINE Cached<Fe> chosen_by(MaskOf mask_of) const {
    Cached<Fe> chosen = entry_[0];
#pragma GCC unroll 7
    for (std::size_t j = 1; j < ScalarDigits::table_size; j++) {
      const auto is_chosen = mask_of(j);
      chosen.y_plus_x = select(is_chosen, entry_[j].y_plus_x, chosen.y_plus_x);
      chosen.y_minus_x = select(is_chosen, entry_[j].y_minus_x, chosen.y_minus_x);
      chosen.z2 = select(is_chosen, entry_[j].z2, chosen.z2);
      chosen.t2d = select(is_chosen, entry_[j].t2d, chosen.t2d);
    }
    return chosen;
  }

  Cached<Fe> entry_[ScalarDigits::table_size];
};

/** k·P, for the scalar of the digits. */
template <class Fe>
Projective<Fe> multiplied(const Extended<Fe>& point, const ScalarDigits& scalar) {
  const OddMultiples<Fe> table(point);
  // The most significant digit is positive: its multiple is added to the identity.
  const Fe zero = Fe::of(zero_limbs), one = Fe::of(one_limbs);
  const Extended<Fe> identity = {one, one, one, zero};
  Projective<Fe> sum = added(identity, table[scalar[ScalarDigits::count - 1]]).projective();
  for (std::size_t i = ScalarDigits::count - 1; i-- > 0;) {
    for (int k = 0; k < 3; k++) sum = doubled(sum).projective();
    const Extended<Fe> shifted = doubled(sum).extended();
    sum = added(shifted, table[scalar[i]], Fe::Mask::all(scalar[i].is_negative)).projective();
  }
  return sum;
}

}  // namespace causeway
