/** Products in GF(2^128) and GF(2^64) from integer multiplication: no table, no branch. */
#pragma once
#include "block/block.h"

namespace causeway {
namespace {
namespace portable {

__extension__ typedef unsigned __int128 Wide;

/**
 * The product of two polynomials over GF(2) of degree below 64.
 * Operands are cut into four parts with one bit in four set, so that an integer product counts, in every group of four
 * bits, how many terms meet there; the count's low bit is the coefficient. 15 terms fit in four bits, 16 would not: so
 * the top four bits of `a` are apart.
 */
CAUSEWAY_INLINE Wide carryless_product(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t every_fourth = 0x1111111111111111;
  constexpr std::uint64_t low60 = 0x0fffffffffffffff;
  std::uint64_t a_part[4], b_part[4];
  for (int r = 0; r < 4; r++) {
    a_part[r] = a & low60 & every_fourth << r;
    b_part[r] = b & every_fourth << r;
  }
  Wide product = 0;
  for (int r = 0; r < 4; r++) {
    Wide sum = 0;
    for (int i = 0; i < 4; i++) sum ^= static_cast<Wide>(a_part[i]) * b_part[(r - i) & 3];
    const Wide mask = static_cast<Wide>(every_fourth << r) << 64 | every_fourth << r;
    product |= sum & mask;
  }
  for (int bit = 60; bit < 64; bit++) product ^= static_cast<Wide>(b & -(a >> bit & 1)) << bit;
  return product;
}

/** top * x^128 = top * (x^7 + x^2 + x + 1). */
CAUSEWAY_INLINE Block fold128(std::uint64_t top) {
  return {top ^ top << 1 ^ top << 2 ^ top << 7, top >> 63 ^ top >> 62 ^ top >> 57};
}

/** A sum of products in GF(2)[x], before reduction: lo + mid * x^64 + hi * x^128. */
struct Sum {
  Wide lo, mid, hi;
};

CAUSEWAY_INLINE void multiply_add(Sum& sum, Block a, Block b) {
  // Karatsuba: three products instead of four.
  const Wide lo = carryless_product(a.lo, b.lo), hi = carryless_product(a.hi, b.hi);
  sum.lo ^= lo;
  sum.hi ^= hi;
  sum.mid ^= carryless_product(a.lo ^ a.hi, b.lo ^ b.hi) ^ lo ^ hi;
}

CAUSEWAY_INLINE Block reduce(const Sum& sum) {
  const Wide low = sum.lo ^ sum.mid << 64;
  const Wide high = sum.hi ^ sum.mid >> 64;
  const Block top = fold128(static_cast<std::uint64_t>(high >> 64));
  const Block next = fold128(static_cast<std::uint64_t>(high) ^ top.hi);
  return {static_cast<std::uint64_t>(low) ^ next.lo, static_cast<std::uint64_t>(low >> 64) ^ top.lo ^ next.hi};
}

/** x * e in GF(2^128), for e of degree below 64. */
CAUSEWAY_INLINE Block multiply_by_label(Block x, std::uint64_t e) {
  const Wide lo = carryless_product(x.lo, e), hi = carryless_product(x.hi, e);
  return Block{static_cast<std::uint64_t>(lo), static_cast<std::uint64_t>(lo >> 64) ^ static_cast<std::uint64_t>(hi)} ^
         fold128(static_cast<std::uint64_t>(hi >> 64));
}

/** a * b in GF(2^64). */
CAUSEWAY_INLINE std::uint64_t multiply64(std::uint64_t a, std::uint64_t b) {
  const Wide product = carryless_product(a, b);
  const std::uint64_t low = static_cast<std::uint64_t>(product), top = static_cast<std::uint64_t>(product >> 64);
  const std::uint64_t over = top >> 63 ^ top >> 61 ^ top >> 60;
  const std::uint64_t folded =
      top ^ over;  // top * x^64 = top * (x^4 + x^3 + x + 1); what runs over is at most 4 bits, and folds once more
  return low ^ folded ^ folded << 1 ^ folded << 3 ^ folded << 4;
}

}  // namespace portable
}  // namespace
}  // namespace causeway
