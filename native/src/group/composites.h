/** The weighted sums that stand for a batch of elements in one proof (RFC 9497 §2.2.1, ComputeComposites). Everything
 * in them is public. */
#pragma once

#include "group/expand.h"
#include "group/kernel.h"

namespace causeway {

class Composites {
 public:
  static constexpr std::size_t seed_bytes = 64;
  /** Rows are numbered with 16 bits. */
  static constexpr std::size_t row_count_max = std::size_t{1} << 16;

  /** @param seed what every weight is bound to, 64 bytes. @param dst domain separation tag of hash-to-scalar. */
  Composites(const std::uint8_t* seed, Span dst);

  /**
   * Σ wᵢ·cᵢ, and Σ wᵢ·dᵢ behind it where two are wanted, over some rows of the batch.
   * @param first_index number of the first of them in the batch.
   * @param sum_count 1 for a prover, who needs no more, or 2.
   */
  Fault sums(const GroupKernel& kernel, const std::uint8_t* c, const std::uint8_t* d, std::size_t first_index,
             std::size_t row_count, std::size_t sum_count, std::uint8_t* out) const;

 private:
  RowExpansion expansion_;
};

/**
 * Adds up the sums of pieces of a batch.
 * @param parts `part_count` times `sum_count` encodings, which are valid. @param out `sum_count` encodings.
 */
void add_parts(const GroupKernel& kernel, const std::uint8_t* parts, std::size_t part_count, std::size_t sum_count,
               std::uint8_t* out);

}  // namespace causeway
