/** The sizes of one silent VOLE: all functions of its number of outputs, which both sides compute. */
#pragma once

#include <cstddef>
#include <cstdint>

namespace causeway::vole {

/** Noise weight: one noisy position in each of as many blocks of the vector, and one GGM tree for each block. */
constexpr std::size_t tree_count = 256;

/** OTs under the extension that a run has: the security parameter, and the bits of Delta. */
constexpr std::size_t column_count = 128;

/** OTs that every extension has more than it is asked for: they hide the others in R's proof. */
constexpr std::size_t masking_ot_count = 128;

/** R's message of an extension: 128 columns of a bit for each OT, and a proof of 48 bytes. */
constexpr std::size_t extension_bytes(std::size_t ot_count) { return 16 * (ot_count + masking_ot_count) + 48; }

struct Geometry {
  /** k: 2^13, 2^15, 2^16 or 2^17 in the protocol; any power of two from 512. */
  std::size_t outputs;

  /** N, of the noisy vectors: the code has rate 1/2. */
  constexpr std::size_t length() const { return 2 * outputs; }
  /** Of one tree. */
  constexpr std::size_t leaves() const { return length() / tree_count; }
  /** Levels of a tree under its root. */
  constexpr unsigned depth() const {
    unsigned depth = 0;
    while (std::size_t{1} << depth < leaves()) depth++;
    return depth;
  }
  /** OTs that open the trees: one for each level of each. */
  constexpr std::size_t ot_count() const { return tree_count * depth(); }

  /** R's message. */
  constexpr std::size_t choice_bytes() const { return extension_bytes(ot_count()); }
  /** S's message: for each tree, two masked sums for each level and the correction of the leaves. */
  constexpr std::size_t tree_bytes() const { return tree_count * tree_stride(); }
  constexpr std::size_t tree_stride() const { return 32 * depth() + 16; }
};

}  // namespace causeway::vole
