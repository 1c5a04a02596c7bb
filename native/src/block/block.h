// A 128-bit block, as bytes little-endian. As an element of GF(2^128) = GF(2)[x]/(x^128 + x^7 + x^2 + x + 1), bit i is the coefficient of x^i;
// as an element of GF(2^64)^2, `lo` and `hi` are its two coordinates over GF(2)[x]/(x^64 + x^4 + x^3 + x + 1).
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

// Code that several CPU classes compile must not be shared between them by the linker: the copy that it keeps could hold
// instructions that this machine lacks. So what is not a template over the class is always inlined.
#define CAUSEWAY_INLINE inline __attribute__((always_inline))

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
CAUSEWAY_INLINE constexpr Block maskOf(std::uint64_t bit) { return {-(bit & 1), -(bit & 1)}; }

/** 16 bytes at any address. */
CAUSEWAY_INLINE Block loadBlock(const void* bytes) {
  Block block;
  std::memcpy(&block, bytes, sizeof block);
  return block;
}

CAUSEWAY_INLINE void storeBlock(void* bytes, Block block) { std::memcpy(bytes, &block, sizeof block); }

/** Overwrites a secret; the compiler may not drop it, though nothing reads the bytes again. */
CAUSEWAY_INLINE void wipe(void* bytes, std::size_t count) {
  std::memset(bytes, 0, count);
  __asm__ __volatile__("" : : "r"(bytes) : "memory");
}

}  // namespace causeway
