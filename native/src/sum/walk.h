/** Small multiples of the generator, in the portable representation. Included where that is. */
#pragma once

#include "group/multiply.h"
#include "sum/fixed-base.h"
#include "sum/point-rows.h"

namespace causeway {
namespace {

/** value · G, for any value: public, or as secret as the time that it takes. */
Extended<Fe> small_multiple(std::int64_t value) {
  const Fe one = Fe::of(one_limbs);
  Extended<Fe> sum = {one, one, one, Fe::of(zero_limbs)};
  const AffineLimbs& base = generator_table().entry(0, 0);
  Cached<Fe> generator;
  generator.y_plus_x = Fe::of(base.coordinate[0]);
  generator.y_minus_x = Fe::of(base.coordinate[1]);
  generator.z2 = Fe::of({2, 0, 0, 0, 0});
  generator.t2d = Fe::of(base.coordinate[2]);
  const std::uint64_t sign = value < 0 ? ~std::uint64_t{0} : 0;
  const std::uint64_t magnitude = (static_cast<std::uint64_t>(value) ^ sign) - sign;
  for (int bit = 63; bit >= 0; bit--) {
    sum = doubled(sum.projective()).extended();
    if (magnitude >> bit & 1) sum = added(sum, generator, Mask::all(sign)).extended();
  }
  return sum;
}

}  // namespace
}  // namespace causeway
