/**
 * The linear code behind the silent VOLE (dual LPN): labelled Block-Accumulate, depth 3, rate 1/2, F^N -> F^k.
 *
 *   pass(x, p, e):  acc = 0;  for i = 0..N-1:  acc += x[i];  y[p[i]] = acc * e[i]
 *   z = pass(pass(x, p1, e1), p2, e2)
 *   out[j] = z[j] + sum of z[k + 32 * floor(j / 32) + i] over the bits i of row j that are 1, for j = 0..k-1
 *
 * Accumulate, permute, twice, then a systematic block-diagonal step: libOTe's BlkAccCode ("Block-Diagonal Codes:
 * Accelerated Linear Codes for Pseudorandom Correlation Generators"), with public labels e. These are not optional.
 * With coefficients 0 and 1 alone every bit plane of the output is a syndrome of the same noisy positions, and linear
 * algebra over the planes finds them in a second (interleaved decoding: Metzner and Kapturowski 1990);
 * test/code-attack.cc does it, and fails against the labels.
 */
#pragma once

#include <vector>

#include "block/kernel.h"

namespace causeway::vole {

/**
 * The tables, as the passes read them. A permutation is done in two steps that suit a cache: a pass puts its values
 * into regions of the vector, in order of arrival, and the next pass picks each from its place in the region. So stores
 * advance along N / region_length streams and loads stay within one region; a plain scatter would miss the cache at
 * every element.
 */
struct CodeTables {
  static constexpr std::size_t region_length_max = 1024;

  std::size_t outputs;
  std::size_t region_length;
  /** For i: where pass 1, 2 puts its i-th value. */
  const std::uint32_t* slot[2];
  /** For j: where in its region the j-th value of the permuted vector lies. */
  const std::uint16_t* place[2];
  const std::uint64_t* label[2];
  /** The rows of the last step, in tiles of 8 rows: bits 8c, 8c + 1, … of row 8t + r are byte 32t + 8c + r. */
  const std::uint8_t* rows;

  /** Where the region of the j-th value begins. */
  CAUSEWAY_INLINE std::size_t region(std::size_t j) const { return j & ~(region_length - 1); }
};

/** A code with k outputs: public, made once for a run, read by all threads. */
class Code {
 public:
  /**
   * @param outputs k, a power of two, at least 32.
   * @param seed K("code", k).
   */
  Code(const BlockKernel& kernel, std::size_t outputs, Block seed);

  std::size_t outputs() const { return outputs_; }
  CodeTables tables() const;

  /** One of the permutations: p[i] is where i goes. Fisher-Yates (Knuth, TAOCP 3.4.2 P) over the blocks of STREAM_key.
   */
  static std::vector<std::uint32_t> permutation(const BlockKernel& kernel, std::size_t length, Block key);

 private:
  std::size_t outputs_;
  std::size_t region_length_;
  std::vector<std::uint32_t> slot_[2];
  std::vector<std::uint16_t> place_[2];
  std::vector<std::uint64_t> label_[2];
  std::vector<std::uint8_t> rows_;
};

}  // namespace causeway::vole
