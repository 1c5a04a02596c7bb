/**
 * Tags of a bucket: numbers below 2^bits that both sides compute of the keys they share, and of no other one. The
 * sender's go over the wire in ascending order, as Elias and Fano code them: with h = floor(log2 count), the low
 * bits - h bits of each tag one after the other, then for the i-th tag a one at bit (tag >> (bits - h)) + i of
 * count + 2^h bits. Bits are packed lowest first; what fills the last byte of each part is zero.
 */
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "psi/cut.h"

namespace causeway::psi {

constexpr std::size_t tag_count_max = std::size_t{1} << 21;
constexpr unsigned tag_bits_min = 42, tag_bits_max = 96;

struct TagShape {
  /** M; 1 to tag_count_max. */
  std::size_t count;
  /** l; tag_bits_min to tag_bits_max. */
  unsigned bits;

  /** h. */
  unsigned high_bits() const;
  unsigned low_bits() const { return bits - high_bits(); }
  std::size_t low_bytes() const { return (count * low_bits() + 7) / 8; }
  std::size_t high_bytes() const { return (count + (std::size_t{1} << high_bits()) + 7) / 8; }
  std::size_t bytes() const { return low_bytes() + high_bytes(); }
};

/** A tag, and in the 32 low bits under it what its owner knows it by. */
using Tagged = Wide;

/** The owner of a tag that nobody has. */
constexpr std::uint32_t no_owner = ~std::uint32_t{0};

/** @param block its low bits are the tag. */
constexpr Tagged tagged(Block block, unsigned bits, std::uint32_t owner) {
  const Wide all = static_cast<Wide>(block.hi) << 64 | block.lo;
  return (all & ((static_cast<Wide>(1) << bits) - 1)) << 32 | owner;
}
constexpr std::uint32_t owner_of(Tagged tag) { return static_cast<std::uint32_t>(tag); }

/** Sorts uniform tags of so many bits, ascending. */
void sort_tags(std::vector<Tagged>& tags, unsigned bits);

/** @param sorted shape.count tags. @param out receives shape.bytes(). */
void encode_tags(std::uint8_t* out, const std::vector<Tagged>& sorted, const TagShape& shape);

/**
 * Finds the tags of a message among one's own.
 * @param message shape.bytes() from the peer; any bytes.
 * @param sorted own tags, ascending, of the same number of bits.
 * @param is_owner_matched a byte for each owner, zero; 1 for those whose tag is in the message.
 * @param match_bits receives a bit for each tag of the message, the lowest first: whether it is among the own.
 * @returns false for a message that is not `count` ascending tags in their one encoding; the results then mean nothing.
 */
bool join_tags(const std::uint8_t* message, const TagShape& shape, const std::vector<Tagged>& sorted,
               std::uint8_t* is_owner_matched, std::uint8_t* match_bits);

}  // namespace causeway::psi
