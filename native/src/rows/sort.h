/** Packed rows of fixed width, put in ascending order of their leading bytes. */
#pragma once

#include <cstddef>
#include <cstdint>

namespace causeway::rows {

constexpr std::size_t row_bytes_max = 256;
constexpr std::size_t row_bytes_min = 8;
constexpr std::size_t key_bytes_min = 1;
/** Rows of one call: positions are 32 bits, and more are cut into buckets first. */
constexpr std::size_t row_count_max = std::size_t{1} << 24;

struct Shape {
  std::size_t row_bytes;
  /** The leading bytes that decide, compared as `memcmp` does. */
  std::size_t key_bytes;
};

/**
 * Sorts `count` rows from `from` to `to`; rows with equal keys keep their order. Rows whose keys are evenly spread take
 * linear time, whatever leading bits they share; any others O(n log n).
 *
 * Not for secrets: time and addresses depend on the keys.
 */
void sort(const std::uint8_t* from, std::uint8_t* to, std::size_t count, const Shape& shape);

}  // namespace causeway::rows
