/** Cuts a piece of a list, of any size, by the buckets of its keys: for a host that keeps the list on disk. */
#pragma once
#include "block/kernel.h"
#include "psi/cut.h"

namespace causeway::psi {

/** Where a partition goes. */
struct Partition {
  /** 16 bytes for each row: the keys, bucket after bucket; within a bucket in their old order. */
  std::uint8_t* keys;
  /** For each of them its row in the piece. */
  std::uint32_t* rows;
  /** cut.bucket_count() + 1: where each bucket begins, and the end. */
  std::uint32_t* bucket_starts;
  /** cut.bin_count: rows in each bin. */
  std::uint32_t* bin_loads;
};

/** @param rows keys of 16 bytes, packed at any address; 2^32 - 1 at most. */
void partition(const BlockKernel& kernel, const Cut& cut, const std::uint8_t* rows, std::size_t row_count,
               const Partition& out);

}  // namespace causeway::psi
