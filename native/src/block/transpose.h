/** Transposition of a 128 x 128 bit matrix. */
#pragma once
#include "block/block.h"

namespace causeway {
namespace {

/** Exchanges the bits of a above `width`, in every 2 * width bits, with those of b below; width < 64. */
template <class C>
CAUSEWAY_INLINE void exchange_bits(Block& a, Block& b, std::uint64_t mask, int width) {
  const Block t = {(a.lo >> width ^ b.lo) & mask, (a.hi >> width ^ b.hi) & mask};
  b ^= t;
  a ^= Block{t.lo << width, t.hi << width};
}

/** In place: bit j of rows[i] and bit i of rows[j] change places. Seven rounds, each of which exchanges one bit of i
 * with that of j. */
template <class C>
void transpose128(Block (&rows)[128]) {
  for (int i = 0; i < 64; i++) {
    const std::uint64_t high = rows[i].hi;
    rows[i].hi = rows[i + 64].lo;
    rows[i + 64].lo = high;
  }
  std::uint64_t mask = 0x00000000ffffffff;
  for (int width = 32; width > 0; width >>= 1, mask ^= mask << width)
    for (int start = 0; start < 128; start += 2 * width)
      for (int i = start; i < start + width; i++) exchange_bits<C>(rows[i], rows[i + width], mask, width);
}

}  // namespace
}  // namespace causeway
