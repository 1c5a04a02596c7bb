/** Which bin a key belongs to, and so which bucket: the same on both sides, and unknown before the run's first nonces
 * are open. */
#pragma once
#include "block/block.h"

namespace causeway::psi {

/** Bins of a full bucket; the last one of a list has what is left. */
constexpr std::size_t bucket_bins_max = 6;

/** T at most: that of a thousand million keys, and some. */
constexpr std::size_t bin_count_max = std::size_t{1} << 17;

struct Cut {
  /** K("part", 0) of the exchange's first run. */
  Block key;
  /** T. */
  std::uint64_t bin_count;

  std::size_t bucket_count() const { return (bin_count + bucket_bins_max - 1) / bucket_bins_max; }
};

__extension__ using Wide = unsigned __int128;

/**
 * @param hash MMO of the key under the cut's. @returns hash.lo * T: the high half is the bin, and the low half is
 * uniform within it.
 */
constexpr Wide place_in(const Cut& cut, Block hash) { return static_cast<Wide>(hash.lo) * cut.bin_count; }

}  // namespace causeway::psi
