/**
 * Triangulation of a bin's sparse rows (RR22, section 2): an order in which each row has a column, its pivot, that no
 * later row has. Rows that the order has no place for are gaps; the dense columns take up to three.
 */
#pragma once
#include <vector>

#include "okvs/okvs.h"

namespace causeway::okvs {

/** A row, and the column that it alone determines. */
struct Pivot {
  std::uint16_t row;
  std::uint16_t column;
};

/** Workspace of one bin; to be used for one after the other. */
class Peeling {
 public:
  Peeling();

  /**
   * @param count of rows, key_count_max at most.
   * @returns whether there are at most dense_count gaps.
   */
  bool peel(const Row* rows, std::size_t count);

  /** In order: the column of a pivot is in none of the rows that come after it. */
  const std::vector<Pivot>& pivots() const { return pivots_; }
  const std::vector<std::uint16_t>& gaps() const { return gaps_; }

 private:
  void peel_singles(const Row* rows);
  bool break_core(const Row* rows, std::size_t count);
  void remove(const Row* rows, std::size_t row);

  /** For each column the number of rows that are left in it, in the high half, and the XOR of their indices. */
  std::vector<std::uint32_t> columns_;
  /** Columns that came down to one row, in the order in which they did. */
  std::vector<std::uint16_t> queue_;
  std::size_t queued_ = 0, taken_ = 0;
  std::vector<Pivot> pivots_;
  std::vector<std::uint16_t> gaps_;
};

}  // namespace causeway::okvs
