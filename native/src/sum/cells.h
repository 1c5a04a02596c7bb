/** Ciphertexts added up by cell and weight: what a sender makes of a receiver's bits. */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sum/kernel.h"

namespace causeway {

/** Rows as a call has them: see `SumRequest` of join/sum's port. */
struct CellRows {
  const std::uint8_t* ciphertexts;
  const std::uint16_t* cells;
  const double* weights;
  std::size_t row_count, group_count, cell_count, slot_count, weight_count;
  /** Bits of the largest absolute value of each weight. */
  const std::uint8_t* weight_bits;

  static constexpr std::uint16_t no_cell = 0xffff;
  /** Ciphertexts of sums, over all groups, cells, and measures: the rows themselves, and each weight. */
  std::size_t sum_count() const { return group_count * cell_count * (1 + weight_count); }
};

/**
 * The sums over some rows, weight by weight in windows of 4 bits: rows are sorted into buckets by their digit, and
 * added up in lanes. A row costs the same whatever its weights are; how many rows a cell has shows in the time, and is
 * the caller's own.
 */
class CellSums {
 public:
  CellSums(const SumFunctions& functions, const CellRows& rows) : functions_(functions), rows_(rows) {}

  /** Adds rows `first` to `first + count − 1`. @param out two points for each sum. @returns the first ciphertext with a
   * fault. */
  Fault add(std::size_t first, std::size_t count, std::vector<PointRow>* out) const;

 private:
  const SumFunctions& functions_;
  const CellRows& rows_;
};

/** Adds the parts of pieces up. @param parts of one length. @param out 32 bytes for each point. */
void encode_sums(const std::vector<std::vector<PointRow>>& parts, std::uint8_t* out);

}  // namespace causeway
