#include "okvs/peeling.h"

#include <algorithm>

namespace causeway::okvs {

namespace {

constexpr std::uint32_t one_row = std::uint32_t{1} << 16;
static_assert(key_count_max <= one_row && column_count <= one_row);

constexpr std::uint32_t degree(std::uint32_t column) { return column >> 16; }
constexpr std::uint16_t row_of(std::uint32_t column) { return static_cast<std::uint16_t>(column); }

}  // namespace

// A column comes down to one row at most once, so the queue never holds more than there are columns.
Peeling::Peeling() : columns_(sparse_count), queue_(sparse_count) {
  pivots_.reserve(key_count_max);
  gaps_.reserve(dense_count + 1);
}

bool Peeling::peel(const Row* rows, std::size_t count) {
  std::fill(columns_.begin(), columns_.end(), 0);
  queued_ = taken_ = 0;
  pivots_.clear();
  gaps_.clear();
  for (std::size_t i = 0; i < count; i++) {
    for (std::uint16_t c : rows[i].column) columns_[c] = (columns_[c] + one_row) ^ static_cast<std::uint32_t>(i);
  }
  for (std::size_t c = 0; c < sparse_count; c++) {
    if (degree(columns_[c]) == 1) queue_[queued_++] = static_cast<std::uint16_t>(c);
  }
  peel_singles(rows);
  while (pivots_.size() + gaps_.size() < count) {
    if (!break_core(rows, count)) return false;
    peel_singles(rows);
  }
  return true;
}

void Peeling::peel_singles(const Row* rows) {
  while (taken_ < queued_) {
    const std::uint16_t c = queue_[taken_++];
    if (degree(columns_[c]) != 1) continue;
    const std::uint16_t row = row_of(columns_[c]);
    pivots_.push_back({row, c});
    remove(rows, row);
  }
}

/**
 * Every column that is left has two rows or more: one of those with fewest gives a pivot and makes its other rows gaps.
 * In an average bin this happens once in 2^13.5 times, mostly for two rows that are equal.
 */
bool Peeling::break_core(const Row* rows, std::size_t count) {
  std::uint16_t fewest = 0;
  std::uint32_t rows_left = ~std::uint32_t{0};
  for (std::size_t c = 0; c < sparse_count; c++) {
    const std::uint32_t here = degree(columns_[c]);
    if (here == 0 || here >= rows_left) continue;
    rows_left = here;
    fewest = static_cast<std::uint16_t>(c);
  }
  if (gaps_.size() + rows_left - 1 > dense_count) return false;
  std::vector<bool> is_removed(count);
  for (const Pivot& pivot : pivots_) is_removed[pivot.row] = true;
  for (std::uint16_t gap : gaps_) is_removed[gap] = true;
  bool has_pivot = false;
  for (std::size_t i = 0; i < count; i++) {
    if (is_removed[i] || std::find(rows[i].column, rows[i].column + 3, fewest) == rows[i].column + 3) continue;
    const std::uint16_t row = static_cast<std::uint16_t>(i);
    if (has_pivot) {
      gaps_.push_back(row);
    } else {
      pivots_.push_back({row, fewest});
      has_pivot = true;
    }
    remove(rows, i);
  }
  return true;
}

void Peeling::remove(const Row* rows, std::size_t row) {
  for (std::uint16_t c : rows[row].column) {
    columns_[c] = (columns_[c] - one_row) ^ static_cast<std::uint32_t>(row);
    if (degree(columns_[c]) == 1) queue_[queued_++] = c;
  }
}

}  // namespace causeway::okvs
