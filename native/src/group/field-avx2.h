/**
 * Four elements of GF(p), p = 2^255 − 19, in the lanes of AVX2 registers: ten limbs, limb i weighing 2^⌈25.5·i⌉, each
 * in the low half of a lane of 64 bits, since VPMULUDQ multiplies 32 bits by 32. Everything is in an anonymous
 * namespace: this code must not stand in for that of another class.
 *
 * Bounds, for each limb of each lane, whatever the input (test/field-bounds.h states them again and tries the
 * extremes): Fe       an element:  even limb < 2^26 + 2^18, odd limb < 2^25 + 2^18 Factor   twice that, in the low half
 * of its lane, whose high half means nothing. 19 times the sum of an even and an odd one is below 2^32: 19·2·(2^26 +
 * 2^25 + 2^19) Product  of two:      even column ≤ 4·125·2^52 < 2^61 (1 product of even limbs, 19 times 4 such and 38
 * times 5 of odd ones), odd < 2^60.3 Sum      of at most three products, less at most one more: column < 3·2^61 + 2^62
 * < 2^63.4
 */
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"

namespace causeway {
namespace {

/** Lanes for which a condition holds: all ones in their 64 bits. */
struct Mask {
  __m256i lanes;

  /** All lanes, or none: from all ones, or 0. */
  static CAUSEWAY_INLINE Mask all(std::uint64_t ones) { return {_mm256_set1_epi64x(static_cast<long long>(ones))}; }
  /** From bit i for lane i. */
  static CAUSEWAY_INLINE Mask of_bits(std::uint32_t bits) {
    const __m256i lane_bit = _mm256_set_epi64x(8, 4, 2, 1);
    return {_mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(bits), lane_bit), lane_bit)};
  }
  /** Bit i is lane i. */
  CAUSEWAY_INLINE std::uint32_t bits() const {
    return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(lanes)));
  }
  friend CAUSEWAY_INLINE Mask operator|(Mask a, Mask b) { return {_mm256_or_si256(a.lanes, b.lanes)}; }
  friend CAUSEWAY_INLINE Mask operator&(Mask a, Mask b) { return {_mm256_and_si256(a.lanes, b.lanes)}; }
  friend CAUSEWAY_INLINE Mask operator~(Mask a) { return {_mm256_xor_si256(a.lanes, _mm256_set1_epi64x(-1))}; }
};

/** n registers in memory, copied one by one: memcpy moves them in other widths than they are read in then, which
 * stalls. */
template <int n>
struct Registers {
  static constexpr int count = n;
  __m256i at[n];

  Registers() = default;
  CAUSEWAY_INLINE Registers(const Registers& other) { *this = other; }
  CAUSEWAY_INLINE Registers& operator=(const Registers& other) {
    CAUSEWAY_UNROLL for (int i = 0; i < n; i++) at[i] = other.at[i];
    return *this;
  }
};

/** What may be multiplied. */
struct Factor : Registers<10> {};

/** Columns of 2^⌈25.5·i⌉, before their carries. */
struct Columns : Registers<10> {};
struct Product : Columns {};
struct Sum : Columns {};

/** The form in tables: two limbs in a lane, an odd one above an even one. */
struct Stored : Registers<5> {};

CAUSEWAY_INLINE __m256i each(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }

/** Bits of limb i. */
constexpr int width(int i) { return i % 2 == 0 ? 26 : 25; }
/** Ones in these. */
constexpr std::uint64_t ones(int i) { return (std::uint64_t{1} << width(i)) - 1; }
/** Limb i of p. */
constexpr std::uint64_t prime(int i) { return i == 0 ? ones(0) - 18 : ones(i); }

struct Fe : Factor {
  using Mask = causeway::Mask;
  using Factor = causeway::Factor;
  using Stored = causeway::Stored;
  static constexpr std::size_t lanes = 4;

  /** The same element in all lanes, from limbs below 2^51. */
  static CAUSEWAY_INLINE Fe of(const std::uint64_t (&limbs)[5]) {
    Fe out;
    CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
      out.at[2 * i] = each(limbs[i] & ones(0));
      out.at[2 * i + 1] = each(limbs[i] >> 26);
    }
    return out;
  }
  /**
   * Reads `lanes` encodings of 32 bytes, row after row, little-endian.
   * @param is_canonical lanes whose encoding is below p, with bit 255 clear.
   */
  static Fe decoded(const std::uint8_t* rows, Mask* is_canonical);
};

/** 19 times a value of any size. */
CAUSEWAY_INLINE __m256i times19(__m256i a) {
  return _mm256_add_epi64(_mm256_add_epi64(a, _mm256_slli_epi64(a, 1)), _mm256_slli_epi64(a, 4));
}

/** Carries from one limb into the next; over the top, 2^255 = 19. */
CAUSEWAY_INLINE void carry(__m256i (&limb)[10], int from) {
  const __m256i over = _mm256_srli_epi64(limb[from], width(from));
  limb[from] = _mm256_and_si256(limb[from], each(ones(from)));
  const int to = (from + 1) % 10;
  limb[to] = _mm256_add_epi64(limb[to], to == 0 ? times19(over) : over);
}

/**
 * Two chains of carries side by side, from limb 0 and from limb 4; then over the top, and once more into limb 1. Before
 * that limb 0 is below 2^26 + 19·2^(63.4 − 25), so what goes into limb 1 is below 2^17.
 */
CAUSEWAY_INLINE Fe carried(const __m256i (&wide)[10]) {
  __m256i limb[10];
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) limb[i] = wide[i];
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    carry(limb, i);
    carry(limb, i + 4);
  }
  carry(limb, 9);
  carry(limb, 0);
  Fe out;
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) out.at[i] = limb[i];
  return out;
}

CAUSEWAY_INLINE Fe reduced(const Columns& columns) { return carried(columns.at); }

CAUSEWAY_INLINE Stored stored(const Fe& a) {
  Stored out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    out.at[i] = _mm256_or_si256(a.at[2 * i], _mm256_slli_epi64(a.at[2 * i + 1], 32));
  }
  return out;
}

CAUSEWAY_INLINE Factor loaded(const Stored& a) {
  Factor out;
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    out.at[2 * i] = a.at[i];
    out.at[2 * i + 1] = _mm256_srli_epi64(a.at[i], 32);
  }
  return out;
}

/** Products of limbs of 2^(51i), of which there are five: column i + 5 has 19 times the weight of column i. */
CAUSEWAY_INLINE void convolve(const __m256i (&a)[5], const __m256i (&b)[5], __m256i (&out)[5]) {
  __m256i b19[5];
  CAUSEWAY_UNROLL for (int j = 1; j < 5; j++) b19[j] = _mm256_mul_epu32(b[j], each(19));
  CAUSEWAY_UNROLL for (int k = 0; k < 5; k++) {
    out[k] = _mm256_mul_epu32(a[0], b[k]);
    CAUSEWAY_UNROLL for (int i = 1; i < 5; i++) {
      out[k] = _mm256_add_epi64(out[k], _mm256_mul_epu32(a[i], i > k ? b19[k - i + 5] : b[k - i]));
    }
  }
}

/**
 * Karatsuba's way: an element is E + 2^26·O, of its even and its odd limbs, so a product is Eₐ·E_b + 2·2^51·Oₐ·O_b, and
 * 2^26 times (Eₐ + Oₐ)(E_b + O_b) − Eₐ·E_b − Oₐ·O_b: 75 products of limbs, and not 100.
 */
CAUSEWAY_INLINE void multiply_columns(const Factor& a, const Factor& b, __m256i (&column)[10]) {
  __m256i x[5], y[5], even[5], odd[5], both[5];
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    x[i] = a.at[2 * i];
    y[i] = b.at[2 * i];
  }
  convolve(x, y, even);
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    x[i] = a.at[2 * i + 1];
    y[i] = b.at[2 * i + 1];
  }
  convolve(x, y, odd);
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    x[i] = _mm256_add_epi64(x[i], a.at[2 * i]);
    y[i] = _mm256_add_epi64(y[i], b.at[2 * i]);
  }
  convolve(x, y, both);
  CAUSEWAY_UNROLL for (int i = 0; i < 5; i++) {
    const __m256i shifted = i == 0 ? times19(odd[4]) : odd[i - 1];
    column[2 * i] = _mm256_add_epi64(even[i], _mm256_add_epi64(shifted, shifted));
    column[2 * i + 1] = _mm256_sub_epi64(_mm256_sub_epi64(both[i], even[i]), odd[i]);
  }
}

/**
 * a·a: each product of two different limbs is computed once, with one of them doubled before. Limbs i and j give to
 * column i + j, or 19 times to column i + j − 10; and twice when both are odd, as the weights of odd limbs are rounded
 * up.
 */
CAUSEWAY_INLINE void square_columns(const Factor& a, __m256i (&column)[10]) {
  __m256i a2[10], a19[10];
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) a2[i] = _mm256_add_epi64(a.at[i], a.at[i]);
  CAUSEWAY_UNROLL for (int i = 5; i < 10; i++) a19[i] = _mm256_mul_epu32(a.at[i], each(19));
  CAUSEWAY_UNROLL for (int k = 0; k < 10; k++) {
    column[k] = _mm256_setzero_si256();
    CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) {
      const int j = (k - i + 10) % 10;
      if (j < i) continue;
      const bool both_odd = i % 2 == 1 && j % 2 == 1;
      const __m256i left = i != j || both_odd ? a2[i] : a.at[i];
      __m256i right = i + j >= 10 ? a19[j] : a.at[j];
      if (i != j && both_odd) right = _mm256_add_epi64(right, right);
      column[k] = _mm256_add_epi64(column[k], _mm256_mul_epu32(left, right));
    }
  }
}

// Calls, because one digit of a multiplication with all of them inline is more code than the processor's first cache
// holds.
__attribute__((noinline)) void multiply_into(const Factor& a, const Factor& b, Columns* out) {
  multiply_columns(a, b, out->at);
}
__attribute__((noinline)) void square_into(const Factor& a, Columns* out) { square_columns(a, out->at); }
__attribute__((noinline)) void times_into(const Factor& a, const Factor& b, Fe* out) {
  __m256i column[10];
  multiply_columns(a, b, column);
  *out = carried(column);
}
__attribute__((noinline)) void squared_into(const Factor& a, Fe* out) {
  __m256i column[10];
  square_columns(a, column);
  *out = carried(column);
}

CAUSEWAY_INLINE Product operator*(const Factor& a, const Factor& b) {
  Product out;
  multiply_into(a, b, &out);
  return out;
}
CAUSEWAY_INLINE Product square(const Factor& a) {
  Product out;
  square_into(a, &out);
  return out;
}
CAUSEWAY_INLINE Fe times(const Factor& a, const Factor& b) {
  Fe out;
  times_into(a, b, &out);
  return out;
}
CAUSEWAY_INLINE Fe squared(const Factor& a) {
  Fe out;
  squared_into(a, &out);
  return out;
}

CAUSEWAY_INLINE Sum operator+(const Columns& a, const Columns& b) {
  Sum out;
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) out.at[i] = _mm256_add_epi64(a.at[i], b.at[i]);
  return out;
}

/** With 2^36·p added: its columns, 2^62 and 2^61, are larger than those of any product. */
CAUSEWAY_INLINE Sum operator-(const Columns& a, const Product& b) {
  Sum out;
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) {
    out.at[i] = _mm256_sub_epi64(_mm256_add_epi64(a.at[i], each(prime(i) << 36)), b.at[i]);
  }
  return out;
}

CAUSEWAY_INLINE Factor operator+(const Fe& a, const Fe& b) {
  Factor out;
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) out.at[i] = _mm256_add_epi64(a.at[i], b.at[i]);
  return out;
}

/** Of a sum, whose lanes hold nothing but the limb. */
CAUSEWAY_INLINE Fe reduced(const Factor& sum) { return carried(sum.at); }

/** With 2p added: its limbs are larger than those of an element. */
CAUSEWAY_INLINE Fe operator-(const Fe& a, const Fe& b) {
  __m256i difference[10];
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) {
    difference[i] = _mm256_sub_epi64(_mm256_add_epi64(a.at[i], each(2 * prime(i))), b.at[i]);
  }
  return carried(difference);
}

/** `a` in the lanes of the mask, `b` in the others: elements, columns or entries of a table. */
template <class T>
CAUSEWAY_INLINE T select(Mask mask, const T& a, const T& b) {
  T out;
  CAUSEWAY_UNROLL for (int i = 0; i < T::count; i++) out.at[i] = _mm256_blendv_epi8(b.at[i], a.at[i], mask.lanes);
  return out;
}

/**
 * The one representation below p. An element is below 2p, so p is taken off at most once: when adding 19 carries over
 * bit 255, which the chain of shifts finds before any limb is carried.
 */
CAUSEWAY_INLINE Fe canonical(const Fe& a) {
  __m256i over = each(19);
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) over = _mm256_srli_epi64(_mm256_add_epi64(a.at[i], over), width(i));
  __m256i into = times19(over);
  Fe out;
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) {
    const __m256i limb = _mm256_add_epi64(a.at[i], into);
    out.at[i] = _mm256_and_si256(limb, each(ones(i)));
    into = _mm256_srli_epi64(limb, width(i));
  }
  return out;
}

CAUSEWAY_INLINE Mask is_zero_lane(__m256i a) { return {_mm256_cmpeq_epi64(a, _mm256_setzero_si256())}; }

CAUSEWAY_INLINE Mask is_zero(const Fe& a) {
  const Fe c = canonical(a);
  __m256i any = c.at[0];
  CAUSEWAY_UNROLL for (int i = 1; i < 10; i++) any = _mm256_or_si256(any, c.at[i]);
  return is_zero_lane(any);
}

/** RFC 9496 §3.1: the least significant bit of the canonical encoding. */
CAUSEWAY_INLINE Mask is_negative(const Fe& a) { return ~is_zero_lane(_mm256_and_si256(canonical(a).at[0], each(1))); }

/** Four rows of four words to four registers of one word of each row; the same way back. */
CAUSEWAY_INLINE void transpose(const __m256i (&row)[4], __m256i (&word)[4]) {
  const __m256i low01 = _mm256_unpacklo_epi64(row[0], row[1]);
  const __m256i high01 = _mm256_unpackhi_epi64(row[0], row[1]);
  const __m256i low23 = _mm256_unpacklo_epi64(row[2], row[3]);
  const __m256i high23 = _mm256_unpackhi_epi64(row[2], row[3]);
  word[0] = _mm256_permute2x128_si256(low01, low23, 0x20);
  word[1] = _mm256_permute2x128_si256(high01, high23, 0x20);
  word[2] = _mm256_permute2x128_si256(low01, low23, 0x31);
  word[3] = _mm256_permute2x128_si256(high01, high23, 0x31);
}

/** The first bit of limb i. */
constexpr int first_bit(int i) { return (51 * i + 1) / 2; }

CAUSEWAY_INLINE Fe Fe::decoded(const std::uint8_t* rows, Mask* is_canonical) {
  __m256i row[4], word[4];
  CAUSEWAY_UNROLL for (int i = 0; i < 4; i++) {
    row[i] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rows + 32 * i));
  }
  transpose(row, word);
  Fe out;
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) {
    const int in = first_bit(i) / 64, shift = first_bit(i) % 64;
    __m256i limb = _mm256_srli_epi64(word[in], shift);
    if (shift + width(i) > 64) limb = _mm256_or_si256(limb, _mm256_slli_epi64(word[in + 1], 64 - shift));
    out.at[i] = _mm256_and_si256(limb, each(ones(i)));
  }
  const Fe c = canonical(out);
  __m256i difference = _mm256_srli_epi64(word[3], 63);
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) {
    difference = _mm256_or_si256(difference, _mm256_xor_si256(c.at[i], out.at[i]));
  }
  *is_canonical = is_zero_lane(difference);
  return out;
}

/** Writes the canonical encodings of all lanes, row after row. */
CAUSEWAY_INLINE void encode(const Fe& a, std::uint8_t* rows) {
  const Fe c = canonical(a);
  __m256i word[4] = {}, row[4];
  CAUSEWAY_UNROLL for (int i = 0; i < 10; i++) {
    const int in = first_bit(i) / 64, shift = first_bit(i) % 64;
    word[in] = _mm256_or_si256(word[in], _mm256_slli_epi64(c.at[i], shift));
    if (shift + width(i) > 64) word[in + 1] = _mm256_srli_epi64(c.at[i], 64 - shift);
  }
  transpose(word, row);
  CAUSEWAY_UNROLL for (int i = 0; i < 4; i++) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(rows + 32 * i), row[i]);
  }
}

}  // namespace
}  // namespace causeway
