/**
 * Eight elements of GF(p), p = 2^255 − 19, in the lanes of AVX-512 registers: radix 2^51, products by VPMADD52. An
 * element is the sum of limb i times 2^(51i). Everything is in an anonymous namespace: this code must not stand in for
 * that of another class.
 *
 * Bounds, for each limb of each lane, whatever the input (test/field-bounds.h states them again and tries the
 * extremes): Fe       an element, and the only factor: limb < 2^51 + 2^17, of the 52 bits that VPMADD52 reads Product
 * of two:   column ≤ 267·2^52 < 2^60.1: the largest, column 0, is 1 low half, and 19 times 4 low and twice 5 high ones
 *   Sum      of at most three products, less at most one more: column < 3·2^60.1 + 2^61 < 2^62.4
 */
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"

namespace causeway {
namespace {

/** Lanes for which a condition holds. */
struct Mask {
  __mmask8 lanes;

  /** All lanes, or none: from all ones, or 0. */
  static CAUSEWAY_INLINE Mask all(std::uint64_t ones) { return {static_cast<__mmask8>(ones)}; }
  /** From bit i for lane i. */
  static CAUSEWAY_INLINE Mask of_bits(std::uint32_t bits) { return {static_cast<__mmask8>(bits)}; }
  /** Bit i is lane i. */
  CAUSEWAY_INLINE std::uint32_t bits() const { return lanes; }
  friend CAUSEWAY_INLINE Mask operator|(Mask a, Mask b) { return {static_cast<__mmask8>(a.lanes | b.lanes)}; }
  friend CAUSEWAY_INLINE Mask operator&(Mask a, Mask b) { return {static_cast<__mmask8>(a.lanes & b.lanes)}; }
  friend CAUSEWAY_INLINE Mask operator~(Mask a) { return {static_cast<__mmask8>(~a.lanes)}; }
};

/** Columns of 2^(51i), before their carries. */
struct Columns {
  __m512i at[5];
};
struct Product : Columns {};
struct Sum : Columns {};

CAUSEWAY_INLINE __m512i each(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }

constexpr std::uint64_t low51 = (std::uint64_t{1} << 51) - 1;

/** Limb i of p. */
constexpr std::uint64_t prime(int i) { return i == 0 ? low51 - 18 : low51; }

struct Fe {
  using Mask = causeway::Mask;
  /** What may be multiplied. Sums of two elements can exceed 52 bits: here they are carried, and elements again. */
  using Factor = Fe;
  /** The form in tables. */
  using Stored = Fe;
  static constexpr std::size_t lanes = 8;

  __m512i at[5];

  /** The same element in all lanes, from limbs below 2^51. */
  static CAUSEWAY_INLINE Fe of(const std::uint64_t (&limbs)[5]) {
    Fe out;
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = each(limbs[i]);
    return out;
  }
  /**
   * Reads `lanes` encodings of 32 bytes, row after row, little-endian.
   * @param is_canonical lanes whose encoding is below p, with bit 255 clear.
   */
  static Fe decoded(const std::uint8_t* rows, Mask* is_canonical);
};

/** One pass of carries, all limbs at once (2^255 = 19). What is over bit 51 is below 2^12, and 19 times that below
 * 2^17. */
CAUSEWAY_INLINE Fe carried(const __m512i (&wide)[5]) {
  __m512i low[5], carry[5];
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    low[i] = _mm512_and_si512(wide[i], each(low51));
    carry[i] = _mm512_srli_epi64(wide[i], 51);
  }
  Fe out;
  out.at[0] = _mm512_madd52lo_epu64(low[0], carry[4], each(19));
  CAUSEWAY_UNROLL for (int i = 1; i < 5; i++) out.at[i] = _mm512_add_epi64(low[i], carry[i - 1]);
  return out;
}

CAUSEWAY_INLINE Fe reduced(const Columns& columns) { return carried(columns.at); }
CAUSEWAY_INLINE const Fe& reduced(const Fe& a) { return a; }
CAUSEWAY_INLINE const Fe& stored(const Fe& a) { return a; }
CAUSEWAY_INLINE const Fe& loaded(const Fe& a) { return a; }

/** Column i + 5 has 2^255 = 19 times the weight of column i. */
CAUSEWAY_INLINE Product folded(const __m512i (&column)[10]) {
  __m512i nineteen = each(19);
#if !defined(__clang__)
  // GCC would make shifts and additions of VPMULLQ, and the whole a tenth slower.
  __asm__("" : "+v"(nineteen));
#endif
  Product out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    out.at[i] = _mm512_add_epi64(column[i], _mm512_mullo_epi64(column[i + 5], nineteen));
  }
  return out;
}

/**
 * A product of limbs i and j is its low 52 bits in column i + j, and the rest, which weighs 2^52 = 2·2^51, twice in the
 * next. The high halves come first, so that they are doubled together.
 */
CAUSEWAY_INLINE Product operator*(const Fe& a, const Fe& b) {
  __m512i column[10];
  column[0] = _mm512_setzero_si512();
  CAUSEWAY_UNROLL for (int k = 0; k < 9; k++) {
    __m512i high = _mm512_setzero_si512();
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
      if (k - i >= 0 && k - i < 5) high = _mm512_madd52hi_epu64(high, a.at[i], b.at[k - i]);
    }
    column[k + 1] = _mm512_add_epi64(high, high);
  }
  CAUSEWAY_UNROLL for (int k = 0; k < 9; k++) {
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
      if (k - i >= 0 && k - i < 5) column[k] = _mm512_madd52lo_epu64(column[k], a.at[i], b.at[k - i]);
    }
  }
  return folded(column);
}

/** a·a: each product of two different limbs is computed once, and its column doubled before the squares of limbs join
 * it. */
CAUSEWAY_INLINE Product square(const Fe& a) {
  __m512i column[10];
  column[0] = column[1] = column[9] = _mm512_setzero_si512();
  CAUSEWAY_UNROLL for (int k = 1; k < 8; k++) {
    __m512i high = _mm512_setzero_si512();
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
      if (k - i > i && k - i < 5) high = _mm512_madd52hi_epu64(high, a.at[i], a.at[k - i]);
    }
    column[k + 1] = _mm512_add_epi64(high, high);
  }
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    column[2 * i + 1] = _mm512_madd52hi_epu64(column[2 * i + 1], a.at[i], a.at[i]);
  }
  CAUSEWAY_UNROLL for (int k = 1; k < 8; k++) {
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
      if (k - i > i && k - i < 5) column[k] = _mm512_madd52lo_epu64(column[k], a.at[i], a.at[k - i]);
    }
  }
  CAUSEWAY_UNROLL for (int k = 1; k < 10; k++) column[k] = _mm512_add_epi64(column[k], column[k]);
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) column[2 * i] = _mm512_madd52lo_epu64(column[2 * i], a.at[i], a.at[i]);
  return folded(column);
}

CAUSEWAY_INLINE Fe times(const Fe& a, const Fe& b) { return reduced(a * b); }
CAUSEWAY_INLINE Fe squared(const Fe& a) { return reduced(square(a)); }

CAUSEWAY_INLINE Sum operator+(const Columns& a, const Columns& b) {
  Sum out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = _mm512_add_epi64(a.at[i], b.at[i]);
  return out;
}

/** With 1024·p added: its columns are larger than those of any product. */
CAUSEWAY_INLINE Sum operator-(const Columns& a, const Product& b) {
  Sum out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    out.at[i] = _mm512_sub_epi64(_mm512_add_epi64(a.at[i], each(1024 * prime(i))), b.at[i]);
  }
  return out;
}

CAUSEWAY_INLINE Fe operator+(const Fe& a, const Fe& b) {
  __m512i sum[5];
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) sum[i] = _mm512_add_epi64(a.at[i], b.at[i]);
  return carried(sum);
}

/** With 2p added: its limbs, 2^52 − 38 and 2^52 − 2, are larger than those of an element. */
CAUSEWAY_INLINE Fe operator-(const Fe& a, const Fe& b) {
  __m512i difference[5];
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    difference[i] = _mm512_sub_epi64(_mm512_add_epi64(a.at[i], each(2 * prime(i))), b.at[i]);
  }
  return carried(difference);
}

/** `a` in the lanes of the mask, `b` in the others: elements or columns. */
template <class T>
CAUSEWAY_INLINE T select(Mask mask, const T& a, const T& b) {
  T out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = _mm512_mask_blend_epi64(mask.lanes, b.at[i], a.at[i]);
  return out;
}

/**
 * The one representation below p. An element is below 2p, so p is taken off at most once: when adding 19 carries over
 * bit 255, which the chain of shifts finds before any limb is carried.
 */
CAUSEWAY_INLINE Fe canonical(const Fe& a) {
  __m512i over = each(19);
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) over = _mm512_srli_epi64(_mm512_add_epi64(a.at[i], over), 51);
  __m512i carry = _mm512_madd52lo_epu64(_mm512_setzero_si512(), over, each(19));
  Fe out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    const __m512i limb = _mm512_add_epi64(a.at[i], carry);
    out.at[i] = _mm512_and_si512(limb, each(low51));
    carry = _mm512_srli_epi64(limb, 51);
  }
  return out;
}

CAUSEWAY_INLINE Mask is_zero(const Fe& a) {
  const Fe c = canonical(a);
  __m512i any = c.at[0];
  CAUSEWAY_UNROLL for (int i = 1; i < 5; i++) any = _mm512_or_si512(any, c.at[i]);
  return {_mm512_testn_epi64_mask(any, any)};
}

/** RFC 9496 §3.1: the least significant bit of the canonical encoding. */
CAUSEWAY_INLINE Mask is_negative(const Fe& a) { return {_mm512_test_epi64_mask(canonical(a).at[0], each(1))}; }

/** Where row i of eight rows of 32 bytes begins, in words of 64 bits. */
CAUSEWAY_INLINE __m512i row_starts() { return _mm512_set_epi64(28, 24, 20, 16, 12, 8, 4, 0); }

CAUSEWAY_INLINE Fe Fe::decoded(const std::uint8_t* rows, Mask* is_canonical) {
  __m512i word[4];
  CAUSEWAY_UNROLL for (int i = 0; i < 4; i++) word[i] = _mm512_i64gather_epi64(row_starts(), rows + 8 * i, 8);
  Fe out;
  out.at[0] = word[0];
  out.at[1] = _mm512_shrdi_epi64(word[0], word[1], 51);
  out.at[2] = _mm512_shrdi_epi64(word[1], word[2], 38);
  out.at[3] = _mm512_shrdi_epi64(word[2], word[3], 25);
  out.at[4] = _mm512_srli_epi64(word[3], 12);
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) out.at[i] = _mm512_and_si512(out.at[i], each(low51));
  const Fe c = canonical(out);
  __m512i difference = _mm512_srli_epi64(word[3], 63);
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    difference = _mm512_or_si512(difference, _mm512_xor_si512(c.at[i], out.at[i]));
  }
  *is_canonical = {_mm512_testn_epi64_mask(difference, difference)};
  return out;
}

/** Writes the canonical encodings of all lanes, row after row. */
CAUSEWAY_INLINE void encode(const Fe& a, std::uint8_t* rows) {
  const Fe c = canonical(a);
  const __m512i word[4] = {
      _mm512_or_si512(c.at[0], _mm512_slli_epi64(c.at[1], 51)),
      _mm512_or_si512(_mm512_srli_epi64(c.at[1], 13), _mm512_slli_epi64(c.at[2], 38)),
      _mm512_or_si512(_mm512_srli_epi64(c.at[2], 26), _mm512_slli_epi64(c.at[3], 25)),
      _mm512_or_si512(_mm512_srli_epi64(c.at[3], 39), _mm512_slli_epi64(c.at[4], 12)),
  };
  CAUSEWAY_UNROLL for (int i = 0; i < 4; i++) _mm512_i64scatter_epi64(rows + 8 * i, row_starts(), word[i], 8);
}

}  // namespace
}  // namespace causeway
