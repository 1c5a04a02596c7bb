/**
 * A 128-bit block, as bytes little-endian. As an element of GF(2^128) = GF(2)[x]/(x^128 + x^7 + x^2 + x + 1), bit i is
 * the coefficient of x^i; as an element of GF(2^64)^2, `lo` and `hi` are its two coordinates over GF(2)[x]/(x^64 + x^4
 * + x^3 + x + 1).
 */
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "cpu/inline.h"

namespace causeway {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "blocks are read from memory as they are");

struct alignas(16) Block {
  std::uint64_t lo;
  std::uint64_t hi;
};

CAUSEWAY_INLINE constexpr Block operator^(Block a, Block b) { return {a.lo ^ b.lo, a.hi ^ b.hi}; }
CAUSEWAY_INLINE constexpr Block& operator^=(Block& a, Block b) { return a = a ^ b; }
CAUSEWAY_INLINE constexpr Block operator&(Block a, Block b) { return {a.lo & b.lo, a.hi & b.hi}; }

/** Constant time. */
CAUSEWAY_INLINE constexpr bool operator==(Block a, Block b) { return ((a.lo ^ b.lo) | (a.hi ^ b.hi)) == 0; }
CAUSEWAY_INLINE constexpr bool operator!=(Block a, Block b) { return !(a == b); }

/** All ones where the low bit of `bit` is 1, else zero; no branch. */
CAUSEWAY_INLINE constexpr Block mask_of(std::uint64_t bit) { return {-(bit & 1), -(bit & 1)}; }

/** 16 bytes at any address. */
CAUSEWAY_INLINE Block load_block(const void* bytes) {
  Block block;
  std::memcpy(&block, bytes, sizeof block);
  return block;
}

CAUSEWAY_INLINE void store_block(void* bytes, Block block) { std::memcpy(bytes, &block, sizeof block); }

}  // namespace causeway
