/**
 * One element of GF(p), p = 2^255 − 19, in general registers: radix 2^51, products of 64 by 64 bits. Everything is in
 * an anonymous namespace: this code must not stand in for that of another class.
 *
 * Registers of 64 bits leave room above limbs of 51, so only products carry. Bounds, for each limb, whatever the input
 * (test/field-bounds.h states them again and tries the extremes):
 *   Product  of two:      limb < 2^51 + 2^14, carried
 *   Sum      of at most three products, less at most one more: limb < 3·(2^51 + 2^14) + 2^52 < 2^53.4
 *   Fe       an element:  as a Sum
 *   Factor   twice that: limb < 2^54.4; 19 times it is below 2^58.7, and five products of the two below 2^115.5
 */
#pragma once

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"

namespace causeway {
namespace {

__extension__ typedef unsigned __int128 Wide;

/** Whether a condition holds: all ones or 0. The compiler does not know that, so it cannot make a branch of it. */
struct Mask {
  std::uint64_t lanes;

  static CAUSEWAY_INLINE Mask all(std::uint64_t ones) {
#if !defined(CAUSEWAY_SECRET_FLOW)
    // Secrets cannot be followed through it.
    __asm__("" : "+r"(ones));
#endif
    return {ones};
  }
  /** From bit 0 for the lane. */
  static CAUSEWAY_INLINE Mask of_bits(std::uint32_t bits) { return all(0 - (std::uint64_t{bits} & 1)); }
  /** Bit 0 is the lane. */
  CAUSEWAY_INLINE std::uint32_t bits() const { return static_cast<std::uint32_t>(lanes & 1); }
  friend CAUSEWAY_INLINE Mask operator|(Mask a, Mask b) { return {a.lanes | b.lanes}; }
  friend CAUSEWAY_INLINE Mask operator&(Mask a, Mask b) { return {a.lanes & b.lanes}; }
  friend CAUSEWAY_INLINE Mask operator~(Mask a) { return {~a.lanes}; }
};

/** What may be multiplied. */
struct Factor {
  std::uint64_t at[5];
};

/** Products and their sums have limbs as elements have. */
struct Columns {
  std::uint64_t at[5];
};
struct Product : Columns {};
struct Sum : Columns {};

constexpr std::uint64_t low51 = (std::uint64_t{1} << 51) - 1;

/** Limb i of p. */
constexpr std::uint64_t prime(int i) { return i == 0 ? low51 - 18 : low51; }

struct Fe : Factor {
  using Mask = causeway::Mask;
  using Factor = causeway::Factor;
  /** The form in tables. */
  using Stored = Fe;
  static constexpr std::size_t lanes = 1;

  /** The element of limbs below 2^51. */
  static CAUSEWAY_INLINE Fe of(const std::uint64_t (&limbs)[5]) {
    Fe out;
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = limbs[i];
    return out;
  }
  /**
   * Reads an encoding of 32 bytes, little-endian.
   * @param is_canonical whether it is below p, with bit 255 clear.
   */
  static Fe decoded(const std::uint8_t* row, Mask* is_canonical);
};

/**
 * A chain of carries; over the top, 2^255 = 19. Column 4 has no product that was folded, so 2^61 at most goes there,
 * and what comes of 19 times that over bit 51 is below 2^14.3.
 */
CAUSEWAY_INLINE Product carried(const Wide (&column)[5]) {
  Product out;
  Wide carry = 0;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    const Wide sum = column[i] + carry;
    out.at[i] = static_cast<std::uint64_t>(sum) & low51;
    carry = sum >> 51;
  }
  const Wide over = Wide{static_cast<std::uint64_t>(carry)} * 19 + out.at[0];
  out.at[0] = static_cast<std::uint64_t>(over) & low51;
  out.at[1] += static_cast<std::uint64_t>(over >> 51);
  return out;
}

CAUSEWAY_INLINE Fe reduced(const Columns& columns) {
  Fe out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = columns.at[i];
  return out;
}

CAUSEWAY_INLINE const Fe& stored(const Fe& a) { return a; }
CAUSEWAY_INLINE const Fe& loaded(const Fe& a) { return a; }

CAUSEWAY_INLINE Product operator*(const Factor& a, const Factor& b) {
  Wide column[5];
  CAUSEWAY_UNROLL for (int k = 0; k < 5; k++) {
    column[k] = Wide{a.at[0]} * b.at[k];
    CAUSEWAY_UNROLL for (int i = 1; i < 5; i++) {
      column[k] += Wide{a.at[i]} * (i > k ? 19 * b.at[k - i + 5] : b.at[k - i]);
    }
  }
  return carried(column);
}

/** a·a: each product of two different limbs is computed once, with one of them doubled before. */
CAUSEWAY_INLINE Product square(const Factor& a) {
  Wide column[5];
  CAUSEWAY_UNROLL for (int k = 0; k < 5; k++) {
    column[k] = 0;
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
      const int j = (k - i + 5) % 5;
      if (j < i) continue;
      column[k] += Wide{i == j ? a.at[i] : 2 * a.at[i]} * (i + j >= 5 ? 19 * a.at[j] : a.at[j]);
    }
  }
  return carried(column);
}

CAUSEWAY_INLINE Fe times(const Factor& a, const Factor& b) { return reduced(a * b); }
CAUSEWAY_INLINE Fe squared(const Factor& a) { return reduced(square(a)); }

CAUSEWAY_INLINE Sum operator+(const Columns& a, const Columns& b) {
  Sum out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = a.at[i] + b.at[i];
  return out;
}

/** With 2p added: its limbs, 2^52 − 38 and 2^52 − 2, are larger than those of any product. */
CAUSEWAY_INLINE Sum operator-(const Columns& a, const Product& b) {
  Sum out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = a.at[i] + 2 * prime(i) - b.at[i];
  return out;
}

CAUSEWAY_INLINE Factor operator+(const Fe& a, const Fe& b) {
  Factor out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = a.at[i] + b.at[i];
  return out;
}

/** One pass of carries, all limbs at once: limbs below 2^55 give limbs below 2^51 + 2^9. */
CAUSEWAY_INLINE Fe reduced(const Factor& a) {
  Fe out;
  out.at[0] = (a.at[0] & low51) + 19 * (a.at[4] >> 51);
  CAUSEWAY_UNROLL for (int i = 1; i < 5; i++) out.at[i] = (a.at[i] & low51) + (a.at[i - 1] >> 51);
  return out;
}

/** With 8p added: its limbs, of 2^54, are larger than those of an element. */
CAUSEWAY_INLINE Fe operator-(const Fe& a, const Fe& b) {
  Factor difference;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) difference.at[i] = a.at[i] + 8 * prime(i) - b.at[i];
  return reduced(difference);
}

/** `a` where the mask holds, `b` elsewhere: elements or columns. */
template <class T>
CAUSEWAY_INLINE T select(Mask mask, const T& a, const T& b) {
  T out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = b.at[i] ^ ((a.at[i] ^ b.at[i]) & mask.lanes);
  return out;
}

/**
 * The one representation below p. After a pass of carries an element is below 2p, so p is taken off at most once: when
 * adding 19 carries over bit 255, which the chain of shifts finds before any limb is carried.
 */
CAUSEWAY_INLINE Fe canonical(const Fe& element) {
  const Fe a = reduced(static_cast<const Factor&>(element));
  std::uint64_t over = 19;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) over = (a.at[i] + over) >> 51;
  std::uint64_t carry = 19 * over;
  Fe out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    const std::uint64_t limb = a.at[i] + carry;
    out.at[i] = limb & low51;
    carry = limb >> 51;
  }
  return out;
}

CAUSEWAY_INLINE Mask is_zero_word(std::uint64_t a) { return Mask::all(((a | (0 - a)) >> 63) - 1); }

CAUSEWAY_INLINE Mask is_zero(const Fe& a) {
  const Fe c = canonical(a);
  return is_zero_word(c.at[0] | c.at[1] | c.at[2] | c.at[3] | c.at[4]);
}

/** RFC 9496 §3.1: the least significant bit of the canonical encoding. */
CAUSEWAY_INLINE Mask is_negative(const Fe& a) { return Mask::all(0 - (canonical(a).at[0] & 1)); }

CAUSEWAY_INLINE Fe Fe::decoded(const std::uint8_t* row, Mask* is_canonical) {
  std::uint64_t word[4] = {0, 0, 0, 0};
  for (int i = 0; i < 32; i++) word[i / 8] |= std::uint64_t{row[i]} << (8 * (i % 8));
  Fe out;
  out.at[0] = word[0] & low51;
  out.at[1] = (word[0] >> 51 | word[1] << 13) & low51;
  out.at[2] = (word[1] >> 38 | word[2] << 26) & low51;
  out.at[3] = (word[2] >> 25 | word[3] << 39) & low51;
  out.at[4] = word[3] >> 12 & low51;
  const Fe c = canonical(out);
  std::uint64_t difference = word[3] >> 63;
  for (int i = 0; i < 5; i++) difference |= c.at[i] ^ out.at[i];
  *is_canonical = is_zero_word(difference);
  return out;
}

/** Writes the canonical encoding. */
CAUSEWAY_INLINE void encode(const Fe& a, std::uint8_t* row) {
  const Fe c = canonical(a);
  const std::uint64_t word[4] = {c.at[0] | c.at[1] << 51, c.at[1] >> 13 | c.at[2] << 38, c.at[2] >> 26 | c.at[3] << 25,
                                 c.at[3] >> 39 | c.at[4] << 12};
  for (int i = 0; i < 32; i++) row[i] = static_cast<std::uint8_t>(word[i / 8] >> (8 * (i % 8)));
}

}  // namespace
}  // namespace causeway
