/**
 * Sums of many points, each with a public weight of its own. Every digit position has a sum of its own, to which each
 * point adds one multiple; the doublings that give the positions their weight are done once, at the end (Yao: On the
 * Evaluation of Powers, 1976; with a table for each point, because all weights differ).
 */
#pragma once

#include <cstring>

#include "group/kernel.h"
#include "group/multiply.h"
#include "group/ristretto.h"

namespace causeway {

/** Lane i of the result is lane i + `by` of `a`, all around. */
template <class Fe>
Fe rotated(const Fe& a, std::size_t by) {
  constexpr std::size_t word_bytes = 8, register_bytes = word_bytes * Fe::lanes;
  Fe out;
  const auto* const from = reinterpret_cast<const unsigned char*>(&a);
  auto* const to = reinterpret_cast<unsigned char*>(&out);
  for (std::size_t at = 0; at < sizeof(Fe); at += register_bytes) {
    for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
      std::memcpy(to + at + word_bytes * lane, from + at + word_bytes * ((lane + by) % Fe::lanes), word_bytes);
    }
  }
  return out;
}

template <class Fe>
Extended<Fe> rotated(const Extended<Fe>& p, std::size_t by) {
  return {rotated(p.y_plus_x, by), rotated(p.y_minus_x, by), rotated(p.z, by), rotated(p.t, by)};
}

/** The digits of the scalars of a group of lanes. */
template <class Fe>
class LaneDigits {
 public:
  /** @param weights of `filled` lanes; the others have those of the first. */
  void read(const PublicDigits* weights, std::size_t filled) {
    for (std::size_t i = 0; i < ScalarDigits::count; i++) {
      std::uint32_t is_entry[ScalarDigits::table_size] = {}, is_negative = 0;
      for (std::size_t lane = 0; lane < Fe::lanes; lane++) {
        const int digit = weights[lane < filled ? lane : 0].at[i];
        const std::uint32_t bit = std::uint32_t{1} << lane;
        is_entry[(digit < 0 ? -digit : digit) / 2] |= bit;
        if (digit < 0) is_negative |= bit;
      }
      for (std::size_t j = 0; j < ScalarDigits::table_size; j++) {
        digits_[i].is_entry[j] = Fe::Mask::of_bits(is_entry[j]);
      }
      digits_[i].is_negative = Fe::Mask::of_bits(is_negative);
    }
  }

  const LaneDigit<Fe>& operator[](std::size_t position) const { return digits_[position]; }

 private:
  LaneDigit<Fe> digits_[ScalarDigits::count];
};

/** The sum of each digit position, in lanes. */
template <class Fe>
class PositionSums {
 public:
  PositionSums() {
    const Fe zero = Fe::of(zero_limbs), one = Fe::of(one_limbs);
    for (Extended<Fe>& sum : sums_) sum = {one, one, one, zero};
  }

  void add(const Extended<Fe>& point, const LaneDigits<Fe>& weight) {
    const OddMultiples<Fe> table(point);
    for (std::size_t i = 0; i < ScalarDigits::count; i++) {
      sums_[i] = added(sums_[i], table[weight[i]], weight[i].is_negative).extended();
    }
  }

  /** The sum over all positions and lanes, in every lane: of halves of the weights. */
  Extended<Fe> total() const {
    Extended<Fe> total = sums_[ScalarDigits::count - 1];
    for (std::size_t i = ScalarDigits::count - 1; i-- > 0;) {
      Projective<Fe> shifted = total.projective();
      for (int k = 0; k < 3; k++) shifted = doubled(shifted).projective();
      total = added(doubled(shifted).extended(), Cached<Fe>(sums_[i])).extended();
    }
    for (std::size_t by = Fe::lanes / 2; by > 0; by /= 2) {
      total = added(total, Cached<Fe>(rotated(total, by))).extended();
    }
    return total;
  }

 private:
  Extended<Fe> sums_[ScalarDigits::count];
};

/** GroupKernel::weighted_sums. Points are decoded two groups of lanes at a time, the lists taking turns. */
template <class Fe>
Fault weighted_sums(const PublicDigits* weights, const std::uint8_t* const* lists, std::size_t list_count,
                    std::size_t row_count, std::uint8_t* sums) {
  constexpr std::size_t lanes = Fe::lanes, group_bytes = lanes * element_bytes;
  constexpr std::uint8_t identity[element_bytes] = {};
  PositionSums<Fe> of_list[2];
  LaneDigits<Fe> weight;
  std::uint32_t is_malformed[2], is_identity[2];
  const std::size_t turn_count = (row_count + lanes - 1) / lanes * list_count;

  for (std::size_t turn = 0; turn < turn_count; turn += 2) {
    // Lanes without a row hold the identity, which adds nothing.
    std::uint8_t rows[2 * group_bytes] = {};
    for (std::size_t i = 0; i < 2 && turn + i < turn_count; i++) {
      const std::size_t first = (turn + i) / list_count * lanes;
      const std::size_t filled = row_count - first < lanes ? row_count - first : lanes;
      std::memcpy(rows + i * group_bytes, lists[(turn + i) % list_count] + first * element_bytes,
                  filled * element_bytes);
    }
    Extended<Fe> points[2];
    typename Fe::Mask is_valid[2];
    decode(rows, points, is_valid);

    for (std::size_t i = 0; i < 2 && turn + i < turn_count; i++) {
      const std::size_t list = (turn + i) % list_count, first = (turn + i) / list_count * lanes;
      const std::size_t filled = row_count - first < lanes ? row_count - first : lanes;
      if (list == 0) weight.read(weights + first, filled);
      of_list[list].add(points[i], weight);
      is_malformed[list] = (~is_valid[i]).bits();
      is_identity[list] = 0;
      for (std::size_t lane = 0; lane < filled; lane++) {
        const std::uint8_t* const row = rows + i * group_bytes + lane * element_bytes;
        if (std::memcmp(row, identity, element_bytes) == 0) is_identity[list] |= std::uint32_t{1} << lane;
      }
      if (list + 1 < list_count) continue;
      for (std::size_t lane = 0; lane < filled; lane++) {
        for (std::size_t of = 0; of < list_count; of++) {
          if (is_malformed[of] >> lane & 1) return {Fault::malformed, first + lane};
          if (is_identity[of] >> lane & 1) return {Fault::identity, first + lane};
        }
      }
    }
  }

  for (std::size_t list = 0; list < list_count; list++) {
    const Doubling<Fe> whole(of_list[list].total().projective());
    const auto is_zero_sum = whole.is_identity();
    const Fe denominator = select(is_zero_sum, Fe::of(one_limbs), whole.denominator());
    std::uint8_t encodings[group_bytes];
    encode(select(is_zero_sum, Fe::of(zero_limbs), whole.encoding(inverted(denominator))), encodings);
    std::memcpy(sums + list * element_bytes, encodings, element_bytes);
  }
  return {};
}

}  // namespace causeway
