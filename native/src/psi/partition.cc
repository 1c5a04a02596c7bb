#include "psi/partition.h"

#include <algorithm>
#include <vector>

#include "psi/hash-rows.h"

namespace causeway::psi {

void partition(const BlockKernel& kernel, const Cut& cut, const std::uint8_t* rows, std::size_t row_count,
               const Partition& out) {
  const std::size_t buckets = cut.bucket_count();
  std::fill(out.bin_loads, out.bin_loads + cut.bin_count, 0);
  std::fill(out.bucket_starts, out.bucket_starts + buckets + 1, 0);
  struct Placed {
    Block key;
    std::uint32_t bucket;
  };
  std::vector<Placed> placed(row_count);
  hash_rows(kernel, cut.key, rows, row_count, [&](std::size_t row, Block key, Block hash) {
    const std::size_t bin = static_cast<std::size_t>(place_in(cut, hash) >> 64);
    const std::uint32_t bucket = static_cast<std::uint32_t>(bin / bucket_bins_max);
    out.bin_loads[bin]++;
    out.bucket_starts[bucket + 1]++;
    placed[row] = {key, bucket};
  });
  for (std::size_t i = 0; i < buckets; i++) out.bucket_starts[i + 1] += out.bucket_starts[i];
  std::vector<std::uint32_t> next(out.bucket_starts, out.bucket_starts + buckets);
  for (std::size_t row = 0; row < row_count; row++) {
    const std::size_t at = next[placed[row].bucket]++;
    store_block(out.keys + at * sizeof(Block), placed[row].key);
    out.rows[at] = static_cast<std::uint32_t>(row);
  }
}

}  // namespace causeway::psi
