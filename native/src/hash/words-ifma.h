/**
 * Words of sixteen messages for SHA-256, or of eight for SHA-512, in AVX-512 registers. In an anonymous namespace: this
 * code must not stand in for that of another class.
 */
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#include "cpu/inline.h"

namespace causeway {
namespace {

struct Words32 {
  static constexpr std::size_t bytes = 4;
  static constexpr std::size_t lanes = 16;

  __m512i value;

  static CAUSEWAY_INLINE Words32 of(std::uint32_t value) { return {_mm512_set1_epi32(static_cast<int>(value))}; }
  /** Of each lane the word at `data`, big-endian; lanes are `stride` bytes apart. */
  static CAUSEWAY_INLINE Words32 load(const std::uint8_t* data, std::size_t stride) {
    const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i offset = _mm512_mullo_epi32(lane, _mm512_set1_epi32(static_cast<int>(stride)));
    const __m512i little = _mm512_i32gather_epi32(offset, data, 1);
    const __m512i reversed = _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203);
    return {_mm512_shuffle_epi8(little, reversed)};
  }
  /** Into one word for each lane. */
  CAUSEWAY_INLINE void store(std::uint32_t* lane) const { _mm512_storeu_si512(lane, value); }
  template <int count>
  CAUSEWAY_INLINE Words32 rotated() const {
    return {_mm512_ror_epi32(value, count)};
  }
  template <int count>
  CAUSEWAY_INLINE Words32 shifted() const {
    return {_mm512_srli_epi32(value, count)};
  }
  friend CAUSEWAY_INLINE Words32 operator+(Words32 a, Words32 b) { return {_mm512_add_epi32(a.value, b.value)}; }
};

struct Words64 {
  static constexpr std::size_t bytes = 8;
  static constexpr std::size_t lanes = 8;

  __m512i value;

  static CAUSEWAY_INLINE Words64 of(std::uint64_t value) { return {_mm512_set1_epi64(static_cast<long long>(value))}; }
  static CAUSEWAY_INLINE Words64 load(const std::uint8_t* data, std::size_t stride) {
    const __m512i lane = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i offset = _mm512_mullo_epi64(lane, _mm512_set1_epi64(static_cast<long long>(stride)));
    const __m512i little = _mm512_i64gather_epi64(offset, data, 1);
    const __m512i reversed = _mm512_set4_epi32(0x08090a0b, 0x0c0d0e0f, 0x00010203, 0x04050607);
    return {_mm512_shuffle_epi8(little, reversed)};
  }
  CAUSEWAY_INLINE void store(std::uint64_t* lane) const { _mm512_storeu_si512(lane, value); }
  template <int count>
  CAUSEWAY_INLINE Words64 rotated() const {
    return {_mm512_ror_epi64(value, count)};
  }
  template <int count>
  CAUSEWAY_INLINE Words64 shifted() const {
    return {_mm512_srli_epi64(value, count)};
  }
  friend CAUSEWAY_INLINE Words64 operator+(Words64 a, Words64 b) { return {_mm512_add_epi64(a.value, b.value)}; }
};

/** The truth tables are a ^ b ^ c, a ? b : c, and the majority of the three. */
template <class Word>
CAUSEWAY_INLINE Word xor3(Word a, Word b, Word c) {
  return {_mm512_ternarylogic_epi64(a.value, b.value, c.value, 0x96)};
}
template <class Word>
CAUSEWAY_INLINE Word choice(Word a, Word b, Word c) {
  return {_mm512_ternarylogic_epi64(a.value, b.value, c.value, 0xca)};
}
template <class Word>
CAUSEWAY_INLINE Word majority(Word a, Word b, Word c) {
  return {_mm512_ternarylogic_epi64(a.value, b.value, c.value, 0xe8)};
}

}  // namespace
}  // namespace causeway
