/** The distinct keys of a bucket, bin after bin, and the rows that carry them. */
#pragma once
#include <vector>

#include "block/kernel.h"
#include "psi/cut.h"

namespace causeway::psi {

class BucketKeys {
 public:
  /**
   * @param first_bin, bin_count the bucket's bins in the cut.
   * @param rows keys of 16 bytes, packed at any address, in any order, repeated or not; 2^32 - 1 at most. Their number
   * is the number of rows below.
   */
  BucketKeys(const BlockKernel& kernel, const Cut& cut, std::size_t first_bin, std::size_t bin_count,
             const std::uint8_t* rows, std::size_t row_count);

  /** Whether a key belongs to another bucket. The others are here without it. */
  bool has_foreign_key() const { return has_foreign_key_; }
  std::size_t row_count() const { return row_count_; }
  /** Of distinct keys. */
  std::size_t count() const { return keys_.size(); }
  std::size_t bin_count() const { return starts_.size() - 1; }
  /** Where a bin's keys begin among all. */
  std::size_t start(std::size_t bin) const { return starts_[bin]; }
  std::size_t count(std::size_t bin) const { return starts_[bin + 1] - starts_[bin]; }
  const Block* keys(std::size_t bin) const { return keys_.data() + starts_[bin]; }

  /**
   * The rows that carry some of the keys.
   * @param is_matched a byte for each key, 0 or 1.
   * @param row_bits receives a bit for each row, the lowest first; (row_count() + 7) / 8 bytes.
   */
  void rows_of(const std::uint8_t* is_matched, std::uint8_t* row_bits) const;

 private:
  void drop_repeated();

  struct Copy {
    std::uint32_t key;
    std::uint32_t row;
  };

  std::size_t row_count_;
  bool has_foreign_key_ = false;
  std::vector<std::size_t> starts_;
  std::vector<Block> keys_;
  /** By key: the first row that carries it, and a word that is uniform among the keys of its bin. */
  std::vector<std::uint32_t> first_rows_, words_;
  /** Further rows that carry a key. */
  std::vector<Copy> copies_;
};

}  // namespace causeway::psi
