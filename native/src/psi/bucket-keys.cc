#include "psi/bucket-keys.h"

#include <algorithm>

#include "psi/hash-rows.h"

namespace causeway::psi {

BucketKeys::BucketKeys(const BlockKernel& kernel, const Cut& cut, std::size_t first_bin, std::size_t bin_count,
                       const std::uint8_t* rows, std::size_t row_count)
    : row_count_(row_count), starts_(bin_count + 1) {
  struct Placed {
    Block key;
    std::uint32_t row, word;
    std::size_t bin;
  };
  std::vector<Placed> placed;
  placed.reserve(row_count);
  hash_rows(kernel, cut.key, rows, row_count, [&](std::size_t row, Block key, Block hash) {
    const Wide place = place_in(cut, hash);
    const std::size_t bin = static_cast<std::size_t>(place >> 64) - first_bin;
    // A bin before the first one wraps round to a large number.
    if (bin >= bin_count) {
      has_foreign_key_ = true;
      return;
    }
    placed.push_back({key, static_cast<std::uint32_t>(row),
                      static_cast<std::uint32_t>(static_cast<std::uint64_t>(place) >> 32), bin});
    starts_[bin + 1]++;
  });
  for (std::size_t bin = 0; bin < bin_count; bin++) starts_[bin + 1] += starts_[bin];
  keys_.resize(placed.size());
  first_rows_.resize(placed.size());
  words_.resize(placed.size());
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  for (const Placed& each : placed) {
    const std::size_t at = next[each.bin]++;
    keys_[at] = each.key;
    first_rows_[at] = each.row;
    words_[at] = each.word;
  }
  drop_repeated();
}

/** Open addressing, a table for each bin: its keys' words are uniform, so a half-full one needs few steps. */
void BucketKeys::drop_repeated() {
  std::vector<std::uint32_t> table;
  std::size_t kept = 0;
  for (std::size_t bin = 0; bin + 1 < starts_.size(); bin++) {
    const std::size_t begin = starts_[bin], end = starts_[bin + 1];
    unsigned bits = 4;
    while ((std::size_t{1} << bits) < 2 * (end - begin)) bits++;
    const std::size_t mask = (std::size_t{1} << bits) - 1;
    table.assign(mask + 1, ~std::uint32_t{0});
    starts_[bin] = kept;
    for (std::size_t i = begin; i < end; i++) {
      std::size_t slot = words_[i] >> (32 - bits);
      while (table[slot] != ~std::uint32_t{0} && keys_[table[slot]] != keys_[i]) slot = (slot + 1) & mask;
      if (table[slot] != ~std::uint32_t{0}) {
        copies_.push_back({table[slot], first_rows_[i]});
        continue;
      }
      table[slot] = static_cast<std::uint32_t>(kept);
      keys_[kept] = keys_[i];
      first_rows_[kept] = first_rows_[i];
      kept++;
    }
  }
  starts_.back() = kept;
  keys_.resize(kept);
  first_rows_.resize(kept);
  words_ = {};
}

void BucketKeys::rows_of(const std::uint8_t* is_matched, std::uint8_t* row_bits) const {
  std::fill_n(row_bits, (row_count_ + 7) / 8, std::uint8_t{0});
  const auto set = [&](std::uint32_t row) {
    row_bits[row / 8] = static_cast<std::uint8_t>(row_bits[row / 8] | 1u << row % 8);
  };
  for (std::size_t i = 0; i < keys_.size(); i++) {
    if (is_matched[i]) set(first_rows_[i]);
  }
  for (const Copy& copy : copies_) {
    if (is_matched[copy.key]) set(copy.row);
  }
}

}  // namespace causeway::psi
