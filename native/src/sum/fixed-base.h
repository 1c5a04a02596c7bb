/** Multiplication of one public point by many secret scalars, from a table of it that is read whole, under masks. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "sum/scalars.h"

namespace causeway {

/** A point with Z = 1 as Y + X, Y − X and 2D·T: five limbs of 51 bits each. */
struct AffineLimbs {
  std::uint64_t coordinate[3][5];
};

/** Odd multiples of 16^i·P, for each place i of a scalar. Public. */
class FixedBase {
 public:
  static constexpr std::size_t entry_count = 8;

  /** @param encoding of 32 bytes. @returns false for one that is no element. */
  bool set(const std::uint8_t* encoding);

  const AffineLimbs& entry(std::size_t position, std::size_t entry) const { return entry_[position][entry]; }
  /** P/2: what is added where points are doubled while they are encoded. */
  const AffineLimbs& half() const { return half_; }

 private:
  AffineLimbs entry_[HalfDigits::count][entry_count];
  AffineLimbs half_;
};

/** The generator's table. */
const FixedBase& generator_table();

}  // namespace causeway
