#include "rows/sort.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace causeway::rows {

namespace {

/** Groups of rows that are near each other: on average so many rows stand in one. */
constexpr std::size_t rows_per_group = 4;
/** Up to here a group is put in order by insertion. */
constexpr std::size_t insertion_max = 24;

/** The first eight bytes of a row as a number, without those that are no part of its key. */
std::uint64_t lead_of(const std::uint8_t* row, std::uint64_t mask) {
  std::uint64_t value;
  std::memcpy(&value, row, sizeof value);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  value = __builtin_bswap64(value);
#endif
  return value & mask;
}

std::uint64_t key_mask(std::size_t key_bytes) {
  return key_bytes >= 8 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> (8 * key_bytes));
}

/** Maps leading numbers to groups, never turning their order round. */
struct Groups {
  std::uint64_t mask;
  std::uint64_t least;
  unsigned shift;
  std::size_t count;

  std::size_t of(const std::uint8_t* row) const {
    return static_cast<std::size_t>((lead_of(row, mask) - least) >> shift);
  }
};

Groups groups_of(const std::uint8_t* rows, std::size_t count, const Shape& shape) {
  const std::uint64_t mask = key_mask(shape.key_bytes);
  std::uint64_t least = ~std::uint64_t{0}, most = 0;
  for (std::size_t i = 0; i < count; i++) {
    const std::uint64_t lead = lead_of(rows + i * shape.row_bytes, mask);
    least = std::min(least, lead);
    most = std::max(most, lead);
  }
  const std::uint64_t spread = most - least;
  // At least two, so that no shift reaches 64.
  const std::uint64_t wanted = std::max<std::uint64_t>(2, count / rows_per_group);
  unsigned shift = 0;
  while ((spread >> shift) >= wanted) shift++;
  return {mask, least, shift, static_cast<std::size_t>(spread >> shift) + 1};
}

void insert_in_order(std::uint8_t* rows, std::size_t count, const Shape& shape) {
  std::uint8_t moved[row_bytes_max];
  for (std::size_t i = 1; i < count; i++) {
    std::uint8_t* const row = rows + i * shape.row_bytes;
    std::uint8_t* place = row;
    while (place > rows && std::memcmp(place - shape.row_bytes, row, shape.key_bytes) > 0) place -= shape.row_bytes;
    if (place == row) continue;
    std::memcpy(moved, row, shape.row_bytes);
    std::memmove(place + shape.row_bytes, place, static_cast<std::size_t>(row - place));
    std::memcpy(place, moved, shape.row_bytes);
  }
}

/** Rows that crowd together, as a hostile list's may: by comparison, through their positions. */
void order_crowd(std::uint8_t* rows, std::size_t count, const Shape& shape) {
  std::vector<std::uint32_t> order(count);
  for (std::size_t i = 0; i < count; i++) order[i] = static_cast<std::uint32_t>(i);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::memcmp(rows + a * shape.row_bytes, rows + b * shape.row_bytes, shape.key_bytes) < 0;
  });
  std::vector<std::uint8_t> ordered(count * shape.row_bytes);
  for (std::size_t i = 0; i < count; i++) {
    std::memcpy(ordered.data() + i * shape.row_bytes, rows + order[i] * shape.row_bytes, shape.row_bytes);
  }
  std::memcpy(rows, ordered.data(), ordered.size());
}

}  // namespace

void sort(const std::uint8_t* from, std::uint8_t* to, std::size_t count, const Shape& shape) {
  if (count == 0) return;
  const std::size_t row_bytes = shape.row_bytes;
  const Groups groups = groups_of(from, count, shape);
  // Where the next row of each group goes; afterwards, where the group ends.
  std::vector<std::uint32_t> next(groups.count + 1);
  for (std::size_t i = 0; i < count; i++) next[groups.of(from + i * row_bytes) + 1]++;
  for (std::size_t group = 1; group <= groups.count; group++) next[group] += next[group - 1];
  for (std::size_t i = 0; i < count; i++) {
    const std::uint8_t* const row = from + i * row_bytes;
    std::memcpy(to + std::size_t{next[groups.of(row)]++} * row_bytes, row, row_bytes);
  }
  std::size_t start = 0;
  for (std::size_t group = 0; group < groups.count; group++) {
    const std::size_t end = next[group];
    std::uint8_t* const rows = to + start * row_bytes;
    if (end - start > insertion_max) {
      order_crowd(rows, end - start, shape);
    } else if (end - start > 1) {
      insert_in_order(rows, end - start, shape);
    }
    start = end;
  }
}

}  // namespace causeway::rows
