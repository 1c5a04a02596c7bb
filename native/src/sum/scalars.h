/** Scalars that no two rows share: drawn from a seed, and as digits for lanes. Secrets: no branch, no address depends
 * on them. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"
#include "group/kernel.h"

namespace causeway {

inline constexpr std::size_t scalar_bytes = 32;
inline constexpr std::size_t wide_bytes = 64;
inline constexpr std::size_t seed_bytes = 32;

/** 64 bytes, little-endian, mod ℓ. */
void reduce_wide(const std::uint8_t* wide, std::uint8_t* scalar);

/**
 * Scalars `first` to `first + count − 1` of a seed: SHA-512(label ‖ seed ‖ number as 8 bytes, big-endian), mod ℓ.
 * @param out 32 bytes for each.
 */
void row_scalars(const GroupKernel& kernel, const std::uint8_t* seed, std::uint64_t first, std::size_t count,
                 std::uint8_t* out);

/**
 * Half a scalar as 64 odd digits of radix 16, as `ScalarDigits::of_half` has them, each in 4 bits: entry (|d| − 1)/2 of
 * a table of odd multiples, and the sign in bit 3.
 */
struct HalfDigits {
  static constexpr std::size_t count = 64;
  static constexpr std::uint64_t entry_bits = 7, sign_bit = 8;

  /** @param lane_count 1 to 8 scalars of 32 bytes, row after row. */
  HalfDigits(const std::uint8_t* scalars, std::size_t lane_count);
  ~HalfDigits();
  HalfDigits(const HalfDigits&) = delete;
  HalfDigits& operator=(const HalfDigits&) = delete;

  /** Lanes whose digit has entry `entry`: bit i is lane i. */
  CAUSEWAY_INLINE std::uint32_t lanes_with(std::size_t position, std::uint64_t entry) const {
    const std::uint64_t difference = (word[position] & entry_bits * each_byte) ^ entry * each_byte;
    // A byte from 0 to 7, taken off 8, leaves bit 3 for 0 alone.
    return gathered((8 * each_byte - difference) >> 3);
  }
  CAUSEWAY_INLINE std::uint32_t negative_lanes(std::size_t position) const { return gathered(word[position] >> 3); }

 private:
  static constexpr std::uint64_t each_byte = 0x0101010101010101;

  /** Bit 0 of each byte, side by side: no two of the products meet, so nothing carries. */
  static CAUSEWAY_INLINE std::uint32_t gathered(std::uint64_t bytes) {
#if defined(CAUSEWAY_SECRET_FLOW)
    // Of a product with a constant only one of the copies is followed.
    std::uint32_t bits = 0;
    for (unsigned lane = 0; lane < 8; lane++) bits |= static_cast<std::uint32_t>(bytes >> 8 * lane & 1) << lane;
    return bits;
#else
    return static_cast<std::uint32_t>((bytes & each_byte) * 0x0102040810204080 >> 56);
#endif
  }

  /** For each position a byte for each lane. */
  std::uint64_t word[count];
};

}  // namespace causeway
