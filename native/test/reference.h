/** GF(2^255 − 19) as slowly and plainly as can be: what the fast representations are held to. */
#pragma once

#include <cstdint>

namespace causeway {

__extension__ typedef unsigned __int128 DoubleWord;

/** A number below 2^256, little-endian. */
struct Number {
  std::uint64_t word[4] = {0, 0, 0, 0};

  friend bool operator==(const Number& a, const Number& b) {
    for (int i = 0; i < 4; i++) {
      if (a.word[i] != b.word[i]) return false;
    }
    return true;
  }
};

/** Of nine words, the upper five weigh 2^256 = 38. @returns the representation below p. */
inline Number mod_p(const std::uint64_t (&wide)[9]) {
  std::uint64_t word[9];
  for (int i = 0; i < 9; i++) word[i] = wide[i];
  for (int round = 0; round < 3; round++) {
    DoubleWord carry = 0;
    std::uint64_t next[9] = {};
    for (int i = 0; i < 8; i++) {
      const DoubleWord folded = i < 5 ? DoubleWord{word[i + 4]} * 38 : DoubleWord{0};
      carry += (i < 4 ? word[i] : 0) + folded;
      next[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    next[8] = static_cast<std::uint64_t>(carry);
    for (int i = 0; i < 9; i++) word[i] = next[i];
  }
  Number out;
  for (int i = 0; i < 4; i++) out.word[i] = word[i];
  const Number p = {{0xffffffffffffffed, ~std::uint64_t{0}, ~std::uint64_t{0}, 0x7fffffffffffffff}};
  for (int round = 0; round < 2; round++) {
    Number less;
    std::uint64_t borrow = 0;
    for (int i = 0; i < 4; i++) {
      const DoubleWord difference = DoubleWord{out.word[i]} - p.word[i] - borrow;
      less.word[i] = static_cast<std::uint64_t>(difference);
      borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
    }
    if (borrow == 0) out = less;
  }
  return out;
}

inline Number product_mod_p(const Number& a, const Number& b) {
  std::uint64_t wide[9] = {};
  for (int i = 0; i < 4; i++) {
    DoubleWord carry = 0;
    for (int j = 0; j < 4; j++) {
      carry += DoubleWord{a.word[i]} * b.word[j] + wide[i + j];
      wide[i + j] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    wide[i + 4] = static_cast<std::uint64_t>(carry);
  }
  return mod_p(wide);
}

/** a + factor·b, for a factor that fits a word. */
inline Number sum_mod_p(const Number& a, std::uint64_t factor, const Number& b) {
  std::uint64_t wide[9] = {};
  DoubleWord carry = 0;
  for (int i = 0; i < 4; i++) {
    // (2^64 − 1)² + 2·(2^64 − 1) is below 2^128.
    carry += DoubleWord{factor} * b.word[i] + a.word[i];
    wide[i] = static_cast<std::uint64_t>(carry);
    carry >>= 64;
  }
  wide[4] = static_cast<std::uint64_t>(carry);
  return mod_p(wide);
}

/** p − a: for subtraction. */
inline Number minus_mod_p(const Number& a) {
  const Number p_minus_1 = {{0xffffffffffffffec, ~std::uint64_t{0}, ~std::uint64_t{0}, 0x7fffffffffffffff}};
  return product_mod_p(p_minus_1, a);
}

}  // namespace causeway
